// When the records of a Redis store were last seen and last changed, read without the records. From
// the list of what expires when, page by page; hash documents are asked by a script, of JSON
// documents the lookup knows it. Part of RedisReader. One session; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/redis_house.h"

namespace oddsloom {

// Of one bet type and source, in no order; `bookmaker` "" = any, those observed after `since` or
// all. Errors: the server's.
Result<std::vector<Seen>> read_sightings(const RedisHouse& house, RedisClient& client,
                                         const BetType& type, Source source,
                                         const std::string& bookmaker,
                                         std::optional<UtcMillis> since);

// The record that a lookup key is for, as Naming::lookup made it; nothing where it is none of this
// market. Pure.
std::optional<RecordId> record_of_lookup(const Naming& naming, const BetType& type, Source source,
                                         std::string_view lookup);

}  // namespace oddsloom
