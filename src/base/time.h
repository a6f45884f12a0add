// Points in time as UTC milliseconds since 1970, spans as std::chrono durations.
// Every room uses these; nobody passes a bare integer. Values only, no threads.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace oddsloom {

using Millis = std::chrono::milliseconds;
using Micros = std::chrono::microseconds;

struct UtcMillis {
  std::int64_t value = 0;  // milliseconds since 1970-01-01T00:00:00Z

  auto operator<=>(const UtcMillis&) const = default;
  UtcMillis operator+(Millis span) const { return {value + span.count()}; }
  UtcMillis operator-(Millis span) const { return {value - span.count()}; }
  Millis operator-(UtcMillis other) const { return Millis(value - other.value); }
  std::int64_t seconds() const { return value / 1000; }
};

// Where "now" comes from; tests and the simulator hand in their own. Must be callable from any
// thread.
using Clock = std::function<UtcMillis()>;

UtcMillis now_utc();  // the system's clock
Clock system_clock();

// "2026-08-09T19:30:00.000Z"
std::string to_iso8601(UtcMillis time);
// The same at `at`, where kLongestIso8601 bytes have room; its end. For texts that are written
// often.
inline constexpr std::size_t kLongestIso8601 = 32;
char* put_iso8601(char* at, UtcMillis time);

// Reads "2026-08-09T19:30:00Z", with or without a fraction, with "Z" or "+03:00".
// Errors: Malformed, OutOfRange (month 13, 24:61). A time without a zone is Malformed: it would be
// a guess.
Result<UtcMillis> parse_iso8601(std::string_view text);

// "90ms", "15s", "2m", "6h", "3d"; a bare number is Malformed: it would be a guess.
Result<Millis> parse_duration(std::string_view text);
std::string to_text(Millis span);  // the shortest exact form, "1500ms", "15s", "6h"

}  // namespace oddsloom
