#include "store/sqlite_doctor.h"

#include <fmt/format.h>

#include <filesystem>

#include "store/findings.h"
#include "store/sqlite_record_rows.h"
#include "store/sqlite_schema.h"

namespace oddsloom {
namespace {

constexpr std::int64_t kPage = 1'000;
constexpr int kStepsPerNote = 5'000'000;  // of SQLite's machine: some tenths of a second
constexpr std::uintmax_t kLargestLog = std::uintmax_t{1} << 30U;

// In the order of their index, so that it is walked.
constexpr const char* kIdentity = "event_id, bookmaker, bet_type, source, segment, line";

class SqliteDoctor {
 public:
  SqliteDoctor(Connection& connection, const ExaminationProgress& progress)
      : connection_(connection), progress_(progress) {
    sqlite3_progress_handler(connection_.handle(), kStepsPerNote, &SqliteDoctor::note, this);
  }
  ~SqliteDoctor() { sqlite3_progress_handler(connection_.handle(), 0, nullptr, nullptr); }
  SqliteDoctor(const SqliteDoctor&) = delete;
  SqliteDoctor& operator=(const SqliteDoctor&) = delete;

  Result<Examination> run() {
    // Of a damaged file nothing else can be believed.
    if (look_for_damage()) return findings_.take(0);
    look_at_documents();
    look_for_doubles();
    look_at_records();
    look_at_links();
    look_at_references();
    look_at_log();
    if (auto read = connection_.outcome(); !read) return tl::unexpected(read.error());
    return findings_.take(documents_);
  }

 private:
  static int note(void* self) {
    const auto& doctor = *static_cast<const SqliteDoctor*>(self);
    doctor.progress_(doctor.doing_, doctor.done_, doctor.of_);
    return 0;
  }
  void begin(std::string_view doing, std::uint64_t of = 0) {
    doing_ = doing;
    done_ = 0;
    of_ = of;
    progress_(doing_, done_, of_);
  }
  std::uint64_t count(const char* sql) {
    return static_cast<std::uint64_t>(connection_.number(sql));
  }
  static std::string event_of(const Rows& rows, int first) {
    RecordId id{rows.text(first),     rows.text(first + 1), Source::Upcoming,
                rows.text(first + 3), rows.text(first + 4), std::nullopt};
    if (const auto source = parse_source(rows.view(first + 2))) id.source = *source;
    if (const auto line = parse_line(rows.view(first + 5))) id.line = *line;
    return id.text();
  }

  bool look_for_damage() {
    begin("the file");
    std::vector<std::string> damage;
    {
      Statement check(connection_, "PRAGMA quick_check(100)");
      Rows rows = check.rows();
      while (rows.next())
        if (rows.view(0) != "ok") damage.push_back(rows.text(0));
    }
    if (auto read = connection_.outcome(); !read) {
      if (read.error().kind != ErrorKind::Corrupt) {
        connection_.note(read.error());
        return false;
      }
      damage.push_back(read.error().message);
    }
    for (std::string& text : damage) {
      for (char& c : text)
        if (c == '\n') c = ' ';
      findings_.problem(
          "damaged-file", connection_.path(),
          fmt::format("is damaged ({}): stop what uses it, keep a copy, and save what "
                      "can be read with sqlite3 FILE .recover; or begin a new file",
                      text));
    }
    return !damage.empty();
  }

  void look_at_documents() {
    documents_ = count("SELECT count(*) FROM documents");
    begin("documents", documents_);
    Statement orphans(connection_,
                      "SELECT key FROM documents d WHERE NOT EXISTS "
                      "(SELECT 1 FROM records r WHERE r.document = d.id)");
    Rows rows = orphans.rows();
    while (rows.next())
      findings_.problem("orphan-document", rows.text(0),
                        fmt::format("holds no bookmaker's record, so no event leads to it: DELETE "
                                    "FROM documents WHERE key = '{}'",
                                    rows.view(0)));
  }

  // The tables' own constraint forbids it; a file that was put together by hand may lack that.
  void look_for_doubles() {
    begin("records of one event", 0);
    Statement doubles(
        connection_,
        fmt::format(
            "SELECT {}, d.key FROM (SELECT {} FROM records GROUP BY {} HAVING count(*) > 1) "
            "JOIN records r USING ({}) JOIN documents d ON d.id = r.document "
            "ORDER BY r.event_id, 1, 2, 3, 5, 6, d.key",
            "r.bookmaker, r.bet_type, r.source, r.event_id, r.segment, r.line", kIdentity,
            kIdentity, kIdentity));
    std::string event, first;
    Rows rows = doubles.rows();
    while (rows.next()) {
      if (const std::string now = event_of(rows, 0); now != event) {
        event = now;
        first = rows.text(kIdentityColumns);
        continue;
      }
      findings_.problem("two-documents", rows.text(kIdentityColumns),
                        fmt::format("holds {}, and so does {}: the tables must have lost their "
                                    "constraints; begin a new file",
                                    event, first));
    }
  }

  void look_at_records() {
    begin("records", count("SELECT count(*) FROM records"));
    Statement page(connection_,
                   fmt::format("SELECT r.id, d.key, {} FROM records r LEFT JOIN documents d "
                               "ON d.id = r.document WHERE r.id > ? ORDER BY r.id LIMIT ?",
                               record_columns("r.")));
    std::int64_t last = 0;
    for (std::int64_t read = kPage; read == kPage;) {
      read = 0;
      Rows rows = page.rows(last, kPage);
      while (rows.next()) {
        ++read;
        last = rows.integer(0);
        look_at_record(rows);
      }
      done_ += static_cast<std::uint64_t>(read);
      progress_(doing_, done_, of_);
    }
  }

  void look_at_record(const Rows& rows) {
    if (rows.is_null(1))
      findings_.problem(
          "orphan-lookup", event_of(rows, 2),
          fmt::format("its record belongs to a document that is not there, and its odds cannot be "
                      "stored any more: DELETE FROM records WHERE id = {}",
                      rows.integer(0)));
    if (connection_.failed()) return;
    read_record(rows, 2, connection_);
    if (auto read = connection_.outcome(); !read)
      findings_.problem(
          "unreadable-document", rows.is_null(1) ? event_of(rows, 2) : rows.text(1),
          fmt::format("cannot be shown ({}): another program has written to it; the next change of "
                      "the odds writes it anew",
                      read.error().text()));
  }

  void look_at_links() {
    begin("links", 0);
    Statement strange(connection_,
                      "SELECT bookmaker, source, event_id FROM links WHERE source NOT IN ('live', "
                      "'upcoming') OR length(match_id) NOT IN (0, 32)");
    Rows rows = strange.rows();
    while (rows.next())
      findings_.problem(
          "unreadable-link", fmt::format("{} {} {}", rows.view(0), rows.view(1), rows.view(2)),
          "cannot be read: another program has written to it; DELETE it FROM links, and the link "
          "is made anew");
  }

  void look_at_references() {
    begin("references", 0);
    Statement check(connection_, "PRAGMA foreign_key_check");
    Rows rows = check.rows();
    while (rows.next())
      if (rows.view(0) != "records")  // told with their events' names
        findings_.problem("broken-reference", fmt::format("{} row {}", rows.view(0), rows.view(1)),
                          fmt::format("names a row of {} that is not there, so nothing reads it: "
                                      "DELETE FROM {} WHERE rowid = {}",
                                      rows.view(2), rows.view(0), rows.view(1)));
  }

  void look_at_log() {
    const std::string log = connection_.path() + "-wal";
    std::error_code none;
    const auto bytes = std::filesystem::file_size(log, none);
    if (none || bytes <= kLargestLog) return;
    findings_.warning(
        "large-log", log,
        fmt::format("is {} MiB large: some program keeps a reader open, so it cannot be "
                    "folded back, reads get slower and the disk fills; find it (fuser "
                    "{}) and end it",
                    bytes >> 20U, connection_.path()));
  }

  Connection& connection_;
  const ExaminationProgress& progress_;
  Findings findings_;
  std::string_view doing_;
  std::uint64_t done_ = 0, of_ = 0;
  std::uint64_t documents_ = 0;
};

}  // namespace

Result<Examination> examine_sqlite(const std::string& path, const ExaminationProgress& progress) {
  const auto connection = connect_sqlite(path, {.durable = false, .query_only = true});
  if (!connection) return tl::unexpected(connection.error());
  return SqliteDoctor(**connection, progress).run();
}

}  // namespace oddsloom
