// Work streams on Redis, by the seed's names: streams with one consumer group each. One session;
// one thread.
#pragma once

#include <memory>

#include "store/redis_claimer.h"
#include "store/redis_dead_letters.h"

namespace oddsloom {

class RedisWorkStreams final : public WorkStreams {
 public:
  // `house` outlives it. Errors as of RedisClient::connect.
  static Result<std::unique_ptr<WorkStreams>> open(const RedisHouse& house);

  Result<std::vector<std::string>> append(const StreamId& stream,
                                          const std::vector<WorkEntry>& entries) override;
  Result<std::vector<Entry>> claim(const ClaimRequest& request) override;
  Result<void> extend(const std::vector<EntryRef>& entries, const std::string& consumer,
                      Millis visibility) override;
  Result<std::vector<StreamStatistics>> statistics() override;
  Result<std::uint64_t> backlog(const std::vector<StreamId>& streams) override;
  Result<std::vector<DeadLetter>> dead(std::size_t most) override;
  Result<std::size_t> retry_dead(const std::vector<EntryRef>& entries) override;
  Result<std::size_t> drop_dead(const std::vector<EntryRef>& entries) override;

 private:
  RedisWorkStreams(const RedisHouse& house, std::unique_ptr<RedisClient> client);
  Result<std::vector<Reply>> ask_statistics(const std::vector<StreamId>& streams, bool only_length);

  const RedisHouse& house_;
  std::unique_ptr<RedisClient> client_;
  RedisKnownStreams streams_;
  RedisClaimer claimer_;
  RedisDeadLetters dead_letters_;
};

}  // namespace oddsloom
