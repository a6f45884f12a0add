// Who may write now: the turn of this process's threads, and the transaction that holds it. Used by
// every part of the embedded store that writes. WriteTurn: any thread; a Transaction belongs to the
// thread that made it.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>

#include "store/sqlite.h"

namespace oddsloom {

// SQLite lets one writer in at a time and has others sleep and retry. Threads of one process queue
// here instead: in order of arrival, so that a busy writer thread does not starve the claimers.
class WriteTurn {
 public:
  bool take(Millis deadline);  // false: not within the deadline
  void give_back(int log_pages);

  // For sqlite_checkpoint. Pages in the write-ahead log, as the last writer told.
  int log_pages() const;
  // Until the log has at least so many; false: a stop was asked for.
  bool wait_for_log(const std::stop_token& stop, int pages);
  void pause(const std::stop_token& stop, Millis span);

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable_any log_grew_;
  int log_pages_ = 0;
  int waits_for_pages_ = 0;  // 0 = nobody waits
  std::deque<std::uint64_t> waiting_;
  std::uint64_t next_ticket_ = 0;
  bool taken_ = false;
};

// Begins on construction, rolls back on destruction unless committed. A failure to begin is noted
// in the connection, as everything else that fails inside.
class Transaction {
 public:
  Transaction(Connection& connection, WriteTurn& turn);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Commits, unless something has failed since the beginning: then nothing of it is stored and the
  // error stays noted.
  void commit();

 private:
  Connection& connection_;
  WriteTurn& turn_;
  bool has_turn_ = false;
};

}  // namespace oddsloom
