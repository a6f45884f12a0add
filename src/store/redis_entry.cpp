#include "store/redis_entry.h"

#include "store/redis_house.h"

namespace oddsloom {
namespace {

// As entry_fields() writes them; nothing if there is anything else about it.
std::optional<WorkEntry> read_own_fields(ReplyView fields) {
  WorkEntry out;
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const std::string_view name = fields[i].text(), value = fields[i + 1].text();
    if (name == "event_id") {
      out.event_id = value;
    } else if (name == "home") {
      out.home = value;
    } else if (name == "away") {
      out.away = value;
    } else if (name == "competition") {
      out.competition = value;
    } else if (name == "sport_id") {
      out.sport_id = value;
    } else if (name == "betradar_id") {
      out.betradar_id = value;
    } else if (name == "start_time") {
      const auto time = parse_iso8601(value);
      if (!time) return std::nullopt;
      out.start_time = *time;
    } else if (name != "appended_at") {
      return std::nullopt;
    }
  }
  if (out.event_id.empty()) return std::nullopt;
  return out;
}

}  // namespace

std::vector<std::string> entry_fields(const WorkEntry& entry) {
  std::vector<std::string> out;
  const auto add = [&](const char* name, std::string value) {
    if (value.empty()) return;
    out.emplace_back(name);
    out.push_back(std::move(value));
  };
  add("event_id", entry.event_id);
  add("home", entry.home);
  add("away", entry.away);
  if (entry.start_time) add("start_time", to_iso8601(*entry.start_time));
  add("competition", entry.competition);
  add("sport_id", entry.sport_id);
  add("betradar_id", entry.betradar_id);
  add("data_key", entry.data_key);
  return out;
}

Result<WorkEntry> read_entry_fields(ReplyView fields) {
  if (auto own = read_own_fields(fields)) return *std::move(own);
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    json.key(fields[i].text());
    // Everything is text in a stream; a time may have been written as a number.
    const auto number = fields[i].text() == "start_time" ? fields[i + 1].integer() : std::nullopt;
    if (number)
      json.value(*number);
    else
      json.value(fields[i + 1].text());
  }
  json.end_object();
  return parse_work_entry(text);
}

UtcMillis appended_at(ReplyView fields, std::string_view id) {
  if (const auto at = fields.member("appended_at").integer()) return {*at};
  return time_of_entry_id(id);
}

}  // namespace oddsloom
