// An event as The Odds API v4 tells it, of a match on the board: which prices are told, and until
// when that text stays true. A price is told while it may be bet at: market and selection open,
// seen within its bookmaker's limit, and, of an upcoming listing, before the kick-off. Pure; any
// thread.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "serve/odds_query.h"
#include "serve/odds_sports.h"

namespace oddsloom {

struct OddsText {
  std::string json;
  UtcMillis good_through;   // the last moment at which it is true
  std::size_t markets = 0;  // different market keys in it
};

// The whole event with its bookmakers.
OddsText event_odds_json(const BoardMatch& match, const OddsSport& sport, const OddsForm& form,
                         UtcMillis now);
// The markets without outcomes: the keys that have a price now.
OddsText event_markets_json(const BoardMatch& match, const OddsSport& sport, const OddsForm& form,
                            const BetTypes& bet_types, UtcMillis now);

// id, sport_key, sport_title, commence_time, home_team, away_team: what every event begins with.
void write_event_head(JsonWriter& json, const BoardMatch& match, const OddsSport& sport,
                      const OddsForm& form);
// "2026-08-09T19:30:00Z", or in seconds.
void write_time(JsonWriter& json, UtcMillis time, bool unix_time);
// "2.1" of 2100 thousandths, "3" of 3000.
std::string decimal_text(Price price);
// Whole, rounded half away from even money: 110 of 2.10, -200 of 1.50. The price is above 1.00.
std::int64_t american(Price price);

}  // namespace oddsloom
