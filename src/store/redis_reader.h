// Reads what a Redis store holds. One session; one thread.
#pragma once

#include <memory>

#include "store/redis_change_log.h"
#include "store/redis_documents.h"
#include "store/redis_known_streams.h"

namespace oddsloom {

class RedisReader final : public Reader {
 public:
  // `house` outlives it. Errors as of RedisClient::connect.
  static Result<std::unique_ptr<Reader>> open(const RedisHouse& house);

  Result<std::string> identity() override;
  Result<std::vector<MatchDocument>> documents(const DocumentFilter& filter) override;
  Result<std::optional<MatchDocument>> document(const std::string& key) override;
  Result<std::optional<std::string>> find(const RecordId& id) override;
  Result<std::vector<Change>> changes(std::uint64_t after, std::size_t most) override;
  Result<LogSpan> change_log() override;
  Result<std::vector<Change>> history(const RecordId& id, std::size_t most) override;
  Result<std::vector<MatchDocument>> as_of(UtcMillis at) override;
  Result<std::vector<Announcement>> announcements(const std::string& stream, std::uint64_t after,
                                                  std::size_t most) override;
  Result<std::vector<Seen>> seen(const std::string& bookmaker, Source source,
                                 std::optional<UtcMillis> since, std::size_t most) override;
  Result<StoreCounts> counts() override;

 private:
  RedisReader(const RedisHouse& house, std::unique_ptr<RedisClient> client);

  const RedisHouse& house_;
  std::unique_ptr<RedisClient> client_;
  RedisDocuments documents_;
  RedisChangeLog change_log_;
  RedisKnownStreams streams_;
};

}  // namespace oddsloom
