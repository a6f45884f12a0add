#include "bench/schedule/reader.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <optional>

namespace oddsloom::bench {
namespace {

constexpr Millis kTurn{50};        // of the poller
constexpr std::size_t kPage = 50;  // events in a page of a list

struct Asked {
  std::vector<std::size_t> events;
  std::size_t tick = 0;  // as of which the answer speaks
  UtcMillis observed_at, stored_at, known_at;
};

struct Stored {
  bool is_known = false;
  Prices prices{};
  UtcMillis observed_at;
  std::array<std::optional<UtcMillis>, kPrices> wrong_since;
};

class Play {
 public:
  Play(const Tape& tape, const Limits& limits, const Timing& timing, Policy& policy)
      : tape_(tape),
        limits_(limits),
        timing_(timing),
        policy_(policy),
        stored_(tape.events.size()),
        tokens_(limits.requests_per_second) {}

  Outcome run() {
    for (std::size_t tick = 0; tick < tape_.ticks; ++tick) {
      const UtcMillis begin = time_of(tick);
      tell_changes(tick);
      for (std::size_t i = 0; i < tape_.events.size(); ++i)
        if (stored_[i].is_known) compare(i, tick);
      for (UtcMillis now = begin; now < begin + kTick; now = now + kTurn) {
        turn(tick, now);
        if (measuring(begin)) look(tick, now + kTurn);
      }
    }
    const double measured =
        static_cast<double>((time_of(tape_.ticks) - tape_.begin - timing_.warm_up).count()) / 1000;
    out_.requests_per_second = requests_ / measured;
    out_.events_per_second = events_ / measured;
    return std::move(out_);
  }

 private:
  UtcMillis time_of(std::size_t tick) const {
    return tape_.begin + kTick * static_cast<Millis::rep>(tick);
  }
  bool measuring(UtcMillis now) const { return now - tape_.begin >= timing_.warm_up; }

  void tell_changes(std::size_t tick) {
    for (std::size_t i = 0; i < tape_.events.size(); ++i) {
      const TapeEvent& event = tape_.events[i];
      if (tick == 0 || !event.in_play(tick) || !event.in_play(tick - 1)) continue;
      if (event.at(tick).prices != event.at(tick - 1).prices) policy_.told(i, time_of(tick));
    }
  }

  bool take(UtcMillis now) {
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    if (measuring(now)) requests_ += 1;
    return true;
  }

  void turn(std::size_t tick, UtcMillis now) {
    tokens_ = std::min(tokens_ + limits_.requests_per_second * 0.001 * kTurn.count(),
                       std::max(1.0, limits_.requests_per_second));
    if (pages_left_ == 0 && now >= next_lists_) {
      pages_left_ = pages(tick);
      next_lists_ = now + policy_.list_every(timing_.list_every, pages_left_);
    }
    for (; pages_left_ > 0 && take(now); --pages_left_)
      if (pages_left_ == 1) list(tick, now);
    while (pages_left_ == 0 && tokens_ >= 1) {
      std::vector<std::size_t> events = policy_.next(now);
      if (events.empty()) break;
      take(now);
      if (measuring(now)) events_ += static_cast<double>(events.size());
      const UtcMillis spoken = now + timing_.latency / 2;
      const UtcMillis observed = now + timing_.latency;
      asked_.push_back({std::move(events), static_cast<std::size_t>((spoken - tape_.begin) / kTick),
                        observed, observed + timing_.until_stored,
                        observed + timing_.until_scheduled});
    }
    for (; !asked_.empty() && asked_.front().stored_at <= now; asked_.pop_front()) {
      store(asked_.front(), tick);
    }
    for (; !answers_.empty() && answers_.front().first <= now; answers_.pop_front())
      policy_.answered(answers_.front().second, now);
  }

  double pages(std::size_t tick) const {
    std::map<std::uint32_t, std::size_t> by_sport;
    for (const TapeEvent& event : tape_.events)
      if (event.in_play(tick)) ++by_sport[event.sport];
    double out = 0;
    for (const auto& [sport, events] : by_sport)
      out += std::ceil(static_cast<double>(events) / kPage);
    return out;
  }

  void list(std::size_t tick, UtcMillis now) {
    std::vector<std::size_t> events;
    for (std::size_t i = 0; i < tape_.events.size(); ++i)
      if (tape_.events[i].in_play(tick)) events.push_back(i);
    policy_.listed(events, tick, pages(tick), now);
  }

  void store(const Asked& asked, std::size_t tick) {
    for (const std::size_t i : asked.events) {
      const TapeEvent& event = tape_.events[i];
      Stored& stored = stored_[i];
      if (!event.in_play(asked.tick)) {  // over meanwhile
        stored = {};
        continue;
      }
      const Moment& moment = event.at(asked.tick);
      const bool changed = !stored.is_known || stored.prices != moment.prices;
      stored.is_known = true;
      stored.prices = moment.prices;
      stored.observed_at = asked.observed_at;
      stored.wrong_since = {};
      for (std::size_t later = asked.tick + 1; later <= tick; ++later) compare(i, later);
      answers_.push_back({asked.known_at, {i, asked.observed_at, changed, moment.suspended}});
    }
  }

  void compare(std::size_t i, std::size_t tick) {
    if (!tape_.events[i].in_play(tick)) return;
    Stored& stored = stored_[i];
    const Prices& truth = tape_.events[i].at(tick).prices;
    for (std::size_t p = 0; p < kPrices; ++p) {
      if (stored.prices[p] == truth[p])
        stored.wrong_since[p].reset();
      else if (!stored.wrong_since[p])
        stored.wrong_since[p] = time_of(tick);
    }
  }

  void look(std::size_t tick, UtcMillis now) {
    for (std::size_t i = 0; i < tape_.events.size(); ++i) {
      Stored& stored = stored_[i];
      if (!stored.is_known || !tape_.events[i].in_play(tick)) continue;
      for (std::size_t p = 0; p < kPrices; ++p) {
        if (stored.prices[p] == 0) continue;
        out_.wrong.add(stored.wrong_since[p] ? now - *stored.wrong_since[p] : Millis(0));
        out_.seen.add(now - stored.observed_at);
      }
    }
  }

  const Tape& tape_;
  const Limits& limits_;
  const Timing& timing_;
  Policy& policy_;
  std::vector<Stored> stored_;
  std::deque<Asked> asked_;
  std::deque<std::pair<UtcMillis, Answer>> answers_;
  UtcMillis next_lists_;
  double tokens_ = 0, pages_left_ = 0, requests_ = 0, events_ = 0;
  Outcome out_;
};

}  // namespace

void Times::add(Millis time) {
  const auto bucket = static_cast<std::size_t>(std::max(time, Millis(0)) / kStep);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
  sum_ += static_cast<double>(time.count()) / 1000;
}

double Times::mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }

double Times::at(double share) const {
  const double wanted = share * static_cast<double>(count_);
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    below += buckets_[i];
    if (static_cast<double>(below) >= wanted)
      return static_cast<double>(i) * static_cast<double>(kStep.count()) / 1000;
  }
  return 0;
}

double Times::share_above(Millis limit) const {
  std::uint64_t above = 0;
  for (std::size_t i = static_cast<std::size_t>(limit / kStep) + 1; i < buckets_.size(); ++i)
    above += buckets_[i];
  return count_ == 0 ? 0 : static_cast<double>(above) / static_cast<double>(count_);
}

Outcome play(const Tape& tape, const Limits& limits, const Timing& timing, Policy& policy) {
  return Play(tape, limits, timing, policy).run();
}

}  // namespace oddsloom::bench
