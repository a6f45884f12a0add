// The tables of the embedded store, their versions, and how a file is opened or refused. The file
// is meant to be read by any SQLite shell: `SELECT * FROM prices`. Any thread; each connection it
// gives belongs to one thread at a time.
#pragma once

#include "store/sqlite.h"

namespace oddsloom {

// In the file's header, so that nobody takes it for something else: "Odds".
inline constexpr std::int64_t kSqliteApplicationId = 0x4f646473;

// The schema version this program writes: the number of migrations.
int newest_schema_version();

// Makes the folder and the file where needed and brings the tables up to date. Safe while other
// processes do the same. A file of somebody else is not touched. Errors: Unavailable, Corrupt (no
// SQLite file, or damaged), Conflict (another program's file, or of a newer version), Busy.
Result<void> prepare_sqlite_file(const std::string& path);

// A connection to a prepared file, with the settings of this store.
struct SqliteSettings {
  bool durable = true;      // commits survive a power cut
  bool query_only = false;  // a reader: writing is refused
  // The bound of the write-ahead log, should folding it back beside the writers
  // (sqlite_checkpoint) not keep up: 64 MiB.
  int most_log_pages = 16'000;
  int cache_kib = 2 * 1024;
};
Result<std::unique_ptr<Connection>> connect_sqlite(const std::string& path,
                                                   const SqliteSettings& settings);

}  // namespace oddsloom
