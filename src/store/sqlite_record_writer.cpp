#include "store/sqlite_record_writer.h"

#include <fmt/format.h>

namespace oddsloom {
namespace {

constexpr std::string_view kIdentityMatches =
    "event_id = ? AND bookmaker = ? AND bet_type = ? AND source = ? AND segment = ? AND line = ?";

std::string placeholders(int count) {
  std::string out = "?";
  for (int i = 1; i < count; ++i) out += ", ?";
  return out;
}

}  // namespace

SqliteRecordWriter::SqliteRecordWriter(Connection& connection, const StoreOptions& options)
    : connection_(connection),
      options_(options),
      look_up_(
          connection,
          fmt::format("SELECT id, document, hash, observed_at, offered, start_time, home, away,"
                      " competition, sport_id, betradar_id, target_date, market_id, last_change "
                      "FROM records WHERE {}",
                      kIdentityMatches)),
      read_(connection, fmt::format("SELECT {} FROM records WHERE id = ?", record_columns())),
      touch_(connection, "UPDATE records SET observed_at = ?, period = ? WHERE id = ?"),
      merge_(connection,
             fmt::format("UPDATE records SET {}, hash = ?, last_change = ? WHERE id = ?",
                         record_assignments())),
      insert_document_(connection,
                       "INSERT INTO documents (key, bet_type, source, start_time, created_at) "
                       "VALUES (?, ?, ?, ?, ?)"),
      insert_record_(
          connection,
          fmt::format("INSERT INTO records (document, hash, last_change, {}) VALUES (?, ?, ?, {})",
                      record_columns(), placeholders(kRecordColumns))),
      key_of_(connection, "SELECT key FROM documents WHERE id = ?"),
      key_taken_(connection, "SELECT 1 FROM documents WHERE key = ?"),
      move_start_(connection,
                  "UPDATE documents SET start_time = (SELECT start_time FROM records "
                  "WHERE document = ?1 AND start_time IS NOT NULL ORDER BY bookmaker LIMIT 1) "
                  "WHERE id = ?1"),
      log_change_(connection,
                  fmt::format("INSERT INTO changes (document_key, previous, {}) VALUES (?, ?, {})",
                              record_columns(), placeholders(kRecordColumns))),
      announce_(connection, "INSERT INTO announcements (stream, data_key, at) VALUES (?, ?, ?)") {}

Committed SqliteRecordWriter::write(Record record, const ContentHash& hash) {
  const std::string line = line_text(record.line);
  const auto known = look_up(record, line);
  if (!known) return record.offered ? create(record, hash, line) : Committed::Absent;
  if (known->record.observed_at > record.observed_at) return Committed::Stale;
  if (!record.offered) return withdraw(record, line, *known);
  if (known->hash == hash) return touch(record, *known);
  keep_what_is_known(record, known->record);
  const ContentHash kept = content_hash(record);
  if (known->hash == kept) return touch(record, *known);
  return merge(record, kept, line, *known);
}

std::optional<SqliteRecordWriter::Known> SqliteRecordWriter::look_up(const Record& record,
                                                                     const std::string& line) {
  Rows rows = look_up_.rows(record.event_id, record.bookmaker, record.bet_type,
                            to_string(record.source), record.segment, line);
  if (!rows.next()) return std::nullopt;
  Known known;
  known.row = rows.integer(0);
  known.document = rows.integer(1);
  known.hash = rows.hash(2);
  known.record.observed_at = rows.time(3);
  known.record.offered = rows.integer(4) != 0;
  known.record.start_time = rows.time_or_nothing(5);
  known.record.home = rows.text(6);
  known.record.away = rows.text(7);
  known.record.competition = rows.text(8);
  known.record.sport_id = rows.text(9);
  known.record.betradar_id = rows.text(10);
  known.record.target_date = rows.text(11);
  known.record.market_id = rows.text(12);
  known.last_change = rows.integer(13);
  return known;
}

Committed SqliteRecordWriter::create(Record& record, const ContentHash& hash,
                                     const std::string& line) {
  const BetType* type = options_.bet_types.find(record.bet_type);
  if (!type) {
    connection_.note({ErrorKind::Invalid, record.id().text(), "unknown bet type"});
    return Committed::Absent;
  }
  const UtcMillis now = options_.clock();
  const std::string key = free_key(*type, record, now);
  insert_document_.run(key, record.bet_type, to_string(record.source), record.start_time, now);
  record.changed_at = record.observed_at;
  const std::string outcomes = outcomes_json(record.outcomes);
  const std::int64_t document = connection_.last_row();
  const std::int64_t change = log_change(key, 0, record, line, outcomes);
  insert_record_.bind(document).bind(hash).bind(change);
  bind_identity(insert_record_, record, line);
  bind_content(insert_record_, record, outcomes);
  insert_record_.run();
  announce_.run(options_.naming.announcements(*type, record.source), key, now);
  return Committed::Created;
}

Committed SqliteRecordWriter::merge(Record& record, const ContentHash& hash,
                                    const std::string& line, const Known& known) {
  record.changed_at = record.observed_at;
  const std::string outcomes = outcomes_json(record.outcomes);
  std::int64_t change = 0;
  if (Rows key = key_of_.rows(known.document); key.next())
    change = log_change(key.text(0), known.last_change, record, line, outcomes);
  else
    connection_.note({ErrorKind::Corrupt, record.id().text(), "its document is not there"});
  bind_content(merge_, record, outcomes);
  merge_.run(hash, change, known.row);
  if (record.start_time != known.record.start_time) move_start_.run(known.document);
  return Committed::Merged;
}

Committed SqliteRecordWriter::withdraw(const Record& sighting, const std::string& line,
                                       const Known& known) {
  if (!known.record.offered) return touch(sighting, known);
  Record record;
  {
    Rows rows = read_.rows(known.row);
    if (!rows.next()) return Committed::Absent;
    record = withdrawn(read_record(rows, 0, connection_), sighting.observed_at);
  }
  record.period = sighting.period;
  return merge(record, content_hash(record), line, known);
}

Committed SqliteRecordWriter::touch(const Record& record, const Known& known) {
  touch_.run(record.observed_at, record.period, known.row);
  return Committed::Same;
}

std::int64_t SqliteRecordWriter::log_change(const std::string& key, std::int64_t previous,
                                            const Record& record, const std::string& line,
                                            const std::string& outcomes) {
  log_change_.bind(key).bind(previous);
  bind_identity(log_change_, record, line);
  bind_content(log_change_, record, outcomes);
  log_change_.run();
  return connection_.last_row();
}

// Two events may ask for one key only when document_prefix is not the bookmaker's name. The suffix
// stands at the end: what other programs split off the front stays as it is.
std::string SqliteRecordWriter::free_key(const BetType& type, const Record& record, UtcMillis now) {
  const std::string wanted = options_.naming.document_key(type, record, now);
  std::string key = wanted;
  for (int copy = 2; key_taken_.rows(key).next(); ++copy) key = fmt::format("{}~{}", wanted, copy);
  return key;
}

}  // namespace oddsloom
