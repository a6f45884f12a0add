#include "store/sqlite_schema.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <thread>

#include "store/sqlite_transaction.h"

namespace oddsloom {
namespace {

// One per version, never edited once released: a change of the tables is one more of them. Times
// are milliseconds since 1970, UTC.
constexpr std::array kMigrations = {
    R"sql(
CREATE TABLE streams (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  bookmaker TEXT NOT NULL,
  bet_type TEXT NOT NULL,
  source TEXT NOT NULL,
  period INTEGER NOT NULL,
  UNIQUE (bookmaker, bet_type, source, period)
);
CREATE TABLE entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  stream INTEGER NOT NULL REFERENCES streams (id),
  visible_at INTEGER NOT NULL DEFAULT 0,  -- 0: new; else who holds it loses it, or a delay ends
  consumer TEXT,                          -- who holds it; NULL: nobody
  deliveries INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  appended_at INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  entry TEXT NOT NULL                     -- JSON
);
CREATE INDEX entries_by_visibility ON entries (stream, visible_at);
CREATE TABLE dead_letters (
  id INTEGER PRIMARY KEY,                 -- that of the entry
  stream INTEGER NOT NULL REFERENCES streams (id),
  reason TEXT NOT NULL,
  deliveries INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  appended_at INTEGER NOT NULL,
  died_at INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  entry TEXT NOT NULL
);
CREATE TABLE consumers (
  stream INTEGER NOT NULL REFERENCES streams (id),
  name TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (stream, name)
) WITHOUT ROWID;

CREATE TABLE documents (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  bet_type TEXT NOT NULL,
  source TEXT NOT NULL,
  start_time INTEGER,                     -- kick-off as its records know it
  created_at INTEGER NOT NULL
);
CREATE INDEX documents_by_bet_type ON documents (bet_type, source, start_time);
CREATE INDEX documents_by_start ON documents (source, start_time);
CREATE TABLE records (
  id INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents (id),
  hash BLOB NOT NULL,
  last_change INTEGER NOT NULL,           -- in changes; from there on backwards by `previous`
  bookmaker TEXT NOT NULL, bet_type TEXT NOT NULL, source TEXT NOT NULL, event_id TEXT NOT NULL,
  segment TEXT NOT NULL,
  line TEXT NOT NULL,                     -- '' = none
  period INTEGER NOT NULL,
  home TEXT NOT NULL, away TEXT NOT NULL,
  start_time INTEGER,
  competition TEXT NOT NULL, sport_id TEXT NOT NULL, betradar_id TEXT NOT NULL,
  target_date TEXT NOT NULL, market_id TEXT NOT NULL,
  status TEXT NOT NULL, offered INTEGER NOT NULL,
  outcomes TEXT NOT NULL,                 -- JSON array
  observed_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
  UNIQUE (event_id, bookmaker, bet_type, source, segment, line),
  UNIQUE (document, bookmaker)
);
CREATE TABLE changes (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  document_key TEXT NOT NULL,
  previous INTEGER NOT NULL,              -- this record's change before; 0 = none
  bookmaker TEXT NOT NULL, bet_type TEXT NOT NULL, source TEXT NOT NULL, event_id TEXT NOT NULL,
  segment TEXT NOT NULL, line TEXT NOT NULL,
  period INTEGER NOT NULL,
  home TEXT NOT NULL, away TEXT NOT NULL,
  start_time INTEGER,
  competition TEXT NOT NULL, sport_id TEXT NOT NULL, betradar_id TEXT NOT NULL,
  target_date TEXT NOT NULL, market_id TEXT NOT NULL,
  status TEXT NOT NULL, offered INTEGER NOT NULL,
  outcomes TEXT NOT NULL,
  observed_at INTEGER NOT NULL, changed_at INTEGER NOT NULL
);
CREATE TABLE announcements (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  stream TEXT NOT NULL,
  data_key TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX announcements_by_stream ON announcements (stream);

CREATE VIEW prices AS
SELECT r.bookmaker, r.bet_type, r.source, r.event_id, r.home, r.away, r.competition,
       strftime('%Y-%m-%dT%H:%M:%SZ', r.start_time / 1000, 'unixepoch') AS kick_off,
       r.segment, r.line,
       json_extract(o.value, '$.outcome') AS outcome,
       json_extract(o.value, '$.price') AS price,
       json_extract(o.value, '$.status') AS status,
       json_extract(o.value, '$.usable') AS usable,
       strftime('%Y-%m-%dT%H:%M:%SZ', r.observed_at / 1000, 'unixepoch') AS observed,
       strftime('%Y-%m-%dT%H:%M:%SZ', r.changed_at / 1000, 'unixepoch') AS changed
FROM records r, json_each(r.outcomes) o;
CREATE VIEW work AS
SELECT s.name AS stream, e.id, e.event_id,
       CASE WHEN e.consumer IS NOT NULL THEN 'claimed' WHEN e.visible_at > 0 THEN 'delayed'
            ELSE 'new' END AS state,
       e.consumer, e.deliveries, e.attempts,
       strftime('%Y-%m-%dT%H:%M:%SZ', e.appended_at / 1000, 'unixepoch') AS appended
FROM entries e JOIN streams s ON s.id = e.stream;
)sql",
    R"sql(
CREATE TABLE links (
  bookmaker TEXT NOT NULL, source TEXT NOT NULL, event_id TEXT NOT NULL,
  match_id TEXT NOT NULL,                 -- '' = forgotten
  method TEXT NOT NULL, score REAL NOT NULL, evidence TEXT NOT NULL,
  linked_at INTEGER NOT NULL, undone_at INTEGER,
  revision INTEGER NOT NULL UNIQUE,       -- of all links, growing: who was changed last has the highest
  PRIMARY KEY (bookmaker, source, event_id)
) WITHOUT ROWID;
)sql",
    R"sql(
CREATE TABLE store (
  identity TEXT NOT NULL                  -- one row; of this file, unlike any other's
);
INSERT INTO store (identity) VALUES (lower(hex(randomblob(6))));
)sql",
};

struct Header {
  std::int64_t application = 0;
  std::int64_t version = 0;
  std::int64_t objects = 0;
};

// One snapshot: read one by one while another process makes the tables, the three would contradict
// each other and its file would look like a stranger's.
Header read_header(Connection& connection) {
  const bool alone = !connection.in_transaction();
  if (alone) connection.execute("BEGIN");
  const Header header{connection.number("PRAGMA application_id"),
                      connection.number("PRAGMA user_version"),
                      connection.number("SELECT count(*) FROM sqlite_master")};
  if (alone) connection.rollback();
  return header;
}

Result<void> judge(Connection& connection, const Header& header) {
  if (auto read = connection.outcome(); !read) {
    if (read.error().kind == ErrorKind::Corrupt)
      read.error().message = "is no SQLite database, or is damaged: " + read.error().message;
    return read;
  }
  const bool fresh = header.application == 0 && header.version == 0 && header.objects == 0;
  if (!fresh && header.application != kSqliteApplicationId)
    return fail(ErrorKind::Conflict, connection.path(), "is a SQLite database of another program");
  if (header.version > newest_schema_version())
    return fail(
        ErrorKind::Conflict, connection.path(),
        fmt::format("was made by a newer version of oddsloom (schema {}, this one knows {})",
                    header.version, newest_schema_version()));
  return {};
}

// SQLite does not call the busy handler while the journal mode changes, so the retry is ours.
void switch_to_wal(Connection& connection) {
  const auto deadline = std::chrono::steady_clock::now() + kSqliteBusyDeadline;
  while (!connection.failed()) {
    const int code =
        sqlite3_exec(connection.handle(), "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return;
    if ((code & 0xff) != SQLITE_BUSY || std::chrono::steady_clock::now() >= deadline)
      connection.note(code);
    else
      std::this_thread::sleep_for(Millis(2));
  }
}

void migrate(Connection& connection, std::int64_t from) {
  for (std::size_t i = static_cast<std::size_t>(from); i < kMigrations.size(); ++i)
    connection.execute(kMigrations[i]);
  connection.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                                 kSqliteApplicationId, newest_schema_version())
                         .c_str());
}

}  // namespace

int newest_schema_version() { return static_cast<int>(kMigrations.size()); }

Result<void> prepare_sqlite_file(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code code;
  if (!folder.empty()) std::filesystem::create_directories(folder, code);
  if (code)
    return fail(ErrorKind::Unavailable, folder.string(),
                "cannot make the store's folder: " + code.message());
  auto opened = Connection::open(path);
  if (!opened) return tl::unexpected(opened.error());
  Connection& connection = **opened;
  // Looked at before anything is written: a stranger's file stays as it is.
  const Header header = read_header(connection);
  if (auto judged = judge(connection, header); !judged) return judged;
  switch_to_wal(connection);
  if (header.version == newest_schema_version()) return connection.outcome();
  WriteTurn turn;
  Transaction transaction(connection, turn);
  // Another process may have been first.
  const Header now = read_header(connection);
  if (auto judged = judge(connection, now); !judged) return judged;
  if (now.version < newest_schema_version()) migrate(connection, now.version);
  transaction.commit();
  return connection.outcome();
}

Result<std::unique_ptr<Connection>> connect_sqlite(const std::string& path,
                                                   const SqliteSettings& settings) {
  auto connection = Connection::open(path);
  if (!connection) return connection;
  (*connection)->set_durable(settings.durable);
  (*connection)
      ->execute(fmt::format("PRAGMA cache_size = -{}; PRAGMA temp_store = MEMORY;"
                            "PRAGMA journal_size_limit = 67108864; PRAGMA query_only = {}",
                            settings.cache_kib, settings.query_only ? 1 : 0)
                    .c_str());
  (*connection)->bound_log(settings.most_log_pages);
  if (auto set = (*connection)->outcome(); !set) return tl::unexpected(set.error());
  return connection;
}

}  // namespace oddsloom
