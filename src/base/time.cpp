#include "base/time.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace oddsloom {
namespace {

// Reads exactly `digits` decimal digits at `at`, or -1.
int digits_at(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

void put_digits(char* at, std::size_t digits, unsigned value) {
  for (std::size_t i = digits; i-- > 0; value /= 10) at[i] = static_cast<char>('0' + value % 10);
}

struct Unit {
  std::string_view suffix;
  std::int64_t millis;
};
constexpr std::array<Unit, 5> kUnits{
    {{"ms", 1}, {"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}}};

}  // namespace

UtcMillis now_utc() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<Millis>(since_epoch).count()};
}

Clock system_clock() {
  return [] { return now_utc(); };
}

char* put_iso8601(char* at, UtcMillis time) {
  using std::chrono::days, std::chrono::year_month_day;
  const std::chrono::sys_time<Millis> point{Millis(time.value)};
  const auto day = std::chrono::floor<days>(point);
  const year_month_day date{day};
  const auto year = static_cast<int>(date.year());
  const auto millis = static_cast<unsigned>((point - day).count());
  // A year of five digits or before 0 is nothing that is met in practice.
  if (year < 0 || year > 9999) {
    const std::chrono::hh_mm_ss<Millis> clock{point - day};
    return fmt::format_to_n(at, kLongestIso8601, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", year,
                            static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                            clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                            clock.subseconds().count())
        .out;
  }
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
  kForm.copy(at, kForm.size());
  put_digits(at, 4, static_cast<unsigned>(year));
  put_digits(at + 5, 2, static_cast<unsigned>(date.month()));
  put_digits(at + 8, 2, static_cast<unsigned>(date.day()));
  put_digits(at + 11, 2, millis / 3'600'000);
  put_digits(at + 14, 2, millis / 60'000 % 60);
  put_digits(at + 17, 2, millis / 1'000 % 60);
  put_digits(at + 20, 3, millis % 1'000);
  return at + kForm.size();
}

std::string to_iso8601(UtcMillis time) {
  std::array<char, kLongestIso8601> text;
  return {text.data(), put_iso8601(text.data(), time)};
}

Result<UtcMillis> parse_iso8601(std::string_view text) {
  const auto malformed = [&](std::string_view why) {
    return fail(ErrorKind::Malformed, "",
                fmt::format("'{}' is not a time like 2026-08-09T19:30:00Z: {}", text, why));
  };
  const int year = digits_at(text, 0, 4), month = digits_at(text, 5, 2),
            day = digits_at(text, 8, 2);
  const int hour = digits_at(text, 11, 2), minute = digits_at(text, 14, 2),
            second = digits_at(text, 17, 2);
  if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0)
    return malformed("digits expected");
  if (text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' ||
      text[16] != ':')
    return malformed("separators");
  std::size_t at = 19;
  int millis = 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    int scale = 100;
    const std::size_t first = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10)
      millis += (text[at] - '0') * scale;
    if (at == first) return malformed("empty fraction");
  }
  std::int64_t offset_minutes = 0;
  const std::string_view zone = text.substr(at);
  if (zone == "Z" || zone == "z") {
    offset_minutes = 0;
  } else if ((zone.size() == 6 && zone[3] == ':') || zone.size() == 5) {
    const int hours = digits_at(zone, 1, 2), minutes = digits_at(zone, zone.size() == 6 ? 4 : 3, 2);
    if ((zone[0] != '+' && zone[0] != '-') || hours < 0 || minutes < 0 || hours > 15 ||
        minutes > 59)
      return malformed("zone");
    offset_minutes = (hours * 60 + minutes) * (zone[0] == '-' ? -1 : 1);
  } else {
    return malformed("no zone");
  }
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60)
    return fail(ErrorKind::OutOfRange, "", fmt::format("'{}' is not a time that exists", text));
  const auto days = std::chrono::sys_days{date}.time_since_epoch();
  const std::int64_t minutes =
      std::int64_t{days.count()} * 1440 + hour * 60 + minute - offset_minutes;
  return UtcMillis{(minutes * 60 + second) * 1000 + millis};
}

Result<Millis> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const bool overflow = error == std::errc::result_out_of_range && text.front() != '-';
  if (overflow || (error == std::errc{} && number >= 0))
    for (const Unit& unit : kUnits)
      if (suffix == unit.suffix) {
        if (overflow || number > 366 * 86'400'000LL / unit.millis)
          return fail(ErrorKind::OutOfRange, "", fmt::format("'{}' is longer than a year", text));
        return Millis(number * unit.millis);
      }
  return fail(ErrorKind::Malformed, "",
              fmt::format("'{}' is not a duration like 100ms, 15s, 2m, 6h or 3d", text));
}

std::string to_text(Millis span) {
  const std::int64_t count = span.count();
  if (count == 0) return "0s";
  if (count % 3'600'000 == 0) return fmt::format("{}h", count / 3'600'000);
  if (count % 60'000 == 0) return fmt::format("{}m", count / 60'000);
  if (count % 1000 == 0) return fmt::format("{}s", count / 1000);
  return fmt::format("{}ms", count);
}

}  // namespace oddsloom
