#include "app/local_time.h"

#include <fmt/format.h>

#include <array>
#include <ctime>

namespace oddsloom {
namespace {

std::tm local(UtcMillis time) {
  const std::time_t seconds = time.seconds();
  std::tm out{};
  ::localtime_r(&seconds, &out);
  return out;
}

std::string format(const std::tm& time, const char* how) {
  std::array<char, 64> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), how, &time);
  return {text.data(), length};
}

}  // namespace

std::string clock_text(UtcMillis time) { return format(local(time), "%H:%M:%S"); }

std::string moment_text(UtcMillis time, UtcMillis now) {
  const std::tm then = local(time), today = local(now);
  if (then.tm_year == today.tm_year && then.tm_yday == today.tm_yday) return format(then, "%H:%M");
  constexpr Millis kDay(86'400'000);
  if (time > now && time - now < 6 * kDay) return format(then, "%a %H:%M");
  return format(then, "%d %b %H:%M");
}

std::string age_text(Millis age) {
  const std::int64_t seconds = age.count() < 0 ? 0 : age.count() / 1000;
  if (seconds < 100) return fmt::format("{}s", seconds);
  if (seconds < 100 * 60) return fmt::format("{}m", seconds / 60);
  if (seconds < 48 * 3600) return fmt::format("{}h", seconds / 3600);
  return fmt::format("{}d", seconds / 86'400);
}

}  // namespace oddsloom
