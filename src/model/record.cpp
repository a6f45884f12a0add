#include "model/record.h"

#include <fmt/format.h>

#include "base/text.h"

namespace oddsloom {
namespace {

// The seed's spelling of a status, which is the feed's.
std::string_view seed_status(Status status) {
  switch (status) {
    case Status::Open:
      return "Open";
    case Status::Suspended:
      return "Suspended";
    case Status::Closed:
      return "Closed";
  }
  return "Closed";
}

std::string price_text(const Outcome& outcome) {
  return outcome.price ? to_text(*outcome.price) : std::string();
}

void write_outcomes(JsonWriter& json, const Record& record) {
  json.begin_object();
  for (const Outcome& outcome : record.outcomes) {
    json.key(outcome.key).begin_object();
    if (outcome.price)
      json.member("price", to_text(*outcome.price));
    else
      json.key("price").null();
    json.member("status", to_string(outcome.status)).member("usable", outcome.usable);
    json.member("selection_id", outcome.selection_id).member("name", outcome.name).end_object();
  }
  json.end_object();
}

void write_seed_status(JsonWriter& json, const Record& record) {
  json.member("event_status", seed_status(record.status));
  // Only an integer finds its way into a NUMERIC index; an id of another kind would hide the whole
  // document.
  if (const auto number = parse_int(record.event_id);
      number && fmt::format("{}", *number) == record.event_id)
    json.member("eventId_gameId", *number);
}

// teams {"home;away": {"1": {odd_value, odd_status, outcome}}}, and beside it per outcome {odd_,
// selection_id, ..}.
void write_seed_outcomes(JsonWriter& json, const Record& record) {
  json.key("teams").begin_object().key(team_key(record)).begin_object();
  for (const Outcome& outcome : record.outcomes)
    json.key(outcome.key)
        .begin_object()
        .member("odd_value", price_text(outcome))
        .member("odd_status", seed_status(outcome.status))
        .member("outcome", outcome.key)
        .end_object();
  json.end_object().end_object();
  for (const Outcome& outcome : record.outcomes)
    json.key(outcome.key)
        .begin_object()
        .member("odd_", price_text(outcome))
        .member("selection_id", outcome.selection_id)
        .member("odds_status", seed_status(outcome.status))
        .member("split(%)", "")
        .member("currency", "")
        .end_object();
}

void write_content(JsonWriter& json, const Record& record) {
  json.member("bookmaker", record.bookmaker).member("bet_type", record.bet_type);
  json.member("source", to_string(record.source)).member("segment", record.segment);
  if (record.line)
    json.member("line", to_text(*record.line));
  else
    json.key("line").null();
  json.member("event_id", record.event_id).member("home", record.home).member("away", record.away);
  if (record.start_time)
    json.member("start_time", to_iso8601(*record.start_time));
  else
    json.key("start_time").null();
  json.member("sport_id", record.sport_id).member("betradar_id", record.betradar_id);
  json.member("market_status", to_string(record.status)).member("offered", record.offered);
  write_outcomes(json.key("outcomes"), record);
}

}  // namespace

std::string RecordId::text() const {
  std::string out = fmt::format("{} {} {} {}", bookmaker, bet_type, to_string(source), event_id);
  if (segment != kFullTime) out += " " + segment;
  if (line) out += " " + to_text(*line);
  return out;
}

std::string team_key(const Record& record) {
  return fold_to_ascii(record.home) + ";" + fold_to_ascii(record.away);
}

void write_json(JsonWriter& json, const Record& record) {
  json.begin_object();
  write_content(json, record);
  json.member("observed_at", to_iso8601(record.observed_at))
      .member("changed_at", to_iso8601(record.changed_at));
  json.member("create_date", record.changed_at.seconds());
  json.member("competition_name", record.competition);
  write_seed_status(json, record);
  json.member("market_id", record.market_id).member("target_date", record.target_date);
  write_seed_outcomes(json, record);
  json.end_object();
}

std::string to_json(const Record& record, RecordForm form) {
  if (form == RecordForm::Ours)
    return with_times(content_json(record), record.observed_at, record.changed_at);
  std::string out;
  out.reserve(1536);
  JsonWriter json(out);
  write_json(json, record);
  return out;
}

std::string outcomes_member(const Record& record) {
  std::string out;
  JsonWriter json(out);
  write_outcomes(json, record);
  return out;
}

std::string content_json(const Record& record) {
  std::string content;
  content.reserve(896);
  JsonWriter json(content);
  json.begin_object();
  write_content(json, record);
  json.member("competition_name", record.competition)
      .member("market_id", record.market_id)
      .member("target_date", record.target_date)
      .end_object();
  return content;
}

ContentHash content_hash(const Record& record) { return content_hash(content_json(record)); }

std::string with_times(std::string content, UtcMillis observed_at, UtcMillis changed_at) {
  content.pop_back();
  content.append(",\"observed_at\":\"").append(to_iso8601(observed_at));
  content.append("\",\"changed_at\":\"").append(to_iso8601(changed_at)).append("\"}");
  return content;
}

void keep_what_is_known(Record& newer, const Record& older) {
  const auto keep = [](std::string& text, const std::string& known) {
    if (text.empty()) text = known;
  };
  keep(newer.home, older.home);
  keep(newer.away, older.away);
  keep(newer.competition, older.competition);
  keep(newer.sport_id, older.sport_id);
  keep(newer.betradar_id, older.betradar_id);
  keep(newer.target_date, older.target_date);
  keep(newer.market_id, older.market_id);
  if (!newer.start_time) newer.start_time = older.start_time;
}

Record withdrawn(const Record& known, UtcMillis at) {
  Record out = known;
  out.offered = false;
  out.status = Status::Closed;
  out.observed_at = at;
  for (Outcome& outcome : out.outcomes) {
    outcome.status = Status::Closed;
    outcome.usable = false;
  }
  return out;
}

}  // namespace oddsloom
