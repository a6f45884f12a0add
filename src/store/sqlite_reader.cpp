#include "store/sqlite_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "store/sqlite_past.h"
#include "store/sqlite_schema.h"

namespace oddsloom {
namespace {

std::int64_t limit_of(std::size_t most) {
  constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());
  return static_cast<std::int64_t>(std::min(most, kMost));
}

// Which documents a filter means, as SQL with its parameters, so that unused members cost nothing
// and the index of those used is found.
struct Condition {
  std::string sql = "true";
  std::vector<std::string> texts;

  void text(std::string_view clause, std::string value) {
    sql.append(" AND ").append(clause);
    texts.push_back(std::move(value));
  }
};

Condition document_condition(const DocumentFilter& filter) {
  Condition out;
  if (!filter.bet_type.empty()) out.text("d.bet_type = ?", filter.bet_type);
  if (filter.source) out.text("d.source = ?", std::string(to_string(*filter.source)));
  if (filter.starts_from)
    out.sql += fmt::format(" AND d.start_time >= {}", filter.starts_from->value);
  if (filter.starts_to) out.sql += fmt::format(" AND d.start_time <= {}", filter.starts_to->value);
  Condition of_record;
  if (!filter.event_id.empty()) of_record.text("event_id = ?", filter.event_id);
  if (!filter.bookmaker.empty()) of_record.text("bookmaker = ?", filter.bookmaker);
  if (!filter.text.empty()) {
    const std::string part = to_lower_ascii(filter.text);
    of_record.text("(instr(lower(home), ?) > 0", part);
    of_record.sql += " OR instr(lower(away), ?) > 0 OR instr(lower(competition), ?) > 0)";
    of_record.texts.insert(of_record.texts.end(), 2, part);
  }
  if (of_record.texts.empty()) return out;
  // An event id names few records: start from them. Anything else is asked of each document.
  out.sql +=
      filter.event_id.empty()
          ? fmt::format(" AND EXISTS (SELECT 1 FROM records WHERE document = d.id AND {})",
                        of_record.sql)
          : fmt::format(" AND d.id IN (SELECT document FROM records WHERE {})", of_record.sql);
  out.texts.insert(out.texts.end(), of_record.texts.begin(), of_record.texts.end());
  return out;
}

std::string document_columns() {
  return fmt::format("d.id, d.key, d.created_at, {}", record_columns("r."));
}

}  // namespace

Result<std::unique_ptr<Reader>> SqliteReader::open(const std::string& path) {
  auto connection = connect_sqlite(path, {.durable = false, .query_only = true});
  if (!connection) return tl::unexpected(connection.error());
  std::unique_ptr<SqliteReader> reader(new SqliteReader(*std::move(connection)));
  if (auto made = reader->connection_->outcome(); !made) return tl::unexpected(made.error());
  return reader;
}

SqliteReader::SqliteReader(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)),
      document_(*connection_,
                fmt::format("SELECT {} FROM documents d JOIN records r ON r.document = d.id "
                            "WHERE d.key = ? ORDER BY r.bookmaker",
                            document_columns())),
      find_(*connection_,
            "SELECT d.key FROM records r JOIN documents d ON d.id = r.document "
            "WHERE r.event_id = ? AND r.bookmaker = ? AND r.bet_type = ? AND r.source = ? "
            "AND r.segment = ? AND r.line = ?"),
      changes_(*connection_,
               fmt::format("SELECT sequence, document_key, {} FROM changes WHERE sequence > ? "
                           "ORDER BY sequence LIMIT ?",
                           record_columns())),
      history_(*connection_,
               fmt::format("WITH RECURSIVE chain (at) AS (SELECT last_change FROM records WHERE "
                           "event_id = ? AND bookmaker = ? AND bet_type = ? AND source = ? "
                           "AND segment = ? AND line = ? UNION ALL SELECT c.previous FROM chain "
                           "JOIN changes c ON c.sequence = chain.at) "
                           "SELECT sequence, document_key, {} FROM changes "
                           "WHERE sequence IN chain ORDER BY sequence LIMIT ?",
                           record_columns())),
      announcements_(*connection_,
                     "SELECT sequence, data_key, at FROM announcements "
                     "WHERE stream = ? AND sequence > ? ORDER BY sequence LIMIT ?"),
      // All records are read for it, but not their outcomes. An index would have to move with every
      // sighting, of which there are far more than calls.
      seen_(*connection_,
            "SELECT bookmaker, bet_type, source, event_id, segment, line, observed_at, changed_at "
            "FROM records WHERE source = ?1 AND observed_at > ?2 AND (?3 = '' OR bookmaker = ?3) "
            "ORDER BY observed_at LIMIT ?4"),
      // Sequences have no gaps but at the front, so the two logs need not be walked to be counted.
      counts_(*connection_,
              "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM records), "
              "(SELECT max(sequence) FROM announcements) - (SELECT min(sequence) FROM "
              "announcements) + 1, (SELECT max(sequence) FROM changes) - (SELECT min(sequence) "
              "FROM changes) + 1, (SELECT count(*) FROM dead_letters)") {}

Result<std::string> SqliteReader::identity() {
  std::string out;
  {
    Statement statement(*connection_, "SELECT identity FROM store");
    Rows rows = statement.rows();
    if (rows.next()) out = rows.text(0);
  }
  if (auto read = connection_->outcome(); !read) return tl::unexpected(read.error());
  if (out.empty()) return fail(ErrorKind::NotFound, connection_->path(), "has lost its identity");
  return out;
}

Result<std::vector<MatchDocument>> SqliteReader::documents(const DocumentFilter& filter) {
  const Condition condition = document_condition(filter);
  const std::string sql = fmt::format(
      "SELECT {} FROM (SELECT * FROM documents d WHERE {} ORDER BY d.start_time NULLS LAST, d.key "
      "LIMIT {}) d JOIN records r ON r.document = d.id "
      "ORDER BY d.start_time NULLS LAST, d.key, r.bookmaker",
      document_columns(), condition.sql, limit_of(filter.most));
  Statement statement(*connection_, sql);
  for (const std::string& text : condition.texts) statement.bind(text);
  auto documents = read_documents(statement.rows());
  return connection_->outcome(std::move(documents));
}

// Rows of one document follow one another.
std::vector<MatchDocument> SqliteReader::read_documents(Rows rows) {
  std::vector<MatchDocument> out;
  std::optional<std::int64_t> current;
  while (rows.next()) {
    if (current != rows.integer(0)) {
      current = rows.integer(0);
      out.push_back({rows.text(1), rows.time(2), {}, {}});
    }
    Record record = read_record(rows, 3, *connection_);
    MatchDocument& document = out.back();
    document.bookie_updated = std::max(document.bookie_updated, record.changed_at);
    document.records.emplace(record.bookmaker, std::move(record));
  }
  return out;
}

Result<std::optional<MatchDocument>> SqliteReader::document(const std::string& key) {
  std::optional<MatchDocument> out;
  if (auto found = read_documents(document_.rows(key)); !found.empty())
    out = std::move(found.front());
  return connection_->outcome(std::move(out));
}

Result<std::optional<std::string>> SqliteReader::find(const RecordId& id) {
  std::optional<std::string> key;
  {
    Rows rows = find_.rows(id.event_id, id.bookmaker, id.bet_type, to_string(id.source), id.segment,
                           line_text(id.line));
    if (rows.next()) key = rows.text(0);
  }
  return connection_->outcome(std::move(key));
}

Change SqliteReader::read_change(const Rows& rows) {
  return {static_cast<std::uint64_t>(rows.integer(0)), rows.text(1),
          read_record(rows, 2, *connection_)};
}

Result<std::vector<Change>> SqliteReader::changes(std::uint64_t after, std::size_t most) {
  std::vector<Change> out;
  {
    Rows rows = changes_.rows(static_cast<std::int64_t>(after), limit_of(most));
    while (rows.next()) out.push_back(read_change(rows));
  }
  return connection_->outcome(std::move(out));
}

Result<LogSpan> SqliteReader::change_log() {
  const auto first = connection_->number("SELECT min(sequence) FROM changes");
  const auto last = connection_->number("SELECT max(sequence) FROM changes");
  return connection_->outcome(
      LogSpan{static_cast<std::uint64_t>(std::max<std::int64_t>(first, 1) - 1),
              static_cast<std::uint64_t>(last)});
}

Result<std::vector<Change>> SqliteReader::history(const RecordId& id, std::size_t most) {
  std::vector<Change> out;
  {
    Rows rows = history_.rows(id.event_id, id.bookmaker, id.bet_type, to_string(id.source),
                              id.segment, line_text(id.line), limit_of(most));
    while (rows.next()) out.push_back(read_change(rows));
  }
  return connection_->outcome(std::move(out));
}

Result<std::vector<MatchDocument>> SqliteReader::as_of(UtcMillis at) {
  return read_past(*connection_, at);
}

Result<std::vector<Announcement>> SqliteReader::announcements(const std::string& stream,
                                                              std::uint64_t after,
                                                              std::size_t most) {
  std::vector<Announcement> out;
  {
    Rows rows = announcements_.rows(stream, static_cast<std::int64_t>(after), limit_of(most));
    while (rows.next())
      out.push_back(
          {static_cast<std::uint64_t>(rows.integer(0)), stream, rows.text(1), rows.time(2)});
  }
  return connection_->outcome(std::move(out));
}

Result<std::vector<Seen>> SqliteReader::seen(const std::string& bookmaker, Source source,
                                             std::optional<UtcMillis> since, std::size_t most) {
  std::vector<Seen> out;
  {
    Rows rows = seen_.rows(to_string(source), since.value_or(UtcMillis{INT64_MIN}), bookmaker,
                           limit_of(most));
    while (rows.next())
      out.push_back({read_identity(rows, 0, *connection_), rows.time(kIdentityColumns),
                     rows.time(kIdentityColumns + 1)});
  }
  return connection_->outcome(std::move(out));
}

Result<StoreCounts> SqliteReader::counts() {
  StoreCounts out;
  {
    Rows rows = counts_.rows();
    if (rows.next()) {
      const auto column = [&](int i) { return static_cast<std::uint64_t>(rows.integer(i)); };
      out = {column(0), column(1), column(2), column(3), column(4)};
    }
  }
  return connection_->outcome(out);
}

}  // namespace oddsloom
