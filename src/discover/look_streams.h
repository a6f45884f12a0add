// A source's work streams as a poller feeds them: each event on the stream of its day, for every
// bet type, and never more than is worked off. Between discover/poller and the store. Not
// thread-safe: one poller's own.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/metrics.h"
#include "bookmaker/spec.h"
#include "store/store.h"

namespace oddsloom {

class LookStreams {
 public:
  struct Of {
    Source source = Source::Live;
    std::vector<std::string> bet_types;
    std::uint64_t most_backlog = 20'000;  // entries, over all streams
  };
  LookStreams(const Bookmaker& bookmaker, WorkStreams& streams, Of of, Counter& appended);

  // The day's stream; nothing for days beyond the last one. What has started but is still listed
  // counts as today.
  std::optional<int> period_of(const WorkEntry& event, UtcMillis now) const;

  // Events for which there is room below most_backlog.
  Result<std::size_t> room();
  // Events that wait for a worker or are with one, in the bet type that has fewest: one that nobody
  // works off holds up no other. Those put off after a failure are none, they come by themselves.
  // Looked at closely only where there may be more than `few`.
  Result<std::size_t> in_hand(std::size_t few);

  // In order, the same events for every bet type before the next ones, so that workers find an
  // event's bet types together. What a store that is busy now does not take goes first next time. A
  // bet type that has its share of most_backlog waiting is left out.
  Result<void> append(const std::vector<WorkEntry>& events, UtcMillis now);
  // What was not taken so far; append() nothing else before.
  bool waits() const { return !waiting_.empty(); }

 private:
  Result<void> flush();
  Result<void> problem(const Error& error);

  const Bookmaker& bookmaker_;
  WorkStreams& streams_;
  const Of of_;
  Counter& appended_;
  std::vector<StreamId> all_;
  std::vector<std::string> full_;  // bet types, when last looked at closely
  std::deque<std::pair<StreamId, std::vector<WorkEntry>>> waiting_;
  log::Sampler trouble_;
};

}  // namespace oddsloom
