// One line on standard error that says how far something is, for whoever waits at a terminal: shown
// when it takes longer than a second, redrawn in place, wiped at the end. Nothing where standard
// error is no terminal. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/paths.h"

namespace oddsloom {

class ProgressLine {
 public:
  explicit ProgressLine(const Environment& environment);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // What is done, how much of it, of about how much; 0 = not known.
  void show(std::string_view doing, std::uint64_t done, std::uint64_t of);

 private:
  const bool wanted_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point next_;
};

// "documents: 12,000 of about 200,000"
std::string progress_text(std::string_view doing, std::uint64_t done, std::uint64_t of);
// "1,234"
std::string grouped(std::uint64_t number);

}  // namespace oddsloom
