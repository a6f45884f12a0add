#include "bookmaker/event_reader.h"

#include <fmt/format.h>

#include "base/text.h"

namespace oddsloom {
namespace {

// "" when it is not there; a list or an object where a text belongs is a problem.
std::string read_plain(const Expression& expression, const Scope& scope, std::string_view place,
                       std::vector<std::string>& problems) {
  if (expression.empty()) return {};
  std::string scratch;
  const FoundText found = read_text(expression, scope, scratch);
  if (found.found == Found::Yes) return std::string(trim(found.text));
  if (found.found == Found::WrongType)
    problems.push_back(fmt::format("{}: {}", place_in(place, found.where), explain(found)));
  return {};
}

}  // namespace

Result<UtcMillis> parse_event_time(std::string_view text) {
  constexpr std::int64_t kYear2000 = 946'684'800'000, kYear2100 = 4'102'444'800'000;
  constexpr std::int64_t kMillisFrom = 100'000'000'000;  // seconds reach it in the year 5138
  UtcMillis time;
  if (const auto number = parse_int(text)) {
    const bool seconds = *number > -kMillisFrom && *number < kMillisFrom;
    time.value = seconds ? *number * 1000 : *number;
  } else {
    auto parsed = parse_iso8601(text);
    if (!parsed) return parsed;
    time = *parsed;
  }
  if (time.value < kYear2000 || time.value > kYear2100)
    return fail(ErrorKind::OutOfRange, "", fmt::format("'{}' is no time of a match", text));
  return time;
}

WorkEntry read_event(const EventFields& fields, const Scope& scope, std::string_view place,
                     std::vector<std::string>& problems) {
  WorkEntry event;
  event.home = read_plain(fields.home, scope, place, problems);
  event.away = read_plain(fields.away, scope, place, problems);
  event.competition = read_plain(fields.competition, scope, place, problems);
  event.sport_id = read_plain(fields.sport_id, scope, place, problems);
  event.betradar_id = read_plain(fields.betradar_id, scope, place, problems);
  if (const std::string text = read_plain(fields.start_time, scope, place, problems);
      !text.empty()) {
    if (const auto time = parse_event_time(text))
      event.start_time = *time;
    else
      problems.push_back(
          fmt::format("{}: {}", place_in(place, fields.start_time.place()), time.error().message));
  }
  return event;
}

}  // namespace oddsloom
