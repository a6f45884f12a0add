// How long to wait before the next attempt: exponential with full jitter, never less than the host
// asked for. Pure; any thread (the generator is the caller's).
#pragma once

#include <optional>
#include <random>

#include "base/time.h"

namespace oddsloom {

struct RetryPolicy {
  unsigned most_attempts = 8;  // over all deliveries of one entry
  Millis first{500};           // upper bound of the wait after the first failure; doubles with each
  Millis longest{60'000};
};

// The wait after `failed` failures (>= 1): uniform in [half, whole] of min(first * 2^(failed-1),
// longest), and at least `retry_after` when the host gave one (itself capped at one hour).
Millis retry_delay(const RetryPolicy& policy, unsigned failed, std::optional<Millis> retry_after,
                   std::minstd_rand& random);

}  // namespace oddsloom
