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

void WriteTurn::give_back(int log_pages) {
  const std::lock_guard lock(mutex_);
  taken_ = false;
  log_pages_ = log_pages;
  if (!waiting_.empty()) changed_.notify_all();
  if (waits_for_pages_ > 0 && log_pages_ >= waits_for_pages_) log_grew_.notify_all();
}

int WriteTurn::log_pages() const {
  const std::lock_guard lock(mutex_);
  return log_pages_;
}

bool WriteTurn::wait_for_log(const std::stop_token& stop, int pages) {
  std::unique_lock lock(mutex_);
  waits_for_pages_ = pages;
  const bool long_enough = log_grew_.wait(lock, stop, [&] { return log_pages_ >= pages; });
  waits_for_pages_ = 0;
  return long_enough && !stop.stop_requested();
}

void WriteTurn::pause(const std::stop_token& stop, Millis span) {
  std::unique_lock lock(mutex_);
  log_grew_.wait_for(lock, stop, span, [] { return false; });
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
  if (has_turn_) turn_.give_back(connection_.log_pages());
}

void Transaction::commit() {
  connection_.execute("COMMIT");
  connection_.rollback();
}

}  // namespace oddsloom
