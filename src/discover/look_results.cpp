#include "discover/look_results.h"

#include <algorithm>

namespace oddsloom {
namespace {

constexpr std::size_t kMostRead = 100'000;
constexpr std::size_t kMostChanges = 2'000;  // a call; where more came, the newest tell enough
// Commits of a moment ago may become visible after later ones.
constexpr Millis kOverlap{15'000};
// A bet type that was seen so many freshness limits before the others is nobody's work any more.
constexpr int kLeftBehind = 4;
// So long after its last sighting an event is forgotten here.
constexpr int kForgottenAfter = 40;  // freshness limits

}  // namespace

Result<void> LookResults::read_times(UtcMillis now) {
  auto times = reader_->seen(of_.bookmaker, of_.source, since_, kMostRead);
  if (!times) return tl::unexpected(times.error());
  for (const Seen& one : *times) {
    if (std::find(of_.bet_types.begin(), of_.bet_types.end(), one.id.bet_type) ==
        of_.bet_types.end())
      continue;
    // Where there are several lines, one that is no longer offered is not seen again.
    Market& market = events_[one.id.event_id].markets[one.id.bet_type];
    market.observed_at = std::max(market.observed_at, one.observed_at);
    market.changed_at = std::max(market.changed_at, one.changed_at);
  }
  since_ = now - of_.fresh_for - kOverlap;
  return {};
}

// Which markets are suspended; the times do not say it.
Result<void> LookResults::read_changes() {
  auto span = reader_->change_log();
  if (!span) return tl::unexpected(span.error());
  if (!cursor_) cursor_ = span->end;
  cursor_ = std::max(*cursor_, span->begin);
  auto changes = reader_->changes(*cursor_, kMostChanges);
  if (!changes) return tl::unexpected(changes.error());
  for (const Change& change : *changes) {
    cursor_ = change.sequence;
    const Record& record = change.record;
    if (record.bookmaker != of_.bookmaker || record.source != of_.source) continue;
    const auto at = events_.find(record.event_id);
    if (at == events_.end()) continue;
    if (record.status == Status::Suspended)
      at->second.suspended.insert(record.bet_type);
    else
      at->second.suspended.erase(record.bet_type);
  }
  if (changes->size() == kMostChanges) cursor_ = span->end;
  return {};
}

Result<std::vector<EventLook>> LookResults::read(UtcMillis now) {
  if (auto read = read_times(now); !read) return tl::unexpected(read.error());
  if (auto read = read_changes(); !read) return tl::unexpected(read.error());
  std::vector<EventLook> out;
  for (auto at = events_.begin(); at != events_.end();) {
    Event& event = at->second;
    UtcMillis newest, observed, changed;
    for (const auto& [bet_type, market] : event.markets) {
      newest = std::max(newest, market.observed_at);
      changed = std::max(changed, market.changed_at);
    }
    if (newest + of_.fresh_for * kForgottenAfter < now) {
      at = events_.erase(at);
      continue;
    }
    observed = newest;
    for (const auto& [bet_type, market] : event.markets)
      if (market.observed_at + of_.fresh_for * kLeftBehind >= newest)
        observed = std::min(observed, market.observed_at);
    // A change belongs to the sighting that follows it.
    if (observed > event.observed_at) {
      const bool first = event.observed_at.value == 0;
      out.push_back({at->first,
                     {observed, !first && changed > event.changed_at, !event.suspended.empty(),
                      first ? std::max(observed - changed, Millis(0)) : Millis(0)}});
      event.observed_at = observed;
      event.changed_at = changed;
    }
    ++at;
  }
  return out;
}

}  // namespace oddsloom
