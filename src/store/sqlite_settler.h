// Acknowledges, delays and buries work entries inside the writer's transaction. An entry that is no
// longer there was settled by somebody else and is left alone. Belongs to one thread, with its
// connection.
#pragma once

#include "store/sqlite_stream_rows.h"
#include "store/store.h"

namespace oddsloom {

class SqliteSettler {
 public:
  SqliteSettler(Connection& connection, const Clock& clock);

  void acknowledge(const EntryRef& entry);
  void delay(const Delay& delay);
  void bury(const Burial& burial);

 private:
  const Clock& clock_;
  StreamRows streams_;
  Statement remove_, delay_, bury_;
};

// The row an EntryRef names; nothing when it is no id of this store.
std::optional<std::int64_t> entry_row(const EntryRef& entry);

}  // namespace oddsloom
