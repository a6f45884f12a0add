// Which of The Odds API's routes a path is, and what each costs. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "serve/odds_answers.h"

namespace oddsloom {

struct OddsRoute {
  enum class Kind {
    Sports,
    Odds,
    Scores,
    Events,
    EventOdds,
    EventMarkets,
    Participants,
    PastOdds,
    PastEvents,
    PastEventOdds,
    SportsV3,
    OddsV3,
    Document,      // /openapi.json
    FeedDocument,  // /asyncapi.json
  };
  Kind kind = Kind::Sports;
  std::string sport, event;

  bool is_past() const {
    return kind == Kind::PastOdds || kind == Kind::PastEvents || kind == Kind::PastEventOdds;
  }
};

// With or without a slash at the end. Nothing: no such route.
std::optional<OddsRoute> odds_route(std::string_view path);

// A body with what it costs.
struct OddsMade {
  OddsBody body;
  int cost = 0;
};

// Errors of a sport's name: UNKNOWN_SPORT, INVALID_SPORT (`upcoming` where it is not served).
Asked<void> check_sport(const OddsSports& sports, const OddsRoute& route);

// The answer to a request that has a fault.
WebResponse refusal(const Refusal& why);
// An answer of JSON, with its ETag by content; compressed where the client wants it so.
WebResponse json_answer(std::string json, int cost);
void compress(WebResponse& response);
bool wants_gzip(const WebRequest& request);

}  // namespace oddsloom
