#include "store/sqlite_record_writer.h"

#include <fmt/format.h>

#include <algorithm>

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
          fmt::format("SELECT id, document, hash, observed_at, offered, start_time, last_change, "
                      "home, away, competition, sport_id, betradar_id, target_date, market_id "
                      "FROM records WHERE {}",
                      kIdentityMatches)),
      read_(connection, fmt::format("SELECT {} FROM records WHERE id = ?", record_columns())),
      lines_of_(connection,
                "SELECT line FROM records WHERE event_id = ? AND bookmaker = ? AND bet_type = ? "
                "AND source = ? AND segment = ? AND line <> ''"),
      see_(connection,
           fmt::format("UPDATE records SET observed_at = ?, period = ? WHERE {} AND hash = ? "
                       "AND observed_at <= ?",
                       kIdentityMatches)),
      last_seen_(connection,
                 fmt::format("SELECT observed_at FROM records WHERE {}", kIdentityMatches)),
      touch_(connection, "UPDATE records SET observed_at = ?, period = ? WHERE id = ?"),
      merge_(connection,
             fmt::format("UPDATE records SET {}, hash = ?, last_change = ? WHERE id = ?",
                         record_assignments())),
      insert_document_(connection,
                       "INSERT INTO documents (key, bet_type, source, start_time, created_at) "
                       "VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING"),
      insert_record_(
          connection,
          fmt::format("INSERT INTO records (document, hash, last_change, {}) VALUES (?, ?, ?, {})",
                      record_columns(), placeholders(kRecordColumns))),
      move_start_(connection,
                  "UPDATE documents SET start_time = (SELECT start_time FROM records "
                  "WHERE document = ?1 AND start_time IS NOT NULL ORDER BY bookmaker LIMIT 1) "
                  "WHERE id = ?1"),
      log_change_(connection, fmt::format("INSERT INTO changes (document_key, previous, {}) VALUES "
                                          "((SELECT key FROM documents WHERE id = ?), ?, {})",
                                          record_columns(), placeholders(kRecordColumns))),
      announce_(connection, "INSERT INTO announcements (stream, data_key, at) VALUES (?, ?, ?)") {}

Committed SqliteRecordWriter::write(Record record, ContentHash& hash) {
  const std::string line = line_text(record.line);
  if (withdraws_all_lines(record, options_.bet_types))
    keep_lines({record.id(), {}, record.observed_at, record.period});
  const auto known = look_up(record, hash, line);
  if (!known) return record.offered ? create(record, hash, line) : Committed::Absent;
  if (known->observed_at > record.observed_at) return Committed::Stale;
  if (!record.offered) return withdraw(record, hash, line, *known);
  if (known->hash == hash) return touch(record, *known);
  if (known->adds) hash = content_hash(record);
  if (known->hash == hash) return touch(record, *known);
  return merge(record, hash, line, *known);
}

Committed SqliteRecordWriter::see(const Sighting& sighting) {
  const RecordId& id = sighting.id;
  const std::string line = line_text(id.line);
  const std::string_view source = to_string(id.source);
  if (see_.run(sighting.observed_at, sighting.period, id.event_id, id.bookmaker, id.bet_type,
               source, id.segment, line, sighting.content, sighting.observed_at) > 0)
    return Committed::Same;
  Rows rows = last_seen_.rows_of(id.event_id, id.bookmaker, id.bet_type, source, id.segment, line);
  return rows.next() && rows.time(0) > sighting.observed_at ? Committed::Stale : Committed::Absent;
}

void SqliteRecordWriter::keep_lines(const LinesOffered& offered) {
  const RecordId& id = offered.id;
  std::vector<Line> gone;
  {
    Rows rows =
        lines_of_.rows_of(id.event_id, id.bookmaker, id.bet_type, to_string(id.source), id.segment);
    while (rows.next())
      if (const auto line = parse_line(rows.view(0));
          line &&
          std::find(offered.lines.begin(), offered.lines.end(), *line) == offered.lines.end())
        gone.push_back(*line);
  }
  for (const Line line : gone) {
    ContentHash hash;
    write(withdrawal_of(offered, line), hash);
  }
}

std::optional<SqliteRecordWriter::Known> SqliteRecordWriter::look_up(Record& record,
                                                                     const ContentHash& hash,
                                                                     const std::string& line) {
  Rows rows = look_up_.rows_of(record.event_id, record.bookmaker, record.bet_type,
                               to_string(record.source), record.segment, line);
  if (!rows.next()) return std::nullopt;
  Known known;
  known.row = rows.integer(0);
  known.document = rows.integer(1);
  known.hash = rows.hash(2);
  known.observed_at = rows.time(3);
  known.offered = rows.integer(4) != 0;
  known.start_time = rows.time_or_nothing(5);
  known.last_change = rows.integer(6);
  if (record.offered && known.hash != hash) {
    Record older;
    older.start_time = known.start_time;
    int column = 7;
    for (std::string Record::*member :
         {&Record::home, &Record::away, &Record::competition, &Record::sport_id,
          &Record::betradar_id, &Record::target_date, &Record::market_id}) {
      if ((record.*member).empty()) older.*member = rows.view(column);
      known.adds |= !(older.*member).empty();
      ++column;
    }
    known.adds |= !record.start_time && older.start_time;
    keep_what_is_known(record, older);
  }
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
  const std::string key = insert_document(*type, record, now);
  const std::int64_t document = connection_.last_row();
  record.changed_at = record.observed_at;
  const std::string outcomes = outcomes_json(record.outcomes);
  const std::int64_t change = log_change(document, 0, record, line, outcomes);
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
  const std::int64_t change = log_change(known.document, known.last_change, record, line, outcomes);
  bind_content(merge_, record, outcomes);
  merge_.run(hash, change, known.row);
  if (record.start_time != known.start_time) move_start_.run(known.document);
  return Committed::Merged;
}

Committed SqliteRecordWriter::withdraw(const Record& sighting, ContentHash& hash,
                                       const std::string& line, const Known& known) {
  hash = known.hash;
  if (!known.offered) return touch(sighting, known);
  Record record;
  {
    Rows rows = read_.rows(known.row);
    if (!rows.next()) return Committed::Absent;
    record = withdrawn(read_record(rows, 0, connection_), sighting.observed_at);
  }
  record.period = sighting.period;
  hash = content_hash(record);
  return merge(record, hash, line, known);
}

Committed SqliteRecordWriter::touch(const Record& record, const Known& known) {
  touch_.run(record.observed_at, record.period, known.row);
  return Committed::Same;
}

// A document that is not there leaves the key NULL, which the table refuses.
std::int64_t SqliteRecordWriter::log_change(std::int64_t document, std::int64_t previous,
                                            const Record& record, const std::string& line,
                                            const std::string& outcomes) {
  log_change_.bind(document).bind(previous);
  bind_identity(log_change_, record, line);
  bind_content(log_change_, record, outcomes);
  log_change_.run();
  return connection_.last_row();
}

// Two events may ask for one key only when document_prefix is not the bookmaker's name. The suffix
// stands at the end: what other programs split off the front stays as it is.
std::string SqliteRecordWriter::insert_document(const BetType& type, const Record& record,
                                                UtcMillis now) {
  const std::string wanted = options_.naming.document_key(type, record, now);
  std::string key = wanted;
  for (int copy = 2; insert_document_.run(key, record.bet_type, to_string(record.source),
                                          record.start_time, now) == 0 &&
                     !connection_.failed();
       ++copy)
    key = fmt::format("{}~{}", wanted, copy);
  return key;
}

}  // namespace oddsloom
