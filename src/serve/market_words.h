// How clients name markets, outcomes and sports: the words of The Odds API v4 for what the model
// calls by bet type, segment and outcome key. Pure; any thread.
// Source: the service's public guide and lists of betting markets, as of 2026.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/record.h"

namespace oddsloom {

// "h2h", "h2h_h1", "totals", "spreads"; where v4 has no word our own stands: "odd_even".
std::string market_key(std::string_view bet_type, std::string_view segment);
// The bet type and segment that a client means; nothing: no such market. "h2h_3_way" is h2h of
// three outcomes.
struct MarketWord {
  std::string bet_type, segment;
};
std::vector<MarketWord> markets_named(std::string_view key, const BetTypes& bet_types);

// "Draw", "Over", the teams' names; `home` and `away` as clients are told them, "" = not known:
// then as the bookmaker spells the outcome.
std::string outcome_name(const Record& record, const Outcome& outcome, std::string_view home,
                         std::string_view away);
// The line from this outcome's side: a handicap of -1 is +1 for away. Nothing: the market has none.
std::optional<Line> outcome_point(const Record& record, const Outcome& outcome);

// "soccer" for "football"; other sports as they are called.
std::string sport_word(std::string_view sport);

}  // namespace oddsloom
