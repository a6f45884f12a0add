#include "model/work_entry.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "base/text.h"

namespace oddsloom {
namespace {

namespace dom = simdjson::dom;

// Text, or an integer as its digits. A missing or null member leaves `out` alone.
Result<void> read_text(dom::object object, std::string_view name, std::string& out) {
  dom::element element;
  if (object[name].get(element) != simdjson::SUCCESS || element.is_null()) return {};
  if (std::string_view text; element.get(text) == simdjson::SUCCESS)
    out = text;
  else if (std::int64_t number = 0; element.get(number) == simdjson::SUCCESS)
    out = fmt::format("{}", number);
  else if (std::uint64_t big = 0; element.get(big) == simdjson::SUCCESS)
    out = fmt::format("{}", big);
  else
    return fail(ErrorKind::WrongType, std::string(name), "expected text or an integer");
  return {};
}

Result<void> read_time(dom::object object, std::string_view name, std::optional<UtcMillis>& out) {
  const auto impossible = [&] {
    return fail(ErrorKind::OutOfRange, std::string(name), "expected a time of the years 1970-9999");
  };
  dom::element element;
  if (object[name].get(element) != simdjson::SUCCESS || element.is_null()) return {};
  if (std::int64_t number = 0; element.get(number) == simdjson::SUCCESS) {
    // Seconds until the year 5138 and milliseconds from 1973 on do not overlap.
    constexpr std::int64_t kMillisFrom = 100'000'000'000, kYear10000 = 253'402'300'800'000;
    if (number < 0 || number >= kYear10000) return impossible();
    out = UtcMillis{number < kMillisFrom ? number * 1000 : number};
    return {};
  }
  if (element.is_uint64()) return impossible();
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS)
    return fail(ErrorKind::WrongType, std::string(name), "expected ISO 8601 text or epoch seconds");
  if (trim(text).empty()) return {};
  const auto time = parse_iso8601(text);
  if (!time) return fail_in(name, time.error());
  out = *time;
  return {};
}

}  // namespace

std::string StreamId::name() const {
  return fmt::format("{}_{}-{}-{}_event", to_lower_ascii(bookmaker), bet_type, to_string(source),
                     period);
}

std::string StreamId::group() const {
  return fmt::format("{}_{}-{}-{}_consumer_group", to_lower_ascii(bookmaker), bet_type,
                     to_string(source), period);
}

std::string StreamId::consumer(std::string_view unique) const {
  return fmt::format("{}_{}-{}-{}_worker:{}", to_lower_ascii(bookmaker), bet_type,
                     to_string(source), period, unique);
}

void fill_gaps(WorkEntry& known, const WorkEntry& more) {
  const auto text = [](std::string& into, const std::string& from) {
    if (into.empty()) into = from;
  };
  text(known.home, more.home);
  text(known.away, more.away);
  text(known.competition, more.competition);
  text(known.sport_id, more.sport_id);
  text(known.betradar_id, more.betradar_id);
  if (!known.start_time) known.start_time = more.start_time;
}

WorkEntry entry_of(const Record& record) {
  return {record.event_id,    record.home,     record.away,        record.start_time,
          record.competition, record.sport_id, record.betradar_id, {}};
}

std::string to_json(const WorkEntry& entry) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  const auto text = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) json.member(name, value);
  };
  text("event_id", entry.event_id);
  text("home", entry.home);
  text("away", entry.away);
  if (entry.start_time) json.member("start_time", to_iso8601(*entry.start_time));
  text("competition", entry.competition);
  text("sport_id", entry.sport_id);
  text("betradar_id", entry.betradar_id);
  text("data_key", entry.data_key);
  json.end_object();
  return out;
}

std::string id_of_key(std::string_view key) {
  const auto colon = key.rfind(':');
  return std::string(trim(colon == std::string_view::npos ? key : key.substr(colon + 1)));
}

Result<WorkEntry> parse_work_entry(std::string_view json) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS)
    return fail(ErrorKind::Malformed, "", "not a JSON object");
  WorkEntry entry;
  std::string event_id, camel_id, key_path;
  for (const auto& [name, out] : {std::pair<std::string_view, std::string*>{"event_id", &event_id},
                                  {"eventId", &camel_id},
                                  {"key_path", &key_path},
                                  {"home", &entry.home},
                                  {"away", &entry.away},
                                  {"competition", &entry.competition},
                                  {"sport_id", &entry.sport_id},
                                  {"betradar_id", &entry.betradar_id},
                                  {"data_key", &entry.data_key}})
    if (auto read = read_text(object, name, *out); !read) return tl::unexpected(read.error());
  if (auto read = read_time(object, "start_time", entry.start_time); !read)
    return tl::unexpected(read.error());
  entry.event_id = !event_id.empty()   ? event_id
                   : !camel_id.empty() ? camel_id
                                       : id_of_key(key_path);
  if (entry.event_id.empty() && entry.data_key.empty())
    return fail(ErrorKind::Missing, "event_id",
                "an entry needs event_id, eventId, key_path or data_key");
  return entry;
}

}  // namespace oddsloom
