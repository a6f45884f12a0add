#include "discover/event_memory.h"

namespace oddsloom {

void EventMemory::learn(WorkEntry work) {
  if (WantedEvent* known = find(work.event_id)) {
    fill_gaps(work, known->work);
    const auto at = by_id_.at(work.event_id);
    by_id_.erase(known->work.event_id);
    at->work = std::move(work);
    by_id_.emplace(at->work.event_id, at);
    events_.splice(events_.begin(), events_, at);
    return;
  }
  if (events_.size() >= most_) {
    by_id_.erase(events_.back().work.event_id);
    events_.pop_back();
  }
  events_.push_front({std::move(work), bet_types_, 0});
  by_id_.emplace(events_.front().work.event_id, events_.begin());
}

WantedEvent* EventMemory::find(std::string_view event_id) {
  const auto at = by_id_.find(event_id);
  return at == by_id_.end() ? nullptr : &*at->second;
}

}  // namespace oddsloom
