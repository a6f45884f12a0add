// The scale-out store: Redis 7 or later, Valkey, Redis 8 / Redis Stack; one server, with replicas
// and Sentinel, or a cluster. By the seed's names, so that other programs read along. Made by
// open_store("redis://.."). Any thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "store/redis_house.h"
#include "store/redis_tidy.h"

namespace oddsloom {

class RedisStore final : public Store {
 public:
  // Finds out what the server can do and refuses what would go wrong later. Errors: those of
  // RedisClient::connect; Invalid (database other than 0 where it matters, an old server), Conflict
  // (filled by a newer version, in the other layout, or with other names).
  static Result<std::unique_ptr<Store>> open(const std::string& url, StoreOptions options);

  Result<std::unique_ptr<WorkStreams>> work_streams() override;
  Result<std::unique_ptr<MatchBook>> match_book() override;
  Result<std::unique_ptr<Reader>> reader() override;
  Result<std::unique_ptr<LinkBook>> link_book() override;
  Result<void> tidy() override;
  Result<Examination> examine(const ExaminationProgress& progress) override;

 private:
  explicit RedisStore(RedisHouse house) : house_(std::move(house)) {}

  const RedisHouse house_;
  std::mutex tidy_mutex_;
  std::unique_ptr<RedisTidy> tidy_;  // made at the first call
};

}  // namespace oddsloom
