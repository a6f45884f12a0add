// The threads of a command: each runs one job until it ends or a stop is asked for. The first job
// that fails stops them all. The only place, with signals.h, where the program makes threads of its
// own. Belongs to the thread that made it.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace oddsloom {

// Waits so long, less if a stop is asked for. True if it was.
bool pause_for(std::stop_token stop, Millis span);

class Crew {
 public:
  using Job = std::function<Result<void>(std::stop_token)>;

  explicit Crew(std::stop_source stop) : stop_(std::move(stop)) {}
  ~Crew();  // asks for a stop and joins
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void add(std::string name, Job job);
  // A job that goes on until the others have ended, such as tidying: wait() does not count it.
  void add_helper(std::string name, Job job);

  // True when every job has ended; waits at most so long for it.
  bool wait(Millis span);
  // Waits for the end of all jobs, then of the helpers. The first failure, if there was one.
  std::optional<Error> join();

 private:
  void start(std::string name, Job job, bool counted);

  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t working_ = 0;
  std::optional<Error> failure_;
  std::vector<std::jthread> threads_;  // last: they use everything above
};

}  // namespace oddsloom
