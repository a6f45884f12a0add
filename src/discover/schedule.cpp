#include "discover/schedule.h"

#include <algorithm>
#include <cmath>

#include "discover/look_worth.h"

namespace oddsloom {
namespace {

constexpr double kSlowest = 1.0 / 86'400;  // changes a second of the first class
// An event is not looked at again before so many changes are expected of it: sooner, a look finds
// nothing new 97 times of 100.
constexpr double kChangesWorthALook = 0.03;
// A hint is certain: it goes before whatever is merely likely, though not before a last call.
constexpr double kCertain = 1e9;
constexpr double kPausedPace = 0.25;
// A suspended market comes back soon, with another price.
constexpr double kReopeningRate = 1.0 / 15;
constexpr Millis kReopening{60'000};  // after that it may well stay suspended for long
constexpr double kUrgent = 1e12;      // above any worth
constexpr double kOthersOver = 30;    // seconds over which other requests are averaged
constexpr double kLeastShare = 0.1;   // of the budget is left for looks, whatever else spends
constexpr double kSavedFor = 3;  // seconds of budget that may be saved up while others use the host

// How much more often than days before prices change as kick-off nears.
struct Nearness {
  Millis until_kick_off;  // up to this long before
  double pace;
};
using std::chrono::hours, std::chrono::minutes;
constexpr std::array kNearness{Nearness{minutes(10), 30}, Nearness{hours(1), 10},
                               Nearness{hours(6), 4}, Nearness{hours(24), 2}};
// What is still listed as upcoming so long after its kick-off was put off without a word.
constexpr Millis kKickOffOver{10 * 60'000};

double seconds(Millis span) { return static_cast<double>(span.count()) / 1000; }

}  // namespace

Schedule::Schedule(ScheduleConfig config)
    : config_(config), lead_(std::max(config.look_least, config.fresh_for * 2 / 15)) {
  config_.ids_per_request = std::max<std::size_t>(1, config_.ids_per_request);
  lead_ = std::min(lead_, config_.fresh_for / 2);
  tokens_ = std::clamp(config_.burst, 1.0, most_saved());
  for (int i = 0; i < kClasses; ++i) {
    const auto at = static_cast<std::size_t>(i);
    class_rate_[at] = kSlowest * std::pow(2, i / 2.0);
    const double wanted = kChangesWorthALook / class_rate_[at] * 1000;
    const double longest = static_cast<double>(config_.fresh_for.count()) / 2;
    class_least_[at] =
        std::max(config_.look_least, Millis(static_cast<Millis::rep>(std::min(wanted, longest))));
  }
}

// ---- what is known of events

Schedule::Slot Schedule::add(const EventFacts& facts, UtcMillis now) {
  keep_time(now);
  Slot slot = 0;
  if (free_.empty()) {
    slot = static_cast<Slot>(events_.size());
    events_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  Event& event = events_[slot];
  event = {};
  event.facts = facts;
  event.rate = ChangeRate(config_.changes_per_second);
  event.known = true;
  event.seen_at = event.since = now;
  event.hinted = now;
  ++size_;
  ++groups_[facts.group].events;
  enqueue(slot, now);
  return slot;
}

void Schedule::update(Slot slot, const EventFacts& facts, UtcMillis now) {
  keep_time(now);
  Event& event = events_[slot];
  if (event.facts == facts) return;
  dequeue(slot);
  if (facts.group != event.facts.group) {
    if (--groups_[event.facts.group].events == 0) groups_.erase(event.facts.group);
    ++groups_[facts.group].events;
  }
  event.facts = facts;
  enqueue(slot, now);
}

void Schedule::remove(Slot slot) {
  Event& event = events_[slot];
  dequeue(slot);
  forget_asked(slot);
  if (--groups_[event.facts.group].events == 0) groups_.erase(event.facts.group);
  event.known = false;
  free_.push_back(slot);
  --size_;
}

void Schedule::hint(Slot slot, UtcMillis now) {
  keep_time(now);
  Event& event = events_[slot];
  if (event.hinted && !is_new(event)) return;
  dequeue(slot);
  // A look that was given already, be it in the same millisecond, may be from before the change.
  event.hinted = event.asked ? std::max(now, *event.asked + Millis(1)) : now;
  if (is_new(event)) event.hinted = *event.hinted + Millis(1);
  enqueue(slot, now);
}

void Schedule::saw(Slot slot, const Look& look, UtcMillis now) {
  keep_time(now);
  Event& event = events_[slot];
  if (event.seen ? look.observed_at <= event.seen_at : look.observed_at.value == 0) return;
  dequeue(slot);
  // What lies before the first sighting is not known to be like what comes after. A change that a
  // hint told of is no reason to look without one: only those that come in silence count.
  const bool told = event.hinted && look.observed_at >= *event.hinted;
  const bool known_before = is_new(event);  // to whoever looked, before a restart here
  if (event.seen)
    event.rate.looked(seconds(look.observed_at - event.seen_at) * pace(event, now),
                      look.changed && !told);
  else
    event.rate.lasted(seconds(look.lasted) * std::min(pace(event, now), 1.0));  // at least that
  event.seen = true;
  event.seen_at = event.since = look.observed_at;
  if (told || known_before) event.hinted.reset();
  if (event.asked && look.observed_at >= *event.asked) forget_asked(slot);
  if (!look.suspended)
    event.suspended.reset();
  else if (!event.suspended)
    event.suspended = look.observed_at;
  enqueue(slot, now);
}

// ---- queues

double Schedule::pace(const Event& event, UtcMillis now) const {
  if (event.facts.in_play) return event.facts.paused ? kPausedPace : 1;
  if (!event.facts.kick_off) return 1;
  const Millis left = *event.facts.kick_off - now;
  if (left < -kKickOffOver) return 1;
  for (const Nearness& near : kNearness)
    if (left <= near.until_kick_off) return near.pace;
  return 1;
}

UtcMillis Schedule::next_review(const Event& event, UtcMillis now) const {
  UtcMillis next{0};
  const auto consider = [&](UtcMillis at) {
    if (at > now && (next.value == 0 || at < next)) next = at;
  };
  if (event.suspended) consider(*event.suspended + kReopening);
  if (!event.facts.in_play && event.facts.kick_off) {
    for (const Nearness& near : kNearness) consider(*event.facts.kick_off - near.until_kick_off);
    consider(*event.facts.kick_off + kKickOffOver + Millis(1));
  }
  return next;
}

int Schedule::class_of(const Event& event, UtcMillis now) const {
  double rate = event.rate.per_second() * pace(event, now);
  if (event.suspended && now - *event.suspended < kReopening) rate = std::max(rate, kReopeningRate);
  const double steps = 2 * std::log2(std::max(rate, kSlowest) / kSlowest);
  return std::min(static_cast<int>(std::lround(steps)), kClasses - 1);
}

void Schedule::enqueue(Slot slot, UtcMillis now) {
  Event& event = events_[slot];
  event.rate_class = class_of(event, now);
  event.review = next_review(event, now);
  if (event.review.value != 0) reviews_.insert({event.review, slot});
  if (event.asked) return;
  Group& group = groups_[event.facts.group];
  if (event.hinted)
    group.hinted.insert({*event.hinted, slot});
  else
    group.calm[static_cast<std::size_t>(event.rate_class)].insert({event.since, slot});
}

void Schedule::dequeue(Slot slot) {
  const Event& event = events_[slot];
  if (event.review.value != 0) reviews_.erase({event.review, slot});
  if (event.asked) return;
  Group& group = groups_[event.facts.group];
  if (event.hinted)
    group.hinted.erase({*event.hinted, slot});
  else
    group.calm[static_cast<std::size_t>(event.rate_class)].erase({event.since, slot});
}

void Schedule::forget_asked(Slot slot) {
  Event& event = events_[slot];
  if (!event.asked) return;
  asked_.erase({*event.asked, slot});
  event.asked.reset();
}

// ---- time and budget

void Schedule::keep_time(UtcMillis now) {
  const double passed = seconds(std::max(now - at_, Millis(0)));
  if (at_.value != 0) {
    others_ *= std::exp(-passed / kOthersOver);
    tokens_ = std::min(tokens_ + passed * allowed(), most_saved());
  }
  at_ = std::max(at_, now);
  while (!reviews_.empty() && reviews_.begin()->since <= now) {
    const Slot slot = reviews_.begin()->slot;
    dequeue(slot);
    enqueue(slot, now);
  }
  while (!asked_.empty() && asked_.begin()->since + config_.answer_longest <= now) {
    const Slot slot = asked_.begin()->slot;
    Event& event = events_[slot];
    dequeue(slot);
    event.since = std::max(event.since, *event.asked);
    if (event.hinted && *event.hinted <= *event.asked) event.hinted.reset();
    forget_asked(slot);
    enqueue(slot, now);
  }
}

void Schedule::spent(double requests, UtcMillis now) {
  keep_time(now);
  others_ += requests / kOthersOver;
}

double Schedule::allowed() const {
  return std::max(config_.requests_per_second - others_, config_.requests_per_second * kLeastShare);
}

double Schedule::most_saved() const { return std::max(2.0, allowed() * kSavedFor); }

double Schedule::needed() const {
  double requests = 0;
  for (const auto& [name, group] : groups_)
    requests +=
        std::ceil(static_cast<double>(group.events) / static_cast<double>(config_.ids_per_request));
  return requests / seconds(std::max(config_.fresh_for - lead_, Millis(1)));
}

// ---- decisions

bool Schedule::is_due(const Place& place, int rate_class, bool guarded, UtcMillis now) const {
  if (guarded && now >= place.since + config_.fresh_for - lead_) return true;
  return now >= place.since + class_least_[static_cast<std::size_t>(rate_class)];
}

bool Schedule::has_work(const Group& group, bool guarded, UtcMillis now) const {
  if (!group.hinted.empty()) return true;
  for (int i = 0; i < kClasses; ++i)
    if (const Queue& queue = group.calm[static_cast<std::size_t>(i)];
        !queue.empty() && is_due(*queue.begin(), i, guarded, now))
      return true;
  return false;
}

// The best of a group that one request can carry. Within a class whoever was seen longest ago is
// worth most, so the heads of the queues are all there is to compare.
Schedule::Pick Schedule::pick(const Group& group, bool guarded, UtcMillis now) const {
  struct Head {
    Queue::const_iterator at, end;
    int rate_class;  // -1: hinted
    double worth = 0;
  };
  const auto weigh = [&](Head& head) {
    if (head.at == head.end) return;
    if (head.rate_class < 0) {
      const double rate = class_rate_[static_cast<std::size_t>(events_[head.at->slot].rate_class)];
      head.worth = kCertain + worth_of_look_after_hint(
                                  seconds(std::max(now - head.at->since, Millis(0))), rate);
      return;
    }
    const double age = seconds(std::max(now - head.at->since, Millis(0)));
    const bool last_call = guarded && now >= head.at->since + config_.fresh_for - lead_;
    head.worth = last_call
                     ? kUrgent + age
                     : worth_of_look(age, class_rate_[static_cast<std::size_t>(head.rate_class)]);
  };
  std::vector<Head> heads;
  const auto add = [&](const Queue& queue, int rate_class) {
    if (queue.empty()) return;
    heads.push_back({queue.begin(), queue.end(), rate_class});
    weigh(heads.back());
  };
  add(group.hinted, -1);
  for (int i = 0; i < kClasses; ++i) add(group.calm[static_cast<std::size_t>(i)], i);

  Pick out;
  while (out.slots.size() < config_.ids_per_request && !heads.empty()) {
    const auto best = std::max_element(
        heads.begin(), heads.end(), [](const Head& a, const Head& b) { return a.worth < b.worth; });
    out.worth += best->worth;
    out.slots.push_back(best->at->slot);
    if (++best->at == best->end)
      heads.erase(best);
    else
      weigh(*best);
  }
  return out;
}

std::vector<Schedule::Slot> Schedule::next(UtcMillis now) {
  keep_time(now);
  if (tokens_ < 1) return {};
  // With too small a budget, last calls would leave nothing but events that are late already. What
  // is needed counts from last call to last call, so a budget that just does has the lead to spare.
  const bool guarded = needed() <= allowed();
  Pick best;
  for (const auto& [name, group] : groups_) {
    if (!has_work(group, guarded, now)) continue;
    if (Pick one = pick(group, guarded, now); one.worth > best.worth) best = std::move(one);
  }
  if (best.slots.empty()) return {};
  tokens_ -= 1;
  for (const Slot slot : best.slots) {
    dequeue(slot);
    events_[slot].asked = now;
    asked_.insert({now, slot});
    enqueue(slot, now);
  }
  return std::move(best.slots);
}

Schedule::Report Schedule::report(UtcMillis now) const {
  Report out;
  out.allowed = allowed();
  out.needed = needed();
  for (const Event& event : events_) {
    if (!event.known) continue;
    if (now - event.seen_at > config_.fresh_for) ++out.past_limit;
    if (event.asked) continue;
    const UtcMillis due =
        event.hinted ? *event.hinted
                     : event.since + class_least_[static_cast<std::size_t>(event.rate_class)];
    if (now - due < Millis(1'000)) continue;
    ++out.delayed;
    out.longest_delay = std::max(out.longest_delay, now - due);
  }
  return out;
}

}  // namespace oddsloom
