#include "store/sqlite_record_rows.h"

#include <simdjson.h>

#include <array>

namespace oddsloom {
namespace {

namespace dom = simdjson::dom;

constexpr std::array<std::string_view, kRecordColumns> kColumns = {
    "bookmaker",   "bet_type", "source",      "event_id",    "segment",
    "line",        "period",   "home",        "away",        "start_time",
    "competition", "sport_id", "betradar_id", "target_date", "market_id",
    "status",      "offered",  "outcomes",    "observed_at", "changed_at"};

// Nothing: it is not what outcomes_json() wrote.
std::optional<Outcome> read_outcome(dom::element element) {
  Outcome out;
  std::string_view key, status_text, selection_id, name;
  if (element["outcome"].get(key) != simdjson::SUCCESS ||
      element["status"].get(status_text) != simdjson::SUCCESS ||
      element["usable"].get(out.usable) != simdjson::SUCCESS ||
      element["selection_id"].get(selection_id) != simdjson::SUCCESS ||
      element["name"].get(name) != simdjson::SUCCESS)
    return std::nullopt;
  const auto status = parse_status(status_text);
  if (!status) return std::nullopt;
  out.key = key;
  out.status = *status;
  out.selection_id = selection_id;
  out.name = name;
  dom::element price_element;
  if (element["price"].get(price_element) != simdjson::SUCCESS) return std::nullopt;
  if (price_element.is_null()) return out;
  std::string_view price_text;
  if (price_element.get(price_text) != simdjson::SUCCESS) return std::nullopt;
  const auto price = parse_price(price_text);
  if (!price) return std::nullopt;
  out.price = *price;
  return out;
}

std::optional<std::vector<Outcome>> parse_outcomes(std::string_view json) {
  dom::parser parser;
  dom::array array;
  if (parser.parse(json.data(), json.size()).get(array) != simdjson::SUCCESS) return std::nullopt;
  std::vector<Outcome> out;
  for (const dom::element element : array) {
    auto outcome = read_outcome(element);
    if (!outcome) return std::nullopt;
    out.push_back(*std::move(outcome));
  }
  return out;
}

}  // namespace

std::string record_columns(std::string_view prefix) {
  std::string out;
  for (const std::string_view column : kColumns)
    out.append(out.empty() ? "" : ", ").append(prefix).append(column);
  return out;
}

std::string record_assignments() {
  std::string out;
  for (std::size_t i = kIdentityColumns; i < kColumns.size(); ++i)
    out.append(out.empty() ? "" : ", ").append(kColumns[i]).append(" = ?");
  return out;
}

void bind_identity(Statement& statement, const Record& record, const std::string& line) {
  statement.bind(record.bookmaker)
      .bind(record.bet_type)
      .bind(to_string(record.source))
      .bind(record.event_id)
      .bind(record.segment)
      .bind(line);
}

void bind_content(Statement& statement, const Record& record, const std::string& outcomes) {
  statement.bind(record.period)
      .bind(record.home)
      .bind(record.away)
      .bind(record.start_time)
      .bind(record.competition)
      .bind(record.sport_id)
      .bind(record.betradar_id)
      .bind(record.target_date)
      .bind(record.market_id)
      .bind(to_string(record.status))
      .bind(record.offered)
      .bind(outcomes)
      .bind(record.observed_at)
      .bind(record.changed_at);
}

std::string line_text(const std::optional<Line>& line) {
  return line ? to_text(*line) : std::string();
}

std::string outcomes_json(const std::vector<Outcome>& outcomes) {
  std::string out;
  out.reserve(16 + outcomes.size() * 128);
  JsonWriter json(out);
  json.begin_array();
  for (const Outcome& outcome : outcomes) {
    json.begin_object().member("outcome", outcome.key);
    if (outcome.price)
      json.member("price", to_text(*outcome.price));
    else
      json.key("price").null();
    json.member("status", to_string(outcome.status)).member("usable", outcome.usable);
    json.member("selection_id", outcome.selection_id).member("name", outcome.name).end_object();
  }
  json.end_array();
  return out;
}

RecordId read_identity(const Rows& rows, int first, Connection& connection) {
  int column = first;
  RecordId out;
  out.bookmaker = rows.text(column++);
  out.bet_type = rows.text(column++);
  const auto source = parse_source(rows.view(column++));
  out.event_id = rows.text(column++);
  out.segment = rows.text(column++);
  if (source)
    out.source = *source;
  else
    connection.note({ErrorKind::Corrupt, out.text(), "its source cannot be read"});
  if (const std::string_view text = rows.view(column++); !text.empty()) {
    if (const auto line = parse_line(text))
      out.line = *line;
    else
      connection.note({ErrorKind::Corrupt, out.text(), "line: " + line.error().text()});
  }
  return out;
}

Record read_record(const Rows& rows, int first, Connection& connection) {
  RecordId id = read_identity(rows, first, connection);
  int column = first + kIdentityColumns;
  Record out;
  out.bookmaker = std::move(id.bookmaker);
  out.bet_type = std::move(id.bet_type);
  out.source = id.source;
  out.event_id = std::move(id.event_id);
  out.segment = std::move(id.segment);
  out.line = id.line;
  out.period = rows.small(column++);
  out.home = rows.text(column++);
  out.away = rows.text(column++);
  out.start_time = rows.time_or_nothing(column++);
  out.competition = rows.text(column++);
  out.sport_id = rows.text(column++);
  out.betradar_id = rows.text(column++);
  out.target_date = rows.text(column++);
  out.market_id = rows.text(column++);
  const auto status = parse_status(rows.view(column++));
  out.offered = rows.integer(column++) != 0;
  auto outcomes = parse_outcomes(rows.view(column++));
  out.observed_at = rows.time(column++);
  out.changed_at = rows.time(column++);
  if (status && outcomes) {
    out.status = *status;
    out.outcomes = *std::move(outcomes);
  } else {
    connection.note({ErrorKind::Corrupt, out.id().text(),
                     !status ? "its status cannot be read" : "its outcomes cannot be read"});
  }
  return out;
}

}  // namespace oddsloom
