// Names the documents of a Redis store that hold the same event, once it is known (by hashes) that
// there are some: the second walk of redis_document_doctor, which reads these only. Which of them
// counts, the lookup says. Thread rule: that of the client handed in.
#pragma once

#include <unordered_set>

#include "store/findings.h"
#include "store/redis_key_names.h"
#include "store/redis_key_walk.h"

namespace oddsloom {

// `documents`: hashes of their keys. A finding for each but the one that counts. Errors: the
// server's.
Result<void> name_doubles(const RedisHouse& house, RedisClient& client, const RedisKeyNames& names,
                          const std::vector<RedisPrimary>& primaries,
                          const std::unordered_set<std::uint64_t>& documents, Findings& findings);

}  // namespace oddsloom
