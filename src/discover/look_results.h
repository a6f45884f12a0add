// What came of looks at one bookmaker's events, whoever made them: read from the store, so that a
// poller learns also from workers in other processes, from feeds and from browsers. Between the
// store and discover/look_plan. Not thread-safe: one poller's own.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "discover/schedule.h"
#include "store/store.h"

namespace oddsloom {

struct EventLook {
  std::string event_id;
  Look look;
};

class LookResults {
 public:
  struct Of {
    std::string bookmaker;
    Source source = Source::Live;
    std::vector<std::string> bet_types;
    Millis fresh_for{15'000};
  };
  LookResults(std::unique_ptr<Reader> reader, Of of)
      : reader_(std::move(reader)), of_(std::move(of)) {}

  // The events seen anew since the call before. An event counts as seen when its bet types are, all
  // of them, but for those that nobody works off any more. Errors: the store cannot be read now.
  Result<std::vector<EventLook>> read(UtcMillis now);

 private:
  struct Market {
    UtcMillis observed_at, changed_at;
  };
  struct Event {
    std::map<std::string, Market, std::less<>> markets;  // by bet type; of its lines the newest
    std::set<std::string, std::less<>> suspended;        // bet types
    UtcMillis observed_at, changed_at;                   // as last told
  };
  Result<void> read_times(UtcMillis now);
  Result<void> read_changes();

  std::unique_ptr<Reader> reader_;
  const Of of_;
  std::unordered_map<std::string, Event> events_;  // by id; those seen lately
  std::optional<UtcMillis> since_;                 // nothing before it is read again
  std::optional<std::uint64_t> cursor_;            // in the change log
};

}  // namespace oddsloom
