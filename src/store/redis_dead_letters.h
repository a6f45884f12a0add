// Dead letters of the Redis store: a stream beside each work stream, holding the entry's own fields
// and dead_id, dead_reason, dead_deliveries, dead_attempts, dead_at. One session, one thread.
#pragma once

#include <vector>

#include "store/redis_known_streams.h"

namespace oddsloom {

class RedisDeadLetters {
 public:
  RedisDeadLetters(const RedisHouse& house, RedisClient& client, RedisKnownStreams& streams)
      : house_(house), client_(client), streams_(streams) {}

  // Oldest first, over all streams.
  Result<std::vector<DeadLetter>> list(std::size_t most);
  // Empty `entries` = all. Gives how many.
  Result<std::size_t> retry(const std::vector<EntryRef>& entries);
  Result<std::size_t> drop(const std::vector<EntryRef>& entries);

 private:
  // The ids asked for, by stream; of all streams when none was named.
  Result<std::map<StreamId, std::vector<std::string>>> chosen(const std::vector<EntryRef>& entries);
  template <class MakeCommand>
  Result<std::size_t> for_chosen(const std::vector<EntryRef>& entries, MakeCommand make_command);

  const RedisHouse& house_;
  RedisClient& client_;
  RedisKnownStreams& streams_;
};

}  // namespace oddsloom
