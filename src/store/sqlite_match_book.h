// The embedded store's MatchBook: hands batches to the process's writer thread and collects what
// became of them. Belongs to one worker thread.
#pragma once

#include "store/sqlite_writer.h"

namespace oddsloom {

class SqliteMatchBook final : public MatchBook {
 public:
  explicit SqliteMatchBook(SqliteWriter& writer) : writer_(writer) {}
  ~SqliteMatchBook() override;  // waits for what is under way

  std::uint64_t submit(CommitBatch batch) override;
  std::vector<CommitReport> collect(Millis wait) override;
  std::size_t uncollected() const override { return uncollected_; }

 private:
  SqliteWriter& writer_;
  ReportBox box_;
  std::uint64_t last_ticket_ = 0;
  std::size_t uncollected_ = 0;
};

}  // namespace oddsloom
