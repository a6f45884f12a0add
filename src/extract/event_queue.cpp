#include "extract/event_queue.h"

#include <algorithm>
#include <utility>

namespace oddsloom {
Result<void> name_event(Reader& reader, const std::string& bookmaker, WorkEntry& work) {
  const auto document = reader.document(work.data_key);
  // Whether there is such a document is not known now: no reason to take its key for an id.
  if (!document && document.error().retryable()) return tl::unexpected(document.error());
  if (!document || !*document || !(*document)->records.contains(bookmaker)) {
    work.event_id = id_of_key(work.data_key);
    return {};
  }
  const Record& known = (*document)->records.at(bookmaker);
  work.event_id = known.event_id;
  fill_gaps(work, entry_of(known));
  return {};
}

std::size_t companions(std::size_t most_together, int attempts) {
  if (attempts >= 3) return 1;
  return std::max<std::size_t>(1, most_together >> (2 * attempts));
}

void EventQueue::merge(EventWork& into, EventWork work) {
  fill_gaps(into.wanted.work, work.wanted.work);
  into.wanted.bet_types.merge(work.wanted.bet_types);
  into.most_together = std::min(into.most_together, work.most_together);
  into.since = std::min(into.since, work.since);
  std::move(work.entries.begin(), work.entries.end(), std::back_inserter(into.entries));
}

void EventQueue::add(Entry entry, UtcMillis since) {
  const std::size_t together = companions(most_together_, entry.attempts);
  const auto [at, is_new] = by_event_.try_emplace(entry.work.event_id);
  if (is_new) {
    order_.push_back({{std::move(entry.work), {entry.ref.stream.bet_type}, entry.ref.stream.period},
                      {},
                      since,
                      together});
    at->second = std::prev(order_.end());
    at->second->entries.reserve(entries_each_);
  } else {
    EventWork& known = *at->second;
    WantedEvent& wanted = known.wanted;
    // The newest entry knows best: an event that moved to another kick-off or day.
    if (wanted.work != entry.work)
      fill_gaps(wanted.work, std::exchange(wanted.work, std::move(entry.work)));
    wanted.bet_types.insert(entry.ref.stream.bet_type);
    wanted.period = entry.ref.stream.period;
    known.most_together = std::min(known.most_together, together);
    known.since = std::min(known.since, since);
  }
  at->second->entries.push_back({std::move(entry.ref), entry.attempts});
}

void EventQueue::put_back(EventWork work) {
  const auto [at, is_new] = by_event_.try_emplace(work.wanted.work.event_id);
  if (!is_new) return merge(*at->second, std::move(work));
  order_.push_front(std::move(work));
  at->second = order_.begin();
}

std::vector<EventWork> EventQueue::take() {
  std::vector<EventWork> taken;
  std::size_t most = most_together_;
  taken.reserve(std::min(most, order_.size()));
  for (auto at = order_.begin(); at != order_.end() && taken.size() < most;) {
    const std::size_t allowed = std::min(most, at->most_together);
    if (taken.size() + 1 >
        allowed) {  // it would have to be with fewer: it gets a request of its own later
      ++at;
      continue;
    }
    most = allowed;
    by_event_.erase(at->wanted.work.event_id);
    taken.push_back(std::move(*at));
    at = order_.erase(at);
  }
  return taken;
}

}  // namespace oddsloom
