#include "app/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace oddsloom {
namespace {

constexpr std::chrono::milliseconds kFirst{1'000};
constexpr std::chrono::milliseconds kAgain{200};

bool error_is_terminal(const Environment& environment) {
  if (::isatty(STDERR_FILENO) != 1) return false;
  const auto term = environment.find("TERM");
  return term != environment.end() && !term->second.empty() && term->second != "dumb";
}

}  // namespace

ProgressLine::ProgressLine(const Environment& environment)
    : wanted_(error_is_terminal(environment)), next_(std::chrono::steady_clock::now() + kFirst) {}

ProgressLine::~ProgressLine() {
  if (!shown_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

void ProgressLine::show(std::string_view doing, std::uint64_t done, std::uint64_t of) {
  const auto now = std::chrono::steady_clock::now();
  if (!wanted_ || now < next_) return;
  next_ = now + kAgain;
  shown_ = true;
  fmt::print(stderr, "\r\x1b[K{}", progress_text(doing, done, of));
  std::fflush(stderr);
}

std::string progress_text(std::string_view doing, std::uint64_t done, std::uint64_t of) {
  std::string text(doing);
  if (done > 0 || of > 0) text += ": " + grouped(done);
  if (of >= done && of > 0) text += " of about " + grouped(of);
  return text;
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

}  // namespace oddsloom
