// The part of redis_doctor that looks at work streams: entries that somebody took and nobody will
// settle. Thread rule: that of the client handed in.
#pragma once

#include "store/findings.h"
#include "store/redis_house.h"

namespace oddsloom {

// Errors: the server's.
Result<void> examine_streams(const RedisHouse& house, RedisClient& client, Findings& findings,
                             const ExaminationProgress& progress);

}  // namespace oddsloom
