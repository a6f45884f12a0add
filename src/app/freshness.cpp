#include "app/freshness.h"

namespace oddsloom {

Freshness::Freshness(const std::vector<Bookmaker>& bookmakers) {
  for (const Bookmaker& bookmaker : bookmakers)
    set(bookmaker.name, bookmaker.fresh_live, bookmaker.fresh_upcoming);
}

void Freshness::set(const std::string& bookmaker, Millis live, Millis upcoming) {
  limits_.insert_or_assign(bookmaker, Limits{live, upcoming});
}

bool Freshness::is_fresh(const Record& record, UtcMillis now) const {
  const auto at = limits_.find(record.bookmaker);
  if (at == limits_.end()) return false;
  const Millis limit = record.source == Source::Live ? at->second.live : at->second.upcoming;
  return now - record.observed_at <= limit;
}

void Freshness::judge(Record& record, UtcMillis now) const {
  if (is_fresh(record, now)) return;
  for (Outcome& outcome : record.outcomes) outcome.usable = false;
}

}  // namespace oddsloom
