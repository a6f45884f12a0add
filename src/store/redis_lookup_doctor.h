// The part of redis_doctor that follows lookups to their documents. Thread rule: that of the client
// handed in.
#pragma once

#include <string>
#include <vector>

#include "store/findings.h"
#include "store/redis_key_names.h"

namespace oddsloom {

// `keys`: of lookups; a pipeline for some hundreds of them. Errors: the server's.
Result<void> examine_lookups(const RedisHouse& house, RedisClient& client,
                             const RedisKeyNames& names, const std::vector<std::string>& keys,
                             Findings& findings);

// A lookup whose document does not hold its record.
void note_astray(Findings& findings, const std::string& lookup, const std::string& document);

}  // namespace oddsloom
