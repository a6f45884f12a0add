// Folds the write-ahead log back into the file beside the writers, so that no commit has to wait
// for more than the last short stretch of it. run() is the second thread of sqlite_writer; one per
// process and file.
#pragma once

#include <memory>
#include <stop_token>

#include "store/sqlite_transaction.h"

namespace oddsloom {

class SqliteCheckpoint {
 public:
  // `turn` must outlive it. Errors as of connect_sqlite.
  static Result<std::unique_ptr<SqliteCheckpoint>> open(const std::string& path, WriteTurn& turn);

  // Until a stop is asked for. What goes wrong here is left to the next commit, which meets the
  // same trouble and reports it.
  void run(const std::stop_token& stop);

 private:
  SqliteCheckpoint(std::unique_ptr<Connection> connection, WriteTurn& turn)
      : connection_(std::move(connection)), turn_(turn) {}
  bool fold();
  int fold_more(bool to_the_end);

  std::unique_ptr<Connection> connection_;
  WriteTurn& turn_;
};

}  // namespace oddsloom
