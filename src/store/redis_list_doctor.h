// The part of redis_doctor that goes through the sorted sets of a Redis store, {K}_documents and
// {K}_expiry: entries whose document is gone. Thread rule: that of the client handed in.
#pragma once

#include "store/findings.h"
#include "store/redis_key_names.h"

namespace oddsloom {

// Errors: the server's.
Result<void> examine_lists(const RedisHouse& house, RedisClient& client,
                           const std::vector<RedisMarket>& markets, Findings& findings,
                           const ExaminationProgress& progress);

}  // namespace oddsloom
