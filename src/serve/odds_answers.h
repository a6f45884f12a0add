// The bodies of the v4 routes, of one board at one moment: pure functions. odds_api.h decides which
// is asked for and keeps what need not be made again. One thread, because of the sports' index.
#pragma once

#include <functional>

#include "serve/odds_json.h"

namespace oddsloom {

struct OddsBody {
  std::string json;
  UtcMillis good_through;   // no price in it may be told later than this
  std::size_t events = 0;   // told
  std::size_t markets = 0;  // different keys, of one event
};

// The text of one event; where a kept one is still true, it may be that.
using EventText = std::function<const OddsText&(const std::shared_ptr<const BoardMatch>&)>;

struct OddsBoard {
  const Board& board;
  const Catalog& catalog;
  OddsSports& sports;
  UtcMillis now;
};

// By key, and whether there are matches of it; `all`: also the catalog's sports without any.
std::vector<std::pair<const OddsSport*, bool>> sports_on(const OddsBoard& of, bool all);
// ---- lists
OddsBody sports_body(const OddsBoard& of, bool all);
OddsBody odds_body(const OddsBoard& of, std::string_view sport, const OddsQuery& query,
                   const EventText& text);
OddsBody events_body(const OddsBoard& of, std::string_view sport, const OddsQuery& query);
// `days`: matches that are over are told too, if they began within so many days; 0 = not.
OddsBody scores_body(const OddsBoard& of, std::string_view sport, const OddsQuery& query, int days);
OddsBody participants_body(const OddsBoard& of, std::string_view sport);

// The match of an event route. Errors: INVALID_EVENT_ID, EVENT_NOT_FOUND.
Asked<const BoardMatch*> event_of(const OddsBoard& of, std::string_view sport, std::string_view id);
// The matches of a list of odds, in its order: live ones and then, of `upcoming`, the next eight.
std::vector<std::shared_ptr<const BoardMatch>> matches_of(const OddsBoard& of,
                                                          std::string_view sport,
                                                          const OddsQuery& query);

}  // namespace oddsloom
