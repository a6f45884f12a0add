// The keys of a Redis store's documents in the order of kick-off, then key, page by page over all
// bet types and sources asked for. One session; one thread.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "store/redis_house.h"

namespace oddsloom {

class RedisDocumentList {
 public:
  // Bet type, source and times of the filter hold; its other members are for whoever reads the
  // documents.
  RedisDocumentList(const RedisHouse& house, RedisClient& client, const DocumentFilter& filter);

  // At most `most` further keys; none = the end. Errors: the server's.
  Result<std::vector<std::string>> next(std::size_t most);

 private:
  struct Place {
    double kick_off = 0;
    std::string key;
    auto operator<=>(const Place&) const = default;
  };
  struct Part {
    std::string set;
    std::deque<Place> page;
    std::int64_t read = 0;
    bool ended = false;
  };
  Result<void> fill(Part& part);

  RedisClient& client_;
  std::string from_, to_;
  std::vector<Part> parts_;
};

}  // namespace oddsloom
