// All keys of a Redis store's servers whose names fit a pattern, page by page with SCAN; in a
// cluster one primary after the other, each with its own cursor. Keys that are there from beginning
// to end come at least once, and may come twice; nothing is remembered. Used by redis_doctor. One
// session; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/redis_house.h"

namespace oddsloom {

struct RedisPrimary {
  std::string name;  // for messages: "127.0.0.1:6379"
  std::string
      route;  // a key that it serves, for RedisCommand::at_node_of; "" where there is only one
};

// One, or those of the cluster. Errors: the server's.
Result<std::vector<RedisPrimary>> find_primaries(const RedisHouse& house, RedisClient& client);

class RedisKeyWalk {
 public:
  // `pattern` as SCAN takes it.
  RedisKeyWalk(RedisClient& client, std::vector<RedisPrimary> primaries, std::string pattern)
      : client_(client), primaries_(std::move(primaries)), pattern_(std::move(pattern)) {}

  // Further names, maybe none; nothing = the end. Errors: the server's.
  Result<std::optional<std::vector<std::string>>> next();

 private:
  RedisClient& client_;
  const std::vector<RedisPrimary> primaries_;
  const std::string pattern_;
  std::size_t at_ = 0;  // of primaries_
  std::string cursor_ = "0";
};

}  // namespace oddsloom
