// The process's one writer thread of the embedded store: takes the batches of all workers, groups
// what is queued into one transaction, reports. Grouping shares the cost of making a commit
// durable. A second thread folds the log back beside it. submit(): any thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "store/sqlite_checkpoint.h"
#include "store/sqlite_record_writer.h"
#include "store/sqlite_settler.h"
#include "store/sqlite_transaction.h"

namespace oddsloom {

// Where one MatchBook's reports arrive. Any thread.
class ReportBox {
 public:
  void expect_one();  // a batch is on its way
  void deliver(CommitReport report);
  // Waits until fewer than `limit` batches are on their way. The writer's own deadlines bound it.
  void wait_below(std::size_t limit);
  std::vector<CommitReport> take(Millis wait);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t under_way_ = 0;
  std::vector<CommitReport> reports_;
};

// A batch, with what could be computed before the writer's turn.
struct Submission {
  ReportBox* box = nullptr;
  std::uint64_t ticket = 0;
  CommitBatch batch;
  std::vector<ContentHash> hashes;  // of the records
};

class SqliteWriter {
 public:
  // `turn` and `options` must outlive it. Errors as of connect_sqlite.
  static Result<std::unique_ptr<SqliteWriter>> start(const std::string& path, WriteTurn& turn,
                                                     const StoreOptions& options);
  ~SqliteWriter();  // after what was submitted is done
  void submit(Submission submission);

 private:
  SqliteWriter(std::unique_ptr<Connection> connection, WriteTurn& turn,
               const StoreOptions& options);
  void run();
  std::vector<Submission> next_group();
  std::vector<CommitReport> commit_group(std::vector<Submission>& group);
  CommitReport apply(Submission& submission);
  void apply_alone(CommitReport& report, Submission& submission);

  std::unique_ptr<Connection> connection_;
  WriteTurn& turn_;
  const StoreOptions& options_;
  SqliteRecordWriter records_;
  SqliteSettler settler_;
  Statement savepoint_, undo_, release_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Submission> queue_;  // at most MatchBook::kMostUncollected per match book
  bool stopping_ = false;
  std::unique_ptr<SqliteCheckpoint> checkpoint_;
  std::thread thread_;  // last: they use all of the above
  std::jthread folding_;
};

}  // namespace oddsloom
