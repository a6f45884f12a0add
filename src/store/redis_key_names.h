// What a key of a Redis server is to a store, told by its name: a document (also one that another
// program made, by the seed's names with its own first word), a lookup, or neither. Pure; any
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/redis_house.h"

namespace oddsloom {

// One bet type and source of a store.
struct RedisMarket {
  const BetType* type = nullptr;
  Source source = Source::Upcoming;
  MarketKeys keys;
};

class RedisKeyNames {
 public:
  explicit RedisKeyNames(const RedisHouse& house);  // its bet types outlive this

  struct Document {
    const RedisMarket* market = nullptr;
    std::string_view writer;  // what stands before _K: "BookieDelta", "sportPesa"
  };
  std::optional<Document> document(std::string_view key) const;
  struct Lookup {
    const RedisMarket* market = nullptr;
    std::string_view bookmaker;
  };
  std::optional<Lookup> lookup(std::string_view key) const;

  // Fits all of them, and others; for SCAN.
  std::string pattern() const;
  const std::vector<RedisMarket>& markets() const { return markets_; }

 private:
  struct Marks {
    std::string plain, tagged;  // in a document's name: "_lst-THREE_WAY_live:", and with braces
    std::string lookup;         // how a lookup begins
  };
  std::string prefix_;
  std::vector<RedisMarket> markets_;
  std::vector<Marks> marks_;  // of each market
};

// A bookmaker's name, which may become part of a path.
bool is_bookmaker_name(std::string_view text);

}  // namespace oddsloom
