#include "app/store_reads.h"

namespace oddsloom {

bool StoreReads::add(Job job) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() >= kMostWaiting) return false;
  waiting_.push_back(std::move(job));
  wake_.notify_one();
  return true;
}

Result<void> StoreReads::run(const std::stop_token& stop) {
  while (true) {
    std::unique_lock lock(mutex_);
    if (!wake_.wait(lock, stop, [&] { return !waiting_.empty(); })) return {};
    const Job job = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    post_(job(*reader_));
    if (stop.stop_requested()) return {};
  }
}

ReadHistory history_reads(StoreReads& reads) {
  using Done = std::function<void(Result<std::vector<RecordHistory>>)>;
  return [&reads](const std::vector<RecordId>& records, std::size_t most, const Done& done) {
    const bool taken = reads.add([=](Reader& reader) -> StoreReads::Outcome {
      return [done, histories = read_histories(reader, records, most)] { done(histories); };
    });
    if (!taken) done(fail(ErrorKind::Busy, "history", "too many ask at the moment"));
  };
}

}  // namespace oddsloom
