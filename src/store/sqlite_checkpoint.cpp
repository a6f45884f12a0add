#include "store/sqlite_checkpoint.h"

#include "store/sqlite_schema.h"

namespace oddsloom {
namespace {

// Pages of 4 KiB. Often enough for a short log, seldom enough that a page that changes again and
// again is written back once for many commits.
constexpr int kFoldAt = 2'000;
constexpr int kShortRest = 200;  // what writers may be kept waiting for
constexpr int kMostRounds = 6;   // before that many pages or more it is
constexpr Millis kPause{200};    // after a fold that a reader, or another process, kept from ending

}  // namespace

Result<std::unique_ptr<SqliteCheckpoint>> SqliteCheckpoint::open(const std::string& path,
                                                                 WriteTurn& turn) {
  auto connection = connect_sqlite(path, {.durable = false, .cache_kib = 64});
  if (!connection) return tl::unexpected(connection.error());
  // Whoever is in the way is not waited for: writers are waiting for this.
  sqlite3_busy_handler((*connection)->handle(), nullptr, nullptr);
  return std::unique_ptr<SqliteCheckpoint>(new SqliteCheckpoint(*std::move(connection), turn));
}

void SqliteCheckpoint::run(const std::stop_token& stop) {
  while (turn_.wait_for_log(stop, kFoldAt))
    if (!fold()) turn_.pause(stop, kPause);
}

// SQLite starts the log anew only at a moment when all of it is folded back. While writers go on
// there is none, so the most is folded beside them, and the rest, which is short, between two of
// them.
bool SqliteCheckpoint::fold() {
  for (int round = 0; round < kMostRounds; ++round) {
    const int folded = fold_more(false);
    if (folded <= 0 || turn_.log_pages() - folded <= kShortRest) break;
  }
  if (!turn_.take(kSqliteBusyDeadline)) return false;
  const int in_log = turn_.log_pages();
  const bool all = fold_more(true) >= in_log;
  turn_.give_back(all ? 0 : in_log);
  return all;
}

// Gives the pages of the log that are folded back by now; 0 when it cannot be told.
int SqliteCheckpoint::fold_more(bool to_the_end) {
  int in_log = 0, folded = 0;
  const int mode = to_the_end ? SQLITE_CHECKPOINT_FULL : SQLITE_CHECKPOINT_PASSIVE;
  sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, mode, &in_log, &folded);
  return folded;
}

}  // namespace oddsloom
