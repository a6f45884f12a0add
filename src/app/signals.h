// Ctrl-C and SIGTERM as a stop request. The first one asks everything to end in order; a second one
// ends the process at once. Made by main's commands before any other thread, because threads
// inherit which signals are blocked. One per process.
#pragma once

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>

namespace oddsloom {

class StopSignals {
 public:
  // `before_forced_exit` runs on the signal thread, after the second signal; it may only write.
  explicit StopSignals(std::function<void()> before_forced_exit = {});
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  std::stop_source& source() { return source_; }
  std::stop_token token() const { return source_.get_token(); }
  bool received() const { return received_; }

 private:
  void watch();

  std::function<void()> before_forced_exit_;
  std::stop_source source_;
  std::atomic<bool> received_{false};
  int signals_ = -1;
  int ending_ = -1;
  std::jthread thread_;
};

}  // namespace oddsloom
