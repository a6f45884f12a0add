// The dead letters of the embedded store: listed, put back, forgotten. Part of sqlite_work_streams;
// belongs to one thread, with its connection. Failures are noted in the connection.
#pragma once

#include "store/sqlite_stream_rows.h"
#include "store/store.h"

namespace oddsloom {

class SqliteDeadLetters {
 public:
  SqliteDeadLetters(Connection& connection, StreamRows& streams);

  std::vector<DeadLetter> list(std::size_t most);
  // Inside a transaction. Empty `entries` = all.
  std::size_t retry(const std::vector<EntryRef>& entries, UtcMillis now);
  std::size_t drop(const std::vector<EntryRef>& entries);

 private:
  Connection& connection_;
  StreamRows& streams_;
  Statement list_, retry_all_, retry_one_, drop_all_, drop_one_;
};

}  // namespace oddsloom
