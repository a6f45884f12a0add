#include "bench/schedule/policies.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>

#include "discover/event_table.h"
#include "discover/poller.h"
#include "discover/schedule.h"

namespace oddsloom::bench {
namespace {

class FixedInterval : public Policy {
 public:
  FixedInterval(const Tape& tape, Limits limits, Millis interval, bool few_lists)
      : tape_(tape), limits_(limits), interval_(interval), few_lists_(few_lists) {
    for (std::size_t i = 0; i < tape.events.size(); ++i) by_id_[tape.events[i].id] = i;
  }

  void listed(const std::vector<std::size_t>& events, std::size_t, double, UtcMillis now) override {
    ++round_;
    for (const std::size_t event : events) {
      WorkEntry work;
      work.event_id = tape_.events[event].id;
      table_.saw(std::move(work), round_, now);
    }
    table_.forget_unseen(round_);
  }

  std::vector<std::size_t> next(UtcMillis now) override {
    const std::size_t most = PollerConfig{}.most_backlog / 3;
    for (KnownEvent* event : table_.due(now)) {
      if (stream_.size() >= most) break;
      event->due = now + interval_;
      stream_.push_back(by_id_.at(event->work.event_id));
    }
    // As a worker takes them: the oldest, and those near behind it that may share its request.
    constexpr std::size_t kClaimed = 50;
    std::vector<std::size_t> out;
    for (std::size_t i = 0, seen = 0;
         i < stream_.size() && seen < kClaimed && out.size() < limits_.ids_per_request; ++seen) {
      const std::size_t event = stream_[i];
      const bool fits = out.empty() || tape_.events[event].sport == tape_.events[out[0]].sport;
      if (!fits) {
        ++i;
        continue;
      }
      stream_.erase(stream_.begin() + static_cast<std::ptrdiff_t>(i));
      if (std::find(out.begin(), out.end(), event) == out.end()) out.push_back(event);
    }
    return out;
  }

  void answered(const Answer&, UtcMillis) override {}
  Millis list_every(Millis wanted, double pages) const override {
    return few_lists_ ? list_interval(wanted, pages, limits_.requests_per_second) : wanted;
  }

 private:
  const Tape& tape_;
  const Limits limits_;
  const Millis interval_;
  const bool few_lists_;
  std::map<std::string, std::size_t> by_id_;
  EventTable table_;
  std::uint64_t round_ = 0;
  std::deque<std::size_t> stream_;
};

// Round robin, and in front of it, for whom it is told of changes, those that changed.
class InTurn : public Policy {
 public:
  InTurn(const Tape& tape, Limits limits, bool told)
      : tape_(tape), limits_(limits), listens_(told), looked_(tape.events.size()) {}

  void listed(const std::vector<std::size_t>& events, std::size_t, double, UtcMillis) override {
    present_ = events;
    std::erase_if(changed_, [&](const auto& one) {
      return std::find(present_.begin(), present_.end(), one.first) == present_.end();
    });
  }

  std::vector<std::size_t> next(UtcMillis now) override {
    const auto rank = [&](std::size_t event) {
      const auto at = changed_.find(event);
      return std::pair(at == changed_.end(), at == changed_.end() ? looked_[event] : at->second);
    };
    std::vector<std::size_t> order = present_;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(rank(a), a) < std::pair(rank(b), b);
    });
    std::vector<std::size_t> out;
    for (const std::size_t event : order)
      if (out.size() < limits_.ids_per_request &&
          (out.empty() || tape_.events[event].sport == tape_.events[out[0]].sport))
        out.push_back(event);
    for (const std::size_t event : out) {
      looked_[event] = now;
      changed_.erase(event);
    }
    return out;
  }

  void answered(const Answer&, UtcMillis) override {}
  Millis list_every(Millis wanted, double pages) const override {
    return list_interval(wanted, pages, limits_.requests_per_second);
  }
  void told(std::size_t event, UtcMillis now) override {
    if (listens_) changed_.try_emplace(event, now);
  }

 private:
  const Tape& tape_;
  const Limits limits_;
  const bool listens_;
  std::vector<UtcMillis> looked_;
  std::vector<std::size_t> present_;
  std::map<std::size_t, UtcMillis> changed_;  // since when
};

class Adaptive : public Policy {
 public:
  Adaptive(const Tape& tape, Limits limits, bool feed)
      : tape_(tape),
        limits_(limits),
        feed_(feed),
        schedule_({.requests_per_second = limits.requests_per_second,
                   .ids_per_request = limits.ids_per_request,
                   .fresh_for = limits.fresh_for}),
        known_(tape.events.size()) {}

  void listed(const std::vector<std::size_t>& events, std::size_t tick, double pages,
              UtcMillis now) override {
    schedule_.spent(pages, now);
    std::set<std::size_t> gone;
    for (const auto& [slot, event] : by_slot_) gone.insert(event);
    for (const std::size_t event : events) {
      gone.erase(event);
      const TapeEvent& on_tape = tape_.events[event];
      const Moment& moment = on_tape.at(tick);
      const EventFacts facts{on_tape.sport, true, moment.paused, on_tape.kick_off};
      Known& known = known_[event];
      if (!known.slot) {
        known.slot = schedule_.add(facts, now);
        by_slot_[*known.slot] = event;
      } else {
        schedule_.update(*known.slot, facts, now);
        if (known.score != moment.score || known.paused != moment.paused)
          schedule_.hint(*known.slot, now);
      }
      known.score = moment.score;
      known.paused = moment.paused;
    }
    for (const std::size_t event : gone) {
      schedule_.remove(*known_[event].slot);
      by_slot_.erase(*known_[event].slot);
      known_[event].slot.reset();
    }
  }

  std::vector<std::size_t> next(UtcMillis now) override {
    std::vector<std::size_t> out;
    for (const Schedule::Slot slot : schedule_.next(now)) out.push_back(by_slot_.at(slot));
    return out;
  }

  void answered(const Answer& answer, UtcMillis now) override {
    if (const auto slot = known_[answer.event].slot)
      schedule_.saw(*slot, {answer.observed_at, answer.changed, answer.suspended}, now);
  }

  Millis list_every(Millis wanted, double pages) const override {
    return list_interval(wanted, pages, limits_.requests_per_second);
  }

  void told(std::size_t event, UtcMillis now) override {
    if (const auto slot = known_[event].slot; slot && feed_) schedule_.hint(*slot, now);
  }

 private:
  struct Known {
    std::optional<Schedule::Slot> slot;
    std::uint16_t score = 0;
    bool paused = false;
  };
  const Tape& tape_;
  const Limits limits_;
  const bool feed_;
  Schedule schedule_;
  std::vector<Known> known_;
  std::map<Schedule::Slot, std::size_t> by_slot_;
};

}  // namespace

std::unique_ptr<Policy> fixed_interval(const Tape& tape, Limits limits, Millis interval,
                                       bool few_lists) {
  return std::make_unique<FixedInterval>(tape, limits, interval, few_lists);
}
std::unique_ptr<Policy> round_robin(const Tape& tape, Limits limits) {
  return std::make_unique<InTurn>(tape, limits, false);
}
std::unique_ptr<Policy> adaptive(const Tape& tape, Limits limits, bool feed) {
  return std::make_unique<Adaptive>(tape, limits, feed);
}
std::unique_ptr<Policy> clairvoyant(const Tape& tape, Limits limits) {
  return std::make_unique<InTurn>(tape, limits, true);
}

}  // namespace oddsloom::bench
