// One line per happening that an operator acts on: a name and key=value fields, as text or JSON
// (spdlog below). Any thread. Frequent happenings go through a Sampler, which says how many it kept
// back. Secrets never come here: log names, counts and redacted URLs (base/text.h).
#pragma once

#include <fmt/format.h>

#include <atomic>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace oddsloom::log {

enum class Level { Debug, Info, Warn, Error, Off };
enum class Format { Text, Json };

struct Field {
  std::string_view key;
  std::string value;
};

template <class T>
Field kv(std::string_view key, const T& value) {
  return {key, fmt::format("{}", value)};
}

// Lines go to standard error, or to the file when one is named (appended to). Called once by main.
// Errors: Invalid when the file cannot be opened.
Result<void> setup(Level level, Format format, const std::string& file = "");

void write(Level level, std::string_view happening, std::initializer_list<Field> fields = {});
inline void debug(std::string_view h, std::initializer_list<Field> f = {}) {
  write(Level::Debug, h, f);
}
inline void info(std::string_view h, std::initializer_list<Field> f = {}) {
  write(Level::Info, h, f);
}
inline void warn(std::string_view h, std::initializer_list<Field> f = {}) {
  write(Level::Warn, h, f);
}
inline void error(std::string_view h, std::initializer_list<Field> f = {}) {
  write(Level::Error, h, f);
}

// Lets one line through per interval and counts the rest. Any thread.
//   if (auto seen = blocked_.pass()) log::warn("blocked", {kv("seen", *seen), ...});
class Sampler {
 public:
  explicit Sampler(Millis interval = Millis(10'000)) : interval_(interval) {}
  // How many happened since the last line, this one included; nothing if it is not time for a line.
  std::optional<std::uint64_t> pass(UtcMillis now = now_utc());

 private:
  Millis interval_;
  std::atomic<std::uint64_t> held_{0};
  std::atomic<std::int64_t> next_{0};
};

}  // namespace oddsloom::log
