// The part of redis_doctor that asks what the servers are set to: eviction, persistence, database,
// cluster, and the search indexes. What a server does not tell (an ACL, a managed service) becomes
// a warning where it matters. Thread rule: that of the client handed in.
#pragma once

#include "store/findings.h"
#include "store/redis_key_walk.h"

namespace oddsloom {

// Whether keys can be read at all: false, with a finding, for a cluster that is down.
Result<bool> examine_cluster(RedisClient& client, Findings& findings);
Result<void> examine_servers(const RedisHouse& house, RedisClient& client,
                             const std::vector<RedisPrimary>& primaries, Findings& findings);
Result<void> examine_indexes(const RedisHouse& house, RedisClient& client, Findings& findings);

}  // namespace oddsloom
