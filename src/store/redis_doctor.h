// Looks a Redis store over, for `oddsloom doctor`: the servers' settings (redis_server_doctor),
// search indexes, work streams, then every key of the store's names (redis_document_doctor). Reads
// only, in pipelines of a few hundred, beside whatever else goes on; what looks wrong is looked at
// a second time before it is told, since it may just be changing. One session; one thread.
#pragma once

#include "store/redis_house.h"

namespace oddsloom {

// Errors: those of RedisClient::connect and the server's: it could not be looked at.
Result<Examination> examine_redis(const RedisHouse& house, const ExaminationProgress& progress);

}  // namespace oddsloom
