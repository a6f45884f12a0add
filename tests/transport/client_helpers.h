// Short words for the HttpClient tests: make a client, fetch, wait for answers with a deadline.
// One thread, the test's.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "transport/http_client.h"

namespace oddsloom {

inline constexpr std::chrono::seconds kDeadline{20};

inline std::unique_ptr<HttpClient> make_client(HttpClientConfig config = {},
                                               Clock clock = system_clock()) {
  auto client = HttpClient::create(std::move(config), std::move(clock));
  if (!client) throw std::runtime_error(client.error().text());
  return std::move(*client);
}

inline HttpRequest get(std::string url, std::uint64_t tag = 0) {
  HttpRequest request;
  request.tag = tag;
  request.url = std::move(url);
  return request;
}

// Polls until `count` transfers have ended; fewer (and a failure) when the deadline passes.
inline std::vector<HttpResponse> wait_for(HttpClient& client, std::size_t count) {
  std::vector<HttpResponse> all;
  const auto until = std::chrono::steady_clock::now() + kDeadline;
  while (all.size() < count && std::chrono::steady_clock::now() < until)
    for (HttpResponse& response : client.poll(Millis(200))) all.push_back(std::move(response));
  EXPECT_EQ(all.size(), count) << "transfers that did not end in time";
  return all;
}

inline HttpResponse fetch(HttpClient& client, HttpRequest request) {
  client.start(std::move(request));
  auto all = wait_for(client, 1);
  return all.empty() ? HttpResponse{} : std::move(all.front());
}

inline HttpResponse fetch(HttpClient& client, std::string url) {
  return fetch(client, get(std::move(url)));
}

inline void PrintTo(TransferEnd end, std::ostream* out) { *out << to_string(end); }

}  // namespace oddsloom
