// How much we may ask of one host: requests per second and requests in flight, over all workers of
// the process, and a breaker that opens when the host says no. Every request passes try_begin()
// before it is started and end() when it has ended. Who asks oftenest would get all; so requests
// for lists, which are few, have a share that looks leave them while one waits. Any thread. Pure
// state machine over the time it is given: no clock, no sleeping.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace oddsloom {

struct HostBudgetConfig {
  double requests_per_second = 10;  // sustained; > 0
  double burst = 10;                // requests that may go at once after a quiet time; >= 1
  unsigned in_flight = 50;          // at once, over all workers
  unsigned breaker_refusals = 5;    // refusals in a row (429, 403, challenge, 5xx, no connection)
                                    // that open the breaker; 0 = it never opens
  Millis breaker_pause{5'000};      // first pause; doubles while the probe after it is refused too
  Millis breaker_longest{300'000};
};

// What a request is for: an event's markets, or a page of a list of events.
enum class HostUse { Look, List };

// Of the sustained rate, what lists get at least while they want it, and what a poller that plans
// ahead asks for at most: goals and new events are worth no more of it.
inline constexpr double kListShare = 0.1;

enum class HostAnswer {
  Good,     // an answer we could use, or a 404/422: the host works
  Refused,  // 429, 403, challenge page
  Failing,  // 5xx, timeout, no connection, truncated
};

enum class HostWait { None, Rate, InFlight, RetryAfter, Breaker };
std::string_view to_string(HostWait wait);

class HostBudget {
 public:
  explicit HostBudget(HostBudgetConfig config);

  struct Grant {
    bool granted = false;
    UtcMillis retry_at;  // when granted is false: not worth asking before then
    HostWait why = HostWait::None;
  };
  // Takes one request's worth, or says when to come back. While the breaker is half open one probe
  // is granted.
  Grant try_begin(UtcMillis now, HostUse use = HostUse::Look);
  // Exactly once per granted try_begin. retry_after holds every worker back until then (capped at
  // an hour). While a probe is out, the first answer to end decides for it: the host has spoken.
  void end(UtcMillis now, HostAnswer answer, std::optional<Millis> retry_after = std::nullopt);

  struct State {
    HostWait waiting = HostWait::None;  // what a try_begin at `now` would be told
    UtcMillis until;
    unsigned in_flight = 0;
    bool breaker_open = false;
    std::uint64_t held_back = 0;  // how often try_begin said no, ever
  };
  State state(UtcMillis now) const;

 private:
  Grant decide(UtcMillis now, HostUse use) const;
  bool owes_list(UtcMillis now) const;
  double tokens_at(UtcMillis now) const;
  void refill(UtcMillis now);
  Millis pause() const;  // of the breaker's present level

  const HostBudgetConfig config_;
  mutable std::mutex mutex_;
  double tokens_;
  UtcMillis refilled_{0};
  UtcMillis list_refused_{0};  // the last time; 0: none has been since the last grant of one
  UtcMillis list_granted_{0};
  unsigned in_flight_ = 0;
  UtcMillis not_before_{0};  // from Retry-After
  unsigned refusals_in_a_row_ = 0;
  unsigned breaker_level_ = 0;  // 0 closed; n: open for breaker_pause << (n-1)
  UtcMillis breaker_until_{0};
  bool probing_ = false;
  std::uint64_t held_back_ = 0;
};

}  // namespace oddsloom
