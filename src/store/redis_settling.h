// The commands that settle claimed entries: one script call per stream. Pure; any thread.
#pragma once

#include <vector>

#include "store/redis_house.h"

namespace oddsloom {

// Acknowledgements, delays and burials of a batch. Names of entries that no Redis stream could have
// given are left out.
std::vector<RedisCommand> settle_commands(const RedisHouse& house, const CommitBatch& batch);

}  // namespace oddsloom
