#include "serve/odds_choice.h"

#include <algorithm>
#include <limits>

namespace oddsloom {

std::vector<const BoardEvent*> events_of(const BoardMatch& match,
                                         const CatalogBookmaker& bookmaker) {
  std::vector<const BoardEvent*> out;
  for (const BoardEvent& event : match.events)
    if (event.bookmaker == bookmaker.name) out.push_back(&event);
  return out;
}

std::vector<ShownMarket> OddsChoice::of(const CatalogBookmaker& bookmaker,
                                        const std::vector<const BoardEvent*>& events,
                                        const std::vector<OddsMarket>& markets) const {
  std::vector<ShownMarket> out;
  for (const OddsMarket& market : markets) {
    ShownMarket shown{&market, lines_of(bookmaker, events, market)};
    if (!shown.lines.empty()) out.push_back(std::move(shown));
  }
  return out;
}

UtcMillis OddsChoice::limit(const CatalogBookmaker& bookmaker, const BoardMarket& market) const {
  if (form_.any_time) return {std::numeric_limits<std::int64_t>::max()};
  const Record& record = *market.record;
  const bool live = record.source == Source::Live;
  UtcMillis out = market.observed_at + (live ? bookmaker.live_limit : bookmaker.upcoming_limit);
  const auto start = record.start_time ? record.start_time : match_.start_time;
  if (!live && start) out = std::min(out, *start - Millis(1));
  return out;
}

bool OddsChoice::may_bet(const CatalogBookmaker& bookmaker, const BoardMarket& market,
                         const Outcome& outcome) const {
  return market.record->offered && outcome.usable && outcome.price && is_bettable(*outcome.price) &&
         now_ <= limit(bookmaker, market);
}

bool OddsChoice::has_price(const CatalogBookmaker& bookmaker, const BoardMarket& market) const {
  const auto& outcomes = market.record->outcomes;
  return std::any_of(outcomes.begin(), outcomes.end(),
                     [&](const Outcome& outcome) { return may_bet(bookmaker, market, outcome); });
}

// Of the first listing and the first bet type that have any.
std::vector<const BoardMarket*> OddsChoice::lines_of(const CatalogBookmaker& bookmaker,
                                                     const std::vector<const BoardEvent*>& events,
                                                     const OddsMarket& asked) const {
  std::vector<const BoardMarket*> listed;
  for (const BoardEvent* event : events)
    for (const std::string& bet_type : asked.bet_types) {
      std::vector<const BoardMarket*> all, with_price;
      for (const BoardMarket& market : event->markets) {
        if (market.record->bet_type != bet_type || market.record->segment != asked.segment)
          continue;
        all.push_back(&market);
        if (has_price(bookmaker, market)) with_price.push_back(&market);
      }
      if (asked.main_line) {
        const BoardMarket* main = main_line(with_price);
        with_price.assign(main ? 1 : 0, main);
      }
      if (!with_price.empty()) return form_.with_status && !asked.main_line ? all : with_price;
      if (listed.empty()) listed = std::move(all);
    }
  if (!form_.with_status) return {};
  if (asked.main_line && listed.size() > 1) listed.resize(1);
  return listed;
}

}  // namespace oddsloom
