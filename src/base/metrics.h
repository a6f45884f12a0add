// Counters that parts of the program are handed, so that tests, the terminal view and exporters
// read the same numbers. Relaxed atomics: any thread may add or read; a set of counters is not a
// consistent snapshot.
#pragma once

#include <atomic>
#include <cstdint>

namespace oddsloom {

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class Gauge {
 public:
  void set(std::int64_t n) { value_.store(n, std::memory_order_relaxed); }
  void add(std::int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

}  // namespace oddsloom
