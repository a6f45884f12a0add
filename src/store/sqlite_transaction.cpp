#include "store/sqlite_transaction.h"

#include <algorithm>

namespace oddsloom {

bool WriteTurn::take(Millis deadline) {
  std::unique_lock lock(mutex_);
  const std::uint64_t ticket = next_ticket_++;
  waiting_.push_back(ticket);
  const bool mine =
      changed_.wait_for(lock, deadline, [&] { return !taken_ && waiting_.front() == ticket; });
  waiting_.erase(std::find(waiting_.begin(), waiting_.end(), ticket));
  if (mine)
    taken_ = true;
  else
    changed_.notify_all();
  return mine;
}

void WriteTurn::give_back() {
  const std::lock_guard lock(mutex_);
  taken_ = false;
  changed_.notify_all();
}

Transaction::Transaction(Connection& connection, WriteTurn& turn)
    : connection_(connection), turn_(turn), has_turn_(turn.take(kSqliteBusyDeadline)) {
  if (has_turn_)
    connection_.execute("BEGIN IMMEDIATE");
  else
    connection_.note({ErrorKind::Busy, connection_.path(), "this process's writers are stuck"});
}

Transaction::~Transaction() {
  connection_.rollback();
  if (has_turn_) turn_.give_back();
}

void Transaction::commit() {
  connection_.execute("COMMIT");
  connection_.rollback();
}

}  // namespace oddsloom
