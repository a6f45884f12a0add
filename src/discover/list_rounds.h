// What a poller's rounds of the lists held, for a feed listener beside it in the same process, so
// that the bookmaker is asked for its lists once. Given by list_walk, taken by socket_listener; a
// round that nobody took makes way for the next. Any thread.
#pragma once

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "model/work_entry.h"

namespace oddsloom {

class ListRounds {
 public:
  struct Round {
    std::vector<WorkEntry> events;
    bool complete = false;  // if not, what it does not hold may still exist
  };

  // ---- who reads the lists
  void give(Round round) {
    const std::lock_guard lock(mutex_);
    last_ = std::move(round);
  }
  // Whether a round was asked for since the last call.
  bool asked_for() {
    const std::lock_guard lock(mutex_);
    return std::exchange(asked_for_, false);
  }

  // ---- who wants to know
  std::optional<Round> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(last_, std::nullopt);
  }
  // An event was heard of that no list held: read them sooner than you would.
  void ask() {
    const std::lock_guard lock(mutex_);
    asked_for_ = true;
  }

 private:
  std::mutex mutex_;
  std::optional<Round> last_;
  bool asked_for_ = false;
};

}  // namespace oddsloom
