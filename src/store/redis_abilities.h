// What a Redis server can do, found out by asking rather than by its version, and whether what it
// holds fits. Used when a store is opened. Thread rule: that of the client handed in.
#pragma once

#include <string>

#include "store/redis_house.h"

namespace oddsloom {

struct RedisAbilities {
  bool json = false;    // JSON.SET, JSON.GET, JSON.MERGE, and they do what they should
  bool search = false;  // FT.CREATE, FT.SEARCH
};

// Writes a key for a moment to try what is there, unless told to believe it. Errors: Invalid (too
// old: no XAUTOCLAIM), the client's.
enum class Probe { Try, Believe };
Result<RedisAbilities> probe_abilities(RedisClient& client, const Naming& naming, Probe probe);

// Notes in the store which one it is (Reader::identity()) and how its keys are laid out, unless
// that is known, and compares with what was noted. Errors: Conflict, with both.
Result<void> agree_on_layout(RedisClient& client, const RedisHouse& house);

}  // namespace oddsloom
