// The events a poller knows, and which of them one request is to be spent on next: what lists and
// looks tell goes to discover/schedule under the events' ids. The counterpart of event_table.h,
// which looks at fixed intervals. Not thread-safe: one poller's own.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "discover/list_walk.h"
#include "discover/look_results.h"
#include "discover/schedule.h"

namespace oddsloom {

class LookPlan {
 public:
  LookPlan(const Bookmaker& bookmaker, Source source, const ScheduleConfig& config)
      : bookmaker_(bookmaker), source_(source), schedule_(config) {}

  // A list held the event: wants a look at once when it is new, or stands otherwise than before.
  void listed(Listed event, std::uint64_t round, UtcMillis now);
  // No looks at it for now, such as one too far ahead to have a stream.
  void forget(const std::string& event_id);
  // Every list was read to its end in `round`: what none of them held is over. Gives how many were
  // forgotten.
  std::size_t forget_unseen(std::uint64_t round);
  void looked(const std::vector<EventLook>& looks, UtcMillis now);
  // Requests that others spent of the same budget.
  void spent(double requests, UtcMillis now) { schedule_.spent(requests, now); }

  // One request's worth, most urgent first; empty = not now.
  std::vector<WorkEntry> next(UtcMillis now);

  std::size_t size() const { return events_.size(); }
  // Events given out whose look came to nothing: not seen in ScheduleConfig::answer_longest.
  std::size_t in_vain() const { return unanswered_ - std::min(unanswered_, schedule_.asked()); }
  Schedule::Report report(UtcMillis now) const { return schedule_.report(now); }

 private:
  struct Event {
    WorkEntry work;
    Standing standing;
    Schedule::Slot slot = 0;
    std::uint64_t round = 0;           // of lists that held it last
    std::optional<UtcMillis> asked{};  // given out then, and not seen since
  };
  using Events = std::map<std::string, Event, std::less<>>;
  EventFacts facts_of(const Event& event) const;
  Events::iterator remove(Events::iterator at);
  void answered(Event& event);

  const Bookmaker& bookmaker_;
  const Source source_;
  Schedule schedule_;
  Events events_;  // by event id
  std::vector<Events::iterator> by_slot_;
  std::size_t unanswered_ = 0;
  // What was seen before we began, of events that no list held so far; until all lists were read.
  std::optional<std::map<std::string, Look, std::less<>>> seen_before_{std::in_place};
};

}  // namespace oddsloom
