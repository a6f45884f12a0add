#include "transport/retry.h"

#include <algorithm>

namespace oddsloom {
namespace {
constexpr Millis kLongestRetryAfter{3'600'000};
}

Millis retry_delay(const RetryPolicy& policy, unsigned failed, std::optional<Millis> retry_after,
                   std::minstd_rand& random) {
  const Millis longest = std::max(policy.longest, Millis(0));
  Millis whole = std::clamp(policy.first, Millis(0), longest);
  for (unsigned i = 1; i < failed && whole < longest && whole.count() > 0; ++i)
    whole = whole > longest / 2 ? longest : whole * 2;
  std::uniform_int_distribution<Millis::rep> jitter(whole.count() / 2, whole.count());
  const Millis delay(jitter(random));
  return retry_after ? std::max(delay, std::min(*retry_after, kLongestRetryAfter)) : delay;
}

}  // namespace oddsloom
