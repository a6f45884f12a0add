// The events a worker has claimed work for and not yet asked for, oldest first. Entries of one
// event (its bet types, or the same one twice) are one place in the queue and so one fetch. Not
// thread-safe: one worker's own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "bookmaker/request.h"
#include "store/store.h"

namespace oddsloom {

// What is left of an entry when the event knows what it said.
struct HeldEntry {
  EntryRef ref;
  int attempts = 0;
};

struct EventWork {
  WantedEvent wanted;              // what is known of the event, over all its entries
  std::vector<HeldEntry> entries;  // everything that a good answer settles
  UtcMillis since;                 // from when on its linger counts, see waiting_since()
  std::size_t most_together = 0;   // how many events its request may carry; fewer after each
                                  // failure, so that one bad event cannot spoil the others for ever
};

class EventQueue {
 public:
  // `entries_each`: of an event, as a rule.
  explicit EventQueue(std::size_t most_together, std::size_t entries_each = 1)
      : most_together_(most_together), entries_each_(entries_each) {}

  void add(Entry entry, UtcMillis since);
  // Gives back what was taken and not asked for; it goes to the front.
  void put_back(EventWork work);
  // The events of one request: the oldest and those behind it that may share with it.
  std::vector<EventWork> take();

  bool empty() const { return order_.empty(); }
  std::size_t size() const { return order_.size(); }
  UtcMillis oldest() const { return order_.front().since; }
  // Whether a request could be filled now; otherwise waiting a little may save one.
  bool fills_a_request() const { return order_.size() >= most_together_; }

 private:
  void merge(EventWork& into, EventWork work);
  std::size_t most_together_, entries_each_;
  std::list<EventWork> order_;
  std::unordered_map<std::string, std::list<EventWork>::iterator> by_event_;
};

// For an entry that names a document instead of an event: the document knows the event, and what
// else is missing. If there is no such document, the id is what follows the last ':' of its key.
// Errors: the store cannot be read now.
Result<void> name_event(Reader& reader, const std::string& bookmaker, WorkEntry& work);

// From when on a linger counts for something that was asked for at `asked`: from then, but no
// farther back than half the linger, so that a backlog is still worked off in full batches.
inline UtcMillis waiting_since(UtcMillis asked, UtcMillis now, Millis linger) {
  return std::clamp(asked, now - linger / 2, now);
}

// After so many failed attempts: all, a quarter, a sixteenth, alone.
std::size_t companions(std::size_t most_together, int attempts);

}  // namespace oddsloom
