#include "store/sqlite_stream_rows.h"

namespace oddsloom {

StreamRows::StreamRows(Connection& connection)
    : connection_(connection),
      find_(connection,
            "SELECT id FROM streams WHERE bookmaker = ? AND bet_type = ? AND source = ? "
            "AND period = ?"),
      make_(connection,
            "INSERT INTO streams (bookmaker, bet_type, source, period, name) "
            "VALUES (?, ?, ?, ?, ?)") {}

std::optional<std::int64_t> StreamRows::find(const StreamId& stream) {
  if (const auto at = known_.find(stream); at != known_.end()) return at->second;
  Rows rows =
      find_.rows(stream.bookmaker, stream.bet_type, to_string(stream.source), stream.period);
  if (!rows.next()) return std::nullopt;
  return known_[stream] = rows.integer(0);
}

std::int64_t StreamRows::find_or_make(const StreamId& stream) {
  if (const auto row = find(stream)) return *row;
  make_.run(stream.bookmaker, stream.bet_type, to_string(stream.source), stream.period,
            stream.name());
  if (connection_.failed()) return 0;
  return known_[stream] = connection_.last_row();
}

}  // namespace oddsloom
