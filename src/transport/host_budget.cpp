#include "transport/host_budget.h"

#include <algorithm>
#include <cmath>

namespace oddsloom {
namespace {

constexpr Millis kLongestRetryAfter{3'600'000};
// What we wait for has no known time: a place in flight, the outcome of a probe.
constexpr Millis kLookAgain{20};
// Workers' clocks race by a few milliseconds; only more than this is a clock that was set back.
constexpr Millis kClockStep{1'000};
// A list that is still wanted asks again sooner than this.
constexpr Millis kListGone{1'000};
constexpr double kRounding = 1e-9;

}  // namespace

std::string_view to_string(HostWait wait) {
  switch (wait) {
    case HostWait::None:
      return "none";
    case HostWait::Rate:
      return "rate";
    case HostWait::InFlight:
      return "in flight";
    case HostWait::RetryAfter:
      return "retry after";
    case HostWait::Breaker:
      break;
  }
  return "breaker";
}

HostBudget::HostBudget(HostBudgetConfig config) : config_(config), tokens_(config.burst) {}

double HostBudget::tokens_at(UtcMillis now) const {
  const auto passed = static_cast<double>(std::max((now - refilled_).count(), Millis::rep{0}));
  return std::min(config_.burst, tokens_ + passed * config_.requests_per_second / 1000.0);
}

void HostBudget::refill(UtcMillis now) {
  tokens_ = tokens_at(now);
  if (now > refilled_ || refilled_ - now > kClockStep) refilled_ = now;
}

Millis HostBudget::pause() const {
  Millis pause = std::min(config_.breaker_pause, config_.breaker_longest);
  for (unsigned i = 1; i < breaker_level_ && pause < config_.breaker_longest; ++i)
    pause = pause > config_.breaker_longest / 2 ? config_.breaker_longest : pause * 2;
  return pause;
}

bool HostBudget::owes_list(UtcMillis now) const {
  const Millis asked = now - list_refused_, granted = now - list_granted_;
  if (list_refused_ == UtcMillis{0} || asked > kListGone || asked < -kListGone) return false;
  if (granted < -kClockStep) return true;  // the clock was set back; how long ago is not known
  const double since = static_cast<double>(granted.count()) / 1000.0;
  return since * config_.requests_per_second * kListShare >= 1.0;
}

HostBudget::Grant HostBudget::decide(UtcMillis now, HostUse use) const {
  const auto wait = [](UtcMillis until, HostWait why) { return Grant{false, until, why}; };
  if (not_before_ > now && not_before_ >= breaker_until_)
    return wait(not_before_, HostWait::RetryAfter);
  if (breaker_level_ > 0 && breaker_until_ > now) return wait(breaker_until_, HostWait::Breaker);
  if (breaker_level_ > 0 && probing_) return wait(now + kLookAgain, HostWait::Breaker);
  if (in_flight_ >= config_.in_flight) return wait(now + kLookAgain, HostWait::InFlight);
  const double lacking = 1.0 - tokens_at(now);
  if (lacking > kRounding) {
    const double millis = std::ceil(lacking / config_.requests_per_second * 1000.0);
    return wait(now + Millis(static_cast<Millis::rep>(millis)), HostWait::Rate);
  }
  if (use == HostUse::Look && owes_list(now)) return wait(now + kLookAgain, HostWait::Rate);
  return {true, now, HostWait::None};
}

HostBudget::Grant HostBudget::try_begin(UtcMillis now, HostUse use) {
  const std::lock_guard lock(mutex_);
  refill(now);
  const Grant grant = decide(now, use);
  if (!grant.granted) {
    ++held_back_;
    if (use == HostUse::List && grant.why == HostWait::Rate) list_refused_ = now;
    return grant;
  }
  if (use == HostUse::List) {
    list_refused_ = UtcMillis{0};
    list_granted_ = now;
  }
  tokens_ -= 1.0;
  ++in_flight_;
  probing_ = breaker_level_ > 0;
  return grant;
}

void HostBudget::end(UtcMillis now, HostAnswer answer, std::optional<Millis> retry_after) {
  const std::lock_guard lock(mutex_);
  if (in_flight_ > 0) --in_flight_;
  if (retry_after)
    not_before_ = std::max(not_before_, now + std::min(*retry_after, kLongestRetryAfter));

  // Answers to requests from before the breaker opened say nothing new about the host.
  if (breaker_level_ > 0 && !probing_) return;
  probing_ = false;
  if (answer == HostAnswer::Good) {
    breaker_level_ = 0;
    refusals_in_a_row_ = 0;
    return;
  }
  ++refusals_in_a_row_;
  const bool probe_failed = breaker_level_ > 0;
  if (probe_failed ||
      (config_.breaker_refusals > 0 && refusals_in_a_row_ >= config_.breaker_refusals)) {
    ++breaker_level_;
    breaker_until_ = now + pause();
  }
}

HostBudget::State HostBudget::state(UtcMillis now) const {
  const std::lock_guard lock(mutex_);
  const Grant grant = decide(now, HostUse::Look);
  return {grant.why, grant.retry_at, in_flight_, breaker_level_ > 0, held_back_};
}

}  // namespace oddsloom
