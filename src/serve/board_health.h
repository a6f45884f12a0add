// How fresh a board is, by bookmaker and source: what the dashboard's health page and /metrics
// tell. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "serve/board.h"
#include "serve/catalog.h"

namespace oddsloom {

struct SourceHealth {
  std::string bookmaker;
  Source source = Source::Upcoming;
  Millis limit{0};  // freshness; 0 = the bookmaker is not known here
  std::size_t matches = 0;
  // Markets that are offered, by what can be said of them now: at least one price one could bet at;
  // none, and seen within the limit; last seen longer ago than that.
  std::size_t usable = 0, suspended = 0, stale = 0;
  // Ages of offered markets, in order.
  std::vector<Millis> ages;
  std::optional<UtcMillis> newest;  // sighting

  Millis age(double quantile) const;  // nearest rank; 0 where there are none
  Millis total_age() const;
};

// Those with a match on the board, and those of the catalog without one; by bookmaker, then live
// first. Upcoming markets of matches whose kick-off has passed are left out: nobody looks at them
// any more.
std::vector<SourceHealth> board_health(const Board& board, const Catalog& catalog, UtcMillis now);

}  // namespace oddsloom
