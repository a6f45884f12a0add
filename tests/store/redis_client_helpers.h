// What the tests of RedisClient share: a client that must connect, and outcomes that must be good.
// One thread.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/redis_client.h"

namespace oddsloom::test {

// Longer than anything good takes on a busy machine; what fails at once does not wait for it.
inline constexpr Millis kPatience{60'000};

inline Result<std::unique_ptr<RedisClient>> try_connect(
    const std::string& url, const std::vector<const RedisScript*>& scripts = {},
    Millis deadline = kPatience) {
  const auto target = parse_redis_url(url);
  if (!target) return tl::unexpected(target.error());
  return RedisClient::connect(*target, scripts, deadline);
}

// Throws when it cannot, which fails the test.
inline std::unique_ptr<RedisClient> must_connect(
    const std::string& url, const std::vector<const RedisScript*>& scripts = {}) {
  auto client = try_connect(url, scripts);
  if (!client) throw std::runtime_error(client.error().text());
  return std::move(*client);
}

inline std::string text_of(const Result<Reply>& reply) {
  if (!reply) return "failed: " + reply.error().text();
  if (const auto number = reply->view().integer(); number && reply->text().empty())
    return std::to_string(*number);
  return std::string(reply->text());
}

inline std::string ask(RedisClient& client, const std::vector<std::string>& words) {
  RedisCommand command(words.at(0));
  for (std::size_t i = 1; i < words.size(); ++i)
    i == 1 ? command.key(words[i]) : command.add(words[i]);
  return text_of(client.ask(std::move(command), kPatience));
}

inline bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace oddsloom::test
