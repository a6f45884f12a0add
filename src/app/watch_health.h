// How the pipeline is doing, in two lines: gathered from the store by watch_feed.h and, where the
// workers run in the same process, from their counters. Values; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"

namespace oddsloom {

struct WatchHealth {
  // from the store
  double changes_per_second = 0;
  std::uint64_t queue = 0, pending = 0, delayed = 0, dead = 0;  // entries, over all streams
  std::optional<Millis> oldest;                                 // age of the oldest entry
  std::uint64_t documents = 0;
  std::string trouble;  // why the store could not be read, "" = it could

  // from the parts in this process
  struct Parts {
    double events_per_second = 0;
    std::uint64_t requests = 0;
    std::int64_t in_flight = 0;
    std::vector<std::pair<std::string, std::uint64_t>> failures;  // by kind, those that happened
    std::vector<std::string> waits;                               // "BookieDelta: retry-after 4s"
    std::vector<std::string>
        late;  // budgets that do not reach, "BookieDelta live: 12.5 requests/s .."
  };
  std::optional<Parts> parts;
};

// What is happening, and what goes wrong ("" = nothing).
std::string activity_text(const WatchHealth& health);
std::string trouble_text(const WatchHealth& health);

}  // namespace oddsloom
