// The market keys of The Odds API v4, and which of our markets each of them means. `h2h` and
// `totals` are "featured": lists of events may be asked for them; the others are told per event.
// Keys that the original knows and we have no data for are known too: they are empty, not wrong.
// Pure; any thread. Source: the service's public list of betting markets, as of 2026.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serve/board.h"
#include "serve/catalog.h"

namespace oddsloom {

struct OddsMarket {
  std::string key;                     // "h2h", "alternate_totals_h1"
  std::vector<std::string> bet_types;  // the first that has something to show; none = no data
  std::string segment = std::string(kFullTime);
  bool main_line = false;  // of a market with lines only the one whose prices are most balanced
  bool featured = false;
  bool outright = false;
};

// Nothing: no such key.
std::optional<OddsMarket> odds_market(std::string_view key, const BetTypes& bet_types);
// Those that we can have data for, in the order they are told.
std::vector<OddsMarket> all_odds_markets(const BetTypes& bet_types);
// Their keys, and those without data.
std::vector<std::string> known_market_keys(const BetTypes& bet_types, bool featured_only);

// The most balanced of some lines of one market, which have all their prices and may be bet at: the
// smallest difference between the reciprocals of the prices, then the lower line. nullptr: none.
const BoardMarket* main_line(const std::vector<const BoardMarket*>& lines);

}  // namespace oddsloom
