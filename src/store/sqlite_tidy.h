// Keeps the embedded store small: expired documents, the tails of the logs, consumers that are
// gone. Small transactions, so that writers hardly notice. One thread at a time.
#pragma once

#include "store/sqlite_transaction.h"
#include "store/store.h"

namespace oddsloom {

class SqliteTidy {
 public:
  // `turn` and `options` must outlive it. Errors as of connect_sqlite.
  static Result<std::unique_ptr<SqliteTidy>> open(const std::string& path, WriteTurn& turn,
                                                  const StoreOptions& options);
  Result<void> run();

 private:
  SqliteTidy(std::unique_ptr<Connection> connection, WriteTurn& turn, const StoreOptions& options);
  void remove_expired(UtcMillis now);
  std::vector<std::int64_t> expired(UtcMillis live_before, UtcMillis upcoming_before);
  void trim(const char* oldest, const char* newest, Statement& remove);
  void forget_dead_letters();
  void forget_consumers(UtcMillis now);

  std::unique_ptr<Connection> connection_;
  WriteTurn& turn_;
  const StoreOptions& options_;
  std::int64_t walked_to_ = 0;  // documents are walked in turns, a stretch per call
  Statement past_kick_off_, walk_, remove_document_, remove_records_, trim_changes_;
  Statement trim_announcements_, trim_dead_letters_, forget_;
};

}  // namespace oddsloom
