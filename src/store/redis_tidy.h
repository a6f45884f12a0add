// Tidies a Redis store up: documents whose time is over (native expiry removes them too, this
// removes what names them), acknowledged entries, dead letters beyond their number, consumers that
// are gone. One process does it at a time: whoever holds the key oddsloom_janitor. Bounded work per
// call. One session; one thread.
#pragma once

#include <memory>
#include <string>

#include "store/redis_documents.h"
#include "store/redis_known_streams.h"

namespace oddsloom {

class RedisTidy {
 public:
  // `house` outlives it. Errors as of RedisClient::connect.
  static Result<std::unique_ptr<RedisTidy>> open(const RedisHouse& house);
  ~RedisTidy();  // lets go of the office

  // Nothing to do while another process holds the office.
  Result<void> run();

 private:
  RedisTidy(const RedisHouse& house, std::unique_ptr<RedisClient> client);
  Result<bool> take_office();
  Result<void> remove_expired(const BetType& type, Source source);
  Result<void> remove(const MarketKeys& keys, const std::vector<std::string>& places);
  Result<void> trim_logs();
  Result<void> tidy_streams();

  const RedisHouse& house_;
  std::unique_ptr<RedisClient> client_;
  RedisDocuments documents_;
  RedisKnownStreams streams_;
  const std::string token_;  // unlike any other process's
};

}  // namespace oddsloom
