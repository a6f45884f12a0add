// The LinkBook on Redis: three keys (LinkKeys) that are changed together by scripts. What was put,
// undone or forgotten is numbered anew, so a reader goes on behind the last number it knows. One
// session; one thread.
#pragma once

#include <memory>

#include "store/redis_house.h"

namespace oddsloom {

class RedisLinkBook final : public LinkBook {
 public:
  // `house` outlives it. Errors as of RedisClient::connect.
  static Result<std::unique_ptr<LinkBook>> open(const RedisHouse& house);

  Result<void> put(const std::vector<Link>& links) override;
  Result<void> undo(const EventId& event, UtcMillis at) override;
  Result<void> forget(const EventId& event) override;
  Result<Page> read(std::uint64_t after_revision) override;

 private:
  RedisLinkBook(const RedisHouse& house, std::unique_ptr<RedisClient> client)
      : client_(std::move(client)), keys_(house.link_keys()) {}
  Result<void> change(std::string_view what, const EventId& event, UtcMillis at);
  Result<void> add(Page& page, const std::vector<std::string>& events);

  std::unique_ptr<RedisClient> client_;
  const LinkKeys keys_;
};

}  // namespace oddsloom
