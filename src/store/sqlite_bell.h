// Rung when this process has appended something, so that its own claimers wake at once; appends of
// other processes show in SQLite's data_version. Any thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "base/time.h"

namespace oddsloom {

class Bell {
 public:
  void ring() {
    const std::lock_guard lock(mutex_);
    ++rung_;
    changed_.notify_all();
  }
  std::uint64_t rung() const {
    const std::lock_guard lock(mutex_);
    return rung_;
  }
  // Until it has been rung more often than `seen`, or `wait` is over.
  void wait(std::uint64_t seen, Millis wait) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, wait, [&] { return rung_ > seen; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t rung_ = 0;
};

}  // namespace oddsloom
