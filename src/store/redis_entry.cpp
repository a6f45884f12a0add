#include "store/redis_entry.h"

#include "store/redis_house.h"

namespace oddsloom {

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
