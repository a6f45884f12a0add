// Plays a policy against the tape in simulated time, within a budget, and looks at the stored
// prices as a reader would. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/schedule/policies.h"

namespace oddsloom::bench {

// Times of many prices, kept in twentieths of a second so that any share of them can be told.
class Times {
 public:
  void add(Millis time);
  double mean() const;            // seconds
  double at(double share) const;  // seconds; the time that this share does not exceed
  double share_above(Millis limit) const;
  std::uint64_t count() const { return count_; }

 private:
  static constexpr Millis kStep{50};
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  double sum_ = 0;
};

struct Outcome {
  Times wrong;  // of every price shown as usable: how long it has not been true; 0 while it is
  Times seen;   // of the same: how long ago it was seen
  double requests_per_second = 0;  // lists included
  double events_per_second = 0;    // looked at
};

struct Timing {
  Millis warm_up{10 * 60'000};  // not measured
  Millis list_every{5'000};
  Millis latency{600};  // of an answer; what it says is as of the middle
  Millis until_stored{100};
  Millis until_scheduled{400};  // until the poller reads in the store what came of its look
};

Outcome play(const Tape& tape, const Limits& limits, const Timing& timing, Policy& policy);

}  // namespace oddsloom::bench
