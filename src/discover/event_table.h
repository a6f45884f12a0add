// The events a poller knows, and when each is due for a look. Not thread-safe: one poller's own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/work_entry.h"

namespace oddsloom {

struct KnownEvent {
  WorkEntry work;
  UtcMillis due;           // when it wants the next look
  std::uint64_t seen = 0;  // the round of lists that held it last
};

class EventTable {
 public:
  // A list held the event: known from now on, due at once when it is new.
  void saw(WorkEntry work, std::uint64_t round, UtcMillis now);
  // Every list was read to its end in `round`: what none of them held is over. Gives how many were
  // forgotten.
  std::size_t forget_unseen(std::uint64_t round);
  // Events that are due, soonest first; the caller says when each is due again.
  std::vector<KnownEvent*> due(UtcMillis now);
  std::optional<UtcMillis> next_due() const;
  std::size_t size() const { return events_.size(); }

 private:
  std::map<std::string, KnownEvent> events_;  // by event id
};

}  // namespace oddsloom
