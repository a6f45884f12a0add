#include "store/sqlite_dead_letters.h"

#include "store/sqlite_settler.h"

namespace oddsloom {
namespace {

constexpr std::string_view kRetry =
    "INSERT INTO entries (stream, appended_at, event_id, entry) "
    "SELECT stream, ?1, event_id, entry FROM dead_letters ";

}  // namespace

SqliteDeadLetters::SqliteDeadLetters(Connection& connection, StreamRows& streams)
    : connection_(connection),
      streams_(streams),
      list_(connection,
            "SELECT s.bookmaker, s.bet_type, s.source, s.period, d.id, d.reason, d.deliveries, "
            "d.attempts, d.appended_at, d.died_at, d.entry, d.event_id "
            "FROM dead_letters d JOIN streams s ON s.id = d.stream "
            "ORDER BY d.died_at, d.id LIMIT ?"),
      retry_all_(connection, std::string(kRetry) + "ORDER BY died_at, id"),
      retry_one_(connection, std::string(kRetry) + "WHERE id = ?2 AND stream = ?3"),
      drop_all_(connection, "DELETE FROM dead_letters WHERE true"),
      drop_one_(connection, "DELETE FROM dead_letters WHERE id = ? AND stream = ?") {}

std::vector<DeadLetter> SqliteDeadLetters::list(std::size_t most) {
  std::vector<DeadLetter> out;
  Rows rows = list_.rows(static_cast<std::int64_t>(most));
  while (rows.next()) {
    DeadLetter letter;
    const auto source = parse_source(rows.view(2));
    if (!source) {
      connection_.note({ErrorKind::Corrupt, "streams", source.error().text()});
      break;
    }
    letter.ref = {{rows.text(0), rows.text(1), *source, rows.small(3)},
                  std::to_string(rows.integer(4))};
    letter.reason = rows.text(5);
    letter.deliveries = rows.small(6);
    letter.attempts = rows.small(7);
    letter.appended_at = rows.time(8);
    letter.died_at = rows.time(9);
    // One that cannot be read died of just that; its reason says so.
    if (auto work = parse_work_entry(rows.view(10)))
      letter.work = *std::move(work);
    else
      letter.work.event_id = rows.text(11);
    out.push_back(std::move(letter));
  }
  return out;
}

std::size_t SqliteDeadLetters::retry(const std::vector<EntryRef>& entries, UtcMillis now) {
  if (entries.empty()) retry_all_.run(now);
  for (const EntryRef& entry : entries) {
    const auto row = entry_row(entry);
    const auto stream = streams_.find(entry.stream);
    if (row && stream) retry_one_.run(now, *row, *stream);
  }
  return drop(entries);
}

std::size_t SqliteDeadLetters::drop(const std::vector<EntryRef>& entries) {
  if (entries.empty()) return static_cast<std::size_t>(drop_all_.run());
  int dropped = 0;
  for (const EntryRef& entry : entries) {
    const auto row = entry_row(entry);
    const auto stream = streams_.find(entry.stream);
    if (row && stream) dropped += drop_one_.run(*row, *stream);
  }
  return static_cast<std::size_t>(dropped);
}

}  // namespace oddsloom
