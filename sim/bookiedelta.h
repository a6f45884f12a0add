// The simulated bookmaker's site: turns a request into the answer that BookieDelta would give, from
// the world at that moment. Between the world and the server. Keeps the current lists to save work,
// so one thread at a time; the answer depends on world, request and time only.
#pragma once

#include <string>
#include <vector>

#include "sim/http.h"
#include "sim/pricing.h"
#include "sim/world.h"

namespace oddsloom::sim {

struct BookieDeltaConfig {
  unsigned max_ids = 50;             // games per request; more are answered 422
  unsigned max_live_ids = 15;        // live events per request
  bool old_live_generation = false;  // the flat live answers of before
};

class BookieDelta {
 public:
  BookieDelta(const World& world, BookieDeltaConfig config) : world_(world), config_(config) {}

  // 404 for a path it does not know. Never fails otherwise.
  Response answer(const Target& target, UtcMillis now);

 private:
  struct Lists {
    UtcMillis from;
    UtcMillis until;
    std::vector<Event> upcoming;
    std::vector<Event> in_play;
    std::vector<Event> announced;
  };
  const Lists& lists(UtcMillis now);

  Response upcoming_games(const Target& target, UtcMillis now);
  Response todays_games(const Target& target, int sport_id, UtcMillis now);
  Response highlights(int sport_id, UtcMillis now);
  Response game_markets(const Target& target, UtcMillis now) const;
  Response live_sports(UtcMillis now);
  Response live_events(const Target& target, int sport_id, bool started_only, UtcMillis now);
  Response live_markets(const Target& target, UtcMillis now) const;
  Response live_details(std::int64_t live_id, UtcMillis now) const;

  const World& world_;
  BookieDeltaConfig config_;
  Lists lists_;
};

}  // namespace oddsloom::sim
