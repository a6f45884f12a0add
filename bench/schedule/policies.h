// The ways of spending a budget that bench/schedule_bench.cpp compares. One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/schedule/tape.h"

namespace oddsloom::bench {

struct Limits {
  double requests_per_second = 5;
  std::size_t ids_per_request = 1;
  Millis fresh_for{15'000};
};

struct Answer {
  std::size_t event = 0;
  UtcMillis observed_at;
  bool changed = false;  // different from what was stored
  bool suspended = false;
};

class Policy {
 public:
  virtual ~Policy() = default;
  // A round of the lists: which events are in play, as the pages told.
  virtual void listed(const std::vector<std::size_t>& events, std::size_t tick, double pages,
                      UtcMillis now) = 0;
  // What one request may carry now; none = nothing to ask for.
  virtual std::vector<std::size_t> next(UtcMillis now) = 0;
  virtual void answered(const Answer& answer, UtcMillis now) = 0;
  // From the beginning of one round of the lists, of so many pages, to the next.
  virtual Millis list_every(Millis wanted, double pages) const {
    (void)pages;
    return wanted;
  }
  // Told of a change as it happens; only some policies listen.
  virtual void told(std::size_t event, UtcMillis now) {
    (void)event;
    (void)now;
  }
};

// The plain poller (discover/event_table.h): each event on the streams every `interval`, whatever
// the budget says, and the streams worked off first come, first served.
// Its lists at the interval they are set to, or no oftener than the schedule's.
std::unique_ptr<Policy> fixed_interval(const Tape& tape, Limits limits, Millis interval,
                                       bool few_lists);
// Whoever was looked at longest ago, as fast as the budget goes.
std::unique_ptr<Policy> round_robin(const Tape& tape, Limits limits);
// discover/schedule.h; with `feed` a feed's hints, too.
std::unique_ptr<Policy> adaptive(const Tape& tape, Limits limits, bool feed);
// Told of every change at once, and looks where there was one; what is left of the budget goes to
// whoever was looked at longest ago.
std::unique_ptr<Policy> clairvoyant(const Tape& tape, Limits limits);

}  // namespace oddsloom::bench
