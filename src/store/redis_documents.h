// Match documents as a Redis store keeps them, hash or JSON value, read back. A branch that cannot
// be read (another program's, or damaged) is left out and told in the log. One session; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/redis_house.h"

namespace oddsloom {

class RedisDocuments {
 public:
  RedisDocuments(const RedisHouse& house, RedisClient& client) : house_(house), client_(client) {}

  // One per key, in order; nothing where there is no such document, or none of its branches is
  // ours. Errors: the server's.
  Result<std::vector<std::optional<MatchDocument>>> read(const std::vector<std::string>& keys);

 private:
  Result<void> add_sightings(std::vector<std::optional<MatchDocument>>& documents);

  const RedisHouse& house_;
  RedisClient& client_;
};

// The two forms, as their commands (HGETALL, JSON.GET key $) answer. Pure.
std::optional<MatchDocument> read_hash_document(const std::string& key, ReplyView reply);
std::optional<MatchDocument> read_json_document(const std::string& key, std::string_view json);

}  // namespace oddsloom
