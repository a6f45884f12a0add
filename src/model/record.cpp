#include "model/record.h"

#include <fmt/format.h>

#include "base/text.h"

namespace oddsloom {

std::string RecordId::text() const {
  std::string out = fmt::format("{} {} {} {}", bookmaker, bet_type, to_string(source), event_id);
  if (segment != kFullTime) out += " " + segment;
  if (line) out += " " + to_text(*line);
  return out;
}

std::string team_key(const Record& record) {
  return fold_to_ascii(record.home) + ";" + fold_to_ascii(record.away);
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
