#include "store/sqlite_match_book.h"

namespace oddsloom {

SqliteMatchBook::~SqliteMatchBook() { box_.wait_below(1); }

std::uint64_t SqliteMatchBook::submit(CommitBatch batch) {
  Submission submission{&box_, ++last_ticket_, std::move(batch), {}};
  submission.hashes.reserve(submission.batch.records.size());
  for (const Record& record : submission.batch.records)
    submission.hashes.push_back(content_hash(record));
  box_.wait_below(kMostUncollected);
  writer_.submit(std::move(submission));
  ++uncollected_;
  return last_ticket_;
}

std::vector<CommitReport> SqliteMatchBook::collect(Millis wait) {
  auto reports = box_.take(wait);
  uncollected_ -= reports.size();
  return reports;
}

}  // namespace oddsloom
