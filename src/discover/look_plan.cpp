#include "discover/look_plan.h"

#include <functional>

#include "bookmaker/request.h"

namespace oddsloom {

EventFacts LookPlan::facts_of(const Event& event) const {
  // Should two groups ever fall on one number, their events share no request all the same.
  const std::size_t group =
      std::hash<std::string>()(request_group(bookmaker_, source_, event.work));
  return {static_cast<std::uint32_t>(group), source_ == Source::Live, event.standing.paused,
          event.work.start_time};
}

void LookPlan::listed(Listed listed, std::uint64_t round, UtcMillis now) {
  const auto [at, is_new] = events_.try_emplace(listed.work.event_id);
  Event& event = at->second;
  event.round = round;
  const bool otherwise =
      event.work.start_time != listed.work.start_time || event.standing != listed.standing;
  event.work = std::move(listed.work);
  event.standing = std::move(listed.standing);
  if (is_new) {
    event.slot = schedule_.add(facts_of(event), now);
    if (by_slot_.size() <= event.slot) by_slot_.resize(event.slot + 1, events_.end());
    by_slot_[event.slot] = at;
    if (!seen_before_) return;
    if (const auto look = seen_before_->find(at->first); look != seen_before_->end())
      schedule_.saw(event.slot, look->second, now);
    return;
  }
  schedule_.update(event.slot, facts_of(event), now);
  if (otherwise) schedule_.hint(event.slot, now);
}

LookPlan::Events::iterator LookPlan::remove(Events::iterator at) {
  answered(at->second);
  schedule_.remove(at->second.slot);
  by_slot_[at->second.slot] = events_.end();
  return events_.erase(at);
}

void LookPlan::answered(Event& event) {
  if (event.asked) --unanswered_;
  event.asked.reset();
}

void LookPlan::forget(const std::string& event_id) {
  if (const auto at = events_.find(event_id); at != events_.end()) remove(at);
}

std::size_t LookPlan::forget_unseen(std::uint64_t round) {
  const std::size_t before = events_.size();
  seen_before_.reset();
  for (auto at = events_.begin(); at != events_.end();)
    at = at->second.round < round ? remove(at) : std::next(at);
  return before - events_.size();
}

void LookPlan::looked(const std::vector<EventLook>& looks, UtcMillis now) {
  for (const EventLook& one : looks) {
    const auto at = events_.find(one.event_id);
    if (at == events_.end()) {
      if (!seen_before_) continue;
      const auto [early, is_new] = seen_before_->emplace(one.event_id, one.look);
      if (!is_new) early->second.observed_at = one.look.observed_at;
      continue;
    }
    Event& event = at->second;
    if (event.asked && one.look.observed_at >= *event.asked) answered(event);
    schedule_.saw(event.slot, one.look, now);
  }
}

std::vector<WorkEntry> LookPlan::next(UtcMillis now) {
  std::vector<WorkEntry> out;
  for (const Schedule::Slot slot : schedule_.next(now)) {
    Event& event = by_slot_[slot]->second;
    if (!event.asked) ++unanswered_;
    event.asked = now;
    out.push_back(event.work);
  }
  return out;
}

}  // namespace oddsloom
