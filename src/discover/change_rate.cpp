#include "discover/change_rate.h"

#include <algorithm>
#include <cmath>

namespace oddsloom {
namespace {

constexpr double kDoubt = 2;    // changes that the expectation weighs
constexpr double kMemory = 30;  // expected changes after which a look counts for a third
constexpr double kMost = 5;     // changes a second; faster than anything could be looked at

}  // namespace

void ChangeRate::looked(double seconds, bool changed) {
  if (seconds <= 0) return;
  const double fading = std::exp(-seconds * expected_ / kMemory);
  // "Something changed" hides how often: with rate r it was r t / (1 - e^-rt) times on average.
  const double hidden = std::max(per_second() * seconds, 1e-9);
  changes_ = changes_ * fading + (changed ? hidden / -std::expm1(-hidden) : 0);
  seconds_ = seconds_ * fading + seconds;
}

void ChangeRate::lasted(double seconds) {
  if (seconds <= 0) return;
  changes_ += 1;
  seconds_ += seconds;
}

double ChangeRate::per_second() const {
  return std::min((changes_ + kDoubt) / (seconds_ + kDoubt / expected_), kMost);
}

}  // namespace oddsloom
