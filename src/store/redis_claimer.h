// Claims entries of the Redis store's work streams for one session: takes what is due and what is
// new in one script call (one per stream in a cluster), waits with XREAD BLOCK when there is
// nothing, and now and then looks after entries that other programs read and never acknowledged.
// One thread.
#pragma once

#include <chrono>
#include <vector>

#include "store/redis_known_streams.h"

namespace oddsloom {

class RedisClaimer {
 public:
  // All outlive it.
  RedisClaimer(const RedisHouse& house, RedisClient& client, RedisKnownStreams& streams)
      : house_(house), client_(client), streams_(streams) {}

  Result<std::vector<Entry>> claim(const ClaimRequest& request);

 private:
  using Steady = std::chrono::steady_clock;

  struct Stream {
    StreamId id;
    int rank = 0;  // lower = nearer
  };
  struct Found {
    std::vector<Entry> entries;
    std::optional<UtcMillis> next_due;
    std::vector<std::string> newest;  // per stream: wait for what comes after it
  };

  Result<Found> take(const ClaimRequest& request, bool will_wait);
  Result<void> take_from(const std::vector<Stream>& streams, const ClaimRequest& request,
                         std::size_t most, bool will_wait, Found& found);
  bool read_packed(const StreamId& stream, std::string_view packed, Found& found,
                   CommitBatch& unreadable) const;
  void read_entry(const StreamId& stream, ReplyView id, ReplyView fields, Found& found,
                  CommitBatch& unreadable, int deliveries, int attempts) const;
  Result<void> wait_for_more(const ClaimRequest& request, const Found& found, Millis left);
  Result<void> look_after_abandoned(const ClaimRequest& request);

  const RedisHouse& house_;
  RedisClient& client_;
  RedisKnownStreams& streams_;
  Steady::time_point note_due_, abandoned_due_;
};

}  // namespace oddsloom
