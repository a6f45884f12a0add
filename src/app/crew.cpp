#include "app/crew.h"

#include <exception>

#include "base/log.h"

namespace oddsloom {

bool pause_for(std::stop_token stop, Millis span) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, span, [] { return false; });
  return stop.stop_requested();
}

Crew::~Crew() {
  stop_.request_stop();
  threads_.clear();
}

void Crew::add(std::string name, Job job) { start(std::move(name), std::move(job), true); }

void Crew::add_helper(std::string name, Job job) { start(std::move(name), std::move(job), false); }

void Crew::start(std::string name, Job job, bool counted) {
  if (counted) {
    const std::lock_guard lock(mutex_);
    ++working_;
  }
  threads_.emplace_back([this, name = std::move(name), job = std::move(job), counted] {
    Result<void> result;
    try {
      result = job(stop_.get_token());
    } catch (const std::exception& error) {
      result = fail(ErrorKind::Internal, "", error.what());
    }
    if (!result) {
      log::error("part_failed", {log::kv("part", name), log::kv("why", result.error().text())});
      stop_.request_stop();
    }
    const std::lock_guard lock(mutex_);
    if (!result && !failure_) failure_ = fail_in(name, result.error()).value();
    if (counted) --working_;
    ended_.notify_all();
  });
}

bool Crew::wait(Millis span) {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, span, [this] { return working_ == 0; });
}

std::optional<Error> Crew::join() {
  while (!wait(Millis(60'000))) {
  }
  stop_.request_stop();
  threads_.clear();
  return failure_;
}

}  // namespace oddsloom
