// The work streams one session has used: keys by stream, and the making of a stream's group and its
// entry in the list of streams, once each. One thread.
#pragma once

#include <chrono>
#include <map>
#include <vector>

#include "store/redis_house.h"

namespace oddsloom {

class RedisKnownStreams {
 public:
  RedisKnownStreams(const RedisHouse& house, RedisClient& client)
      : house_(house), client_(client) {}

  // Groups are made where there are none (at 0, so that what was appended before is seen), streams
  // with them. Asked again now and then, in case the server was emptied.
  Result<void> ensure(const std::vector<StreamId>& streams);
  const StreamKeys& keys(const StreamId& stream);

  // All that were ever used, by name.
  Result<std::vector<StreamId>> all();

 private:
  const RedisHouse& house_;
  RedisClient& client_;
  std::map<StreamId, StreamKeys> keys_;
  std::map<StreamId, std::chrono::steady_clock::time_point> ensured_;
};

}  // namespace oddsloom
