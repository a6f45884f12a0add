#include "serve/board_health.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace oddsloom {
namespace {

bool has_usable(const Record& record) {
  return std::any_of(record.outcomes.begin(), record.outcomes.end(),
                     [](const Outcome& outcome) { return outcome.usable; });
}

void count(SourceHealth& health, const BoardMarket& market, UtcMillis now) {
  if (!market.record->offered) return;
  const Millis age = std::max(Millis(0), now - market.observed_at);
  health.ages.push_back(age);
  if (!health.newest || *health.newest < market.observed_at) health.newest = market.observed_at;
  if (age > health.limit)
    ++health.stale;
  else if (has_usable(*market.record))
    ++health.usable;
  else
    ++health.suspended;
}

}  // namespace

Millis SourceHealth::age(double quantile) const {
  if (ages.empty()) return Millis(0);
  const auto rank = std::ceil(quantile * static_cast<double>(ages.size()));
  return ages[std::min(ages.size() - 1, static_cast<std::size_t>(std::max(1.0, rank)) - 1)];
}

Millis SourceHealth::total_age() const {
  return std::accumulate(ages.begin(), ages.end(), Millis(0));
}

std::vector<SourceHealth> board_health(const Board& board, const Catalog& catalog, UtcMillis now) {
  std::map<std::pair<std::string, Source>, SourceHealth> found;
  const auto of = [&](const std::string& bookmaker, Source source) -> SourceHealth& {
    const auto [at, is_new] = found.try_emplace({bookmaker, source});
    SourceHealth& health = at->second;
    if (!is_new) return health;
    health.bookmaker = bookmaker;
    health.source = source;
    if (const CatalogBookmaker* known = catalog.find(bookmaker))
      health.limit = source == Source::Live ? known->live_limit : known->upcoming_limit;
    return health;
  };
  for (const CatalogBookmaker& bookmaker : catalog.bookmakers)
    for (const Source source : {Source::Live, Source::Upcoming}) of(bookmaker.name, source);
  for (const auto& match : board.matches)
    for (const BoardEvent& event : match->events) {
      const bool over = event.source == Source::Live
                            ? !match->live
                            : match->start_time && *match->start_time <= now;
      if (over) continue;
      SourceHealth& health = of(event.bookmaker, event.source);
      ++health.matches;
      for (const BoardMarket& market : event.markets) count(health, market, now);
    }
  std::vector<SourceHealth> out;
  for (auto& [name, health] : found) {
    std::sort(health.ages.begin(), health.ages.end());
    out.push_back(std::move(health));
  }
  return out;
}

}  // namespace oddsloom
