// What a Redis store held at an earlier moment, from its change log: Reader::as_of. Each stream is
// walked from its end backwards, page by page, so that of a record only what came after that moment
// and the change that stood then are looked into; the rest is passed over by its name. Memory: a
// page, and what is given. The client's thread.
#pragma once

#include "store/redis_house.h"

namespace oddsloom {

// Not one snapshot: what is committed meanwhile with a time at or before `at` may be in it or not.
Result<std::vector<MatchDocument>> read_past(const RedisHouse& house, RedisClient& client,
                                             UtcMillis at);

}  // namespace oddsloom
