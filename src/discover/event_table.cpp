#include "discover/event_table.h"

#include <algorithm>

namespace oddsloom {

void EventTable::saw(WorkEntry work, std::uint64_t round, UtcMillis now) {
  const auto [at, is_new] = events_.try_emplace(work.event_id);
  KnownEvent& event = at->second;
  if (is_new || event.work.start_time != work.start_time) event.due = now;
  event.work = std::move(work);
  event.seen = round;
}

std::size_t EventTable::forget_unseen(std::uint64_t round) {
  return std::erase_if(events_, [&](const auto& event) { return event.second.seen < round; });
}

std::vector<KnownEvent*> EventTable::due(UtcMillis now) {
  std::vector<KnownEvent*> out;
  for (auto& [id, event] : events_)
    if (event.due <= now) out.push_back(&event);
  std::stable_sort(out.begin(), out.end(),
                   [](const KnownEvent* a, const KnownEvent* b) { return a->due < b->due; });
  return out;
}

std::optional<UtcMillis> EventTable::next_due() const {
  std::optional<UtcMillis> next;
  for (const auto& [id, event] : events_)
    if (!next || event.due < *next) next = event.due;
  return next;
}

}  // namespace oddsloom
