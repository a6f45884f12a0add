// Reads of the store that the I/O thread must not wait for: done one after another on a thread of
// their own, the outcome handed over on the I/O thread. Between the store and what answers clients.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>

#include "serve/dashboard_history.h"
#include "store/store.h"

namespace oddsloom {

class StoreReads {
 public:
  static constexpr std::size_t kMostWaiting = 256;
  // What is to be said on the I/O thread of what was read.
  using Outcome = std::function<void()>;
  using Job = std::function<Outcome(Reader&)>;

  // `post`: has an outcome said on the I/O thread; any thread.
  StoreReads(std::unique_ptr<Reader> reader, std::function<void(Outcome)> post)
      : reader_(std::move(reader)), post_(std::move(post)) {}

  // Any thread. False: too many wait already.
  bool add(Job job);
  // Until a stop is asked for; what still waits then is dropped.
  Result<void> run(const std::stop_token& stop);

 private:
  const std::unique_ptr<Reader> reader_;
  const std::function<void(Outcome)> post_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Job> waiting_;
};

// For the dashboard; `reads` outlives it. Refuses with Busy where too many wait.
ReadHistory history_reads(StoreReads& reads);

}  // namespace oddsloom
