#include "serve/board_match.h"

#include <algorithm>
#include <limits>

namespace oddsloom {
namespace {

void learn(std::string& known, const std::string& said) {
  if (known.empty()) known = said;
}

bool is_before(const std::shared_ptr<const BoardMatch>& a,
               const std::shared_ptr<const BoardMatch>& b) {
  static constexpr UtcMillis kUnknown{std::numeric_limits<std::int64_t>::max()};
  const auto key = [](const BoardMatch& match) {
    return std::pair(!match.live, match.start_time.value_or(kUnknown));
  };
  const auto first = key(*a), second = key(*b);
  return first != second ? first < second : a->id < b->id;
}

}  // namespace

std::shared_ptr<BoardMatch> match_of_events(std::string id, std::vector<BoardEvent> events,
                                            const Catalog& catalog) {
  auto out = std::make_shared<BoardMatch>();
  out->id = std::move(id);
  for (const BoardEvent& event : events) {
    const CatalogBookmaker* bookmaker = catalog.find(event.bookmaker);
    if (event.source == Source::Live) out->was_live = true;
    for (const BoardMarket& market : event.markets) {
      const Record& record = *market.record;
      // Both names of one mouth: two bookmakers may call the sides differently.
      if (out->home.empty() && out->away.empty() && !record.home.empty() && !record.away.empty()) {
        out->home = record.home;
        out->away = record.away;
      }
      learn(out->competition, record.competition);
      if (!out->start_time) out->start_time = record.start_time;
      if (!bookmaker || !out->sport.empty()) continue;
      const auto sport = bookmaker->sports.find({event.source, record.sport_id});
      if (sport != bookmaker->sports.end()) out->sport = sport->second;
    }
  }
  out->events = std::move(events);
  return out;
}

void sort_matches(std::vector<std::shared_ptr<const BoardMatch>>& matches) {
  std::sort(matches.begin(), matches.end(), is_before);
}

std::shared_ptr<const BoardIndex> index_of(
    const std::vector<std::shared_ptr<const BoardMatch>>& matches) {
  auto index = std::make_shared<BoardIndex>();
  index->places.reserve(matches.size());
  for (std::size_t i = 0; i < matches.size(); ++i) index->places.emplace(matches[i]->id, i);
  return index;
}

}  // namespace oddsloom
