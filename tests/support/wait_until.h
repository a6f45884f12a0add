// Waits for a condition, never for time: true as soon as it holds, false when the deadline passes
// first.
#pragma once

#include <chrono>
#include <thread>

namespace oddsloom::test {

template <class Condition>
bool wait_until(Condition holds, std::chrono::milliseconds deadline = std::chrono::seconds(60)) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace oddsloom::test
