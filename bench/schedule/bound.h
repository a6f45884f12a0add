// The least that stored prices can be wrong under any schedule that knows exactly how often each
// price changes, playing and in breaks, but not when: what is left to gain by better estimates or
// another order, without hints. Prices are taken to change as Poisson processes do. Pure.
#pragma once

#include "bench/schedule/reader.h"

namespace oddsloom::bench {

struct Bound {
  double wrong_mean = 0, wrong_p95 = 0;  // seconds
};

// With so many events looked at a second, each in a place of its own: that a request can carry
// events of one sport only is not counted.
Bound least_wrong(const Tape& tape, const Timing& timing, double events_per_second);

}  // namespace oddsloom::bench
