// The Lua scripts of the Redis store: each does what must not be torn apart, on keys of one slot.
// Their texts, with what they take and answer, are the files of lua/. None decodes JSON (Lua's own
// decoder cuts numbers and turns [] into {}), none calls FT.*. Immutable; any thread.
#pragma once

#include <vector>

#include "store/redis_command.h"

namespace oddsloom {

// How documents are kept: as JSON values where the server has JSON.MERGE, else as hashes.
enum class RedisFlavour { Hash, Json };

struct RedisScripts {
  // Work streams. Keys per stream, in this order: entries, due times, failed tries, consumers' last
  // sightings, dead letters.
  static const RedisScript& append();
  static const RedisScript& claim();
  static const RedisScript& extend();
  static const RedisScript& settle();
  static const RedisScript& adopt();  // pending entries without a due time get one
  static const RedisScript& retry_dead();
  static const RedisScript& stream_statistics();
  static const RedisScript& forget_consumers();
  static const RedisScript& trim_stream();
  // Match book.
  static const RedisScript& commit(RedisFlavour flavour);
  static const RedisScript& remove(RedisFlavour flavour);
  // Link book. Keys: links, undone, revisions.
  static const RedisScript& put_links();
  static const RedisScript& change_link();
  // Reader.
  static const RedisScript& changes();
  static const RedisScript& seen();  // of documents that are hashes

  static std::vector<const RedisScript*> all(RedisFlavour flavour);
};

}  // namespace oddsloom
