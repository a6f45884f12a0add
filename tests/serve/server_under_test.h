// A real server on a thread of its own, on a port of 127.0.0.1 that the kernel chose. Stopped and
// joined when it goes.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "serve/http_error.h"
#include "serve/http_server.h"
#include "serve/key_gate.h"

namespace oddsloom::test {

class ServerUnderTest {
 public:
  explicit ServerUnderTest(HttpHandler handler, HttpServerConfig config = {},
                           std::unique_ptr<KeyGate> gate = nullptr)
      : keys(std::move(gate)) {
    if (config.listen == HttpServerConfig().listen) config.listen = {"127.0.0.1:0"};
    auto started = HttpServer::start(std::move(config), std::move(handler), metrics, keys.get());
    if (!started) throw std::runtime_error(started.error().text());
    server = *std::move(started);
    thread_ = std::jthread([this](const std::stop_token& stop) { (void)server->run(stop); });
  }
  ~ServerUnderTest() { stop(); }
  ServerUnderTest(const ServerUnderTest&) = delete;
  ServerUnderTest& operator=(const ServerUnderTest&) = delete;

  void ask_to_stop() { thread_.request_stop(); }
  void stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }
  std::uint16_t port(std::size_t which = 0) const {
    const std::string url = server->urls().at(which);
    return static_cast<std::uint16_t>(std::strtoul(url.c_str() + url.rfind(':') + 1, nullptr, 10));
  }
  std::uint64_t rejected(Rejection why) const {
    return metrics.rejected[static_cast<std::size_t>(why)].value();
  }

  ServeMetrics metrics;
  std::unique_ptr<KeyGate> keys;
  std::unique_ptr<HttpServer> server;

 private:
  std::jthread thread_;  // last: it uses everything above
};

inline HttpAnswer text_answer(std::string text, std::string etag = "") {
  HttpAnswer out;
  out.response.body = std::make_shared<const std::string>(std::move(text));
  out.response.etag = std::move(etag);
  return out;
}

// Says what it was asked: path, parameters, key.
inline HttpAnswer echo(const WebRequest& request) {
  std::string text = request.path + "\n";
  for (const auto& [name, value] : request.query) text += name + "=" + value + "\n";
  if (!request.key_name.empty()) text += "key " + request.key_name + "\n";
  return text_answer(std::move(text));
}

inline HttpHandler echo_handler() {
  return [](const WebRequest& request, Transport, const std::function<void()>&) {
    return echo(request);
  };
}

}  // namespace oddsloom::test
