#include "store/sqlite_writer.h"

#include <algorithm>

#include "store/sqlite_schema.h"

namespace oddsloom {
namespace {

// A group is bounded so that no batch waits long for others, and no claimer for the group.
constexpr std::size_t kMostBatches = 32;
constexpr std::size_t kMostRecords = 4'000;

}  // namespace

void ReportBox::expect_one() {
  const std::lock_guard lock(mutex_);
  ++under_way_;
}

void ReportBox::deliver(CommitReport report) {
  // Notified under the lock: whoever waits may destroy the box as soon as it wakes.
  const std::lock_guard lock(mutex_);
  --under_way_;
  reports_.push_back(std::move(report));
  changed_.notify_all();
}

void ReportBox::wait_below(std::size_t limit) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return under_way_ < limit; });
}

std::vector<CommitReport> ReportBox::take(Millis wait) {
  std::unique_lock lock(mutex_);
  if (wait > Millis(0) && under_way_ > 0)
    changed_.wait_for(lock, wait, [&] { return !reports_.empty(); });
  return std::exchange(reports_, {});
}

Result<std::unique_ptr<SqliteWriter>> SqliteWriter::start(const std::string& path, WriteTurn& turn,
                                                          const StoreOptions& options) {
  auto connection = connect_sqlite(path, {.cache_kib = 8 * 1024});
  if (!connection) return tl::unexpected(connection.error());
  auto checkpoint = SqliteCheckpoint::open(path, turn);
  if (!checkpoint) return tl::unexpected(checkpoint.error());
  std::unique_ptr<SqliteWriter> writer(new SqliteWriter(*std::move(connection), turn, options));
  if (auto made = writer->connection_->outcome(); !made) return tl::unexpected(made.error());
  writer->checkpoint_ = *std::move(checkpoint);
  writer->thread_ = std::thread([self = writer.get()] { self->run(); });
  writer->folding_ = std::jthread(
      [self = writer.get()](const std::stop_token& stop) { self->checkpoint_->run(stop); });
  return writer;
}

SqliteWriter::SqliteWriter(std::unique_ptr<Connection> connection, WriteTurn& turn,
                           const StoreOptions& options)
    : connection_(std::move(connection)),
      turn_(turn),
      options_(options),
      records_(*connection_, options),
      settler_(*connection_, options.clock),
      savepoint_(*connection_, "SAVEPOINT batch"),
      undo_(*connection_, "ROLLBACK TO batch"),
      release_(*connection_, "RELEASE batch") {}

SqliteWriter::~SqliteWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void SqliteWriter::submit(Submission submission) {
  submission.box->expect_one();
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(submission));
  }
  changed_.notify_one();
}

void SqliteWriter::run() {
  for (auto group = next_group(); !group.empty(); group = next_group()) {
    auto reports = commit_group(group);
    for (std::size_t i = 0; i < group.size(); ++i) group[i].box->deliver(std::move(reports[i]));
  }
}

// Empty only when it is time to stop and nothing is left.
std::vector<Submission> SqliteWriter::next_group() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
  std::vector<Submission> group;
  std::size_t records = 0;
  while (!queue_.empty() && group.size() < kMostBatches) {
    records += queue_.front().batch.records.size();
    if (!group.empty() && records > kMostRecords) break;
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

std::vector<CommitReport> SqliteWriter::commit_group(std::vector<Submission>& group) {
  std::vector<CommitReport> reports;
  Result<void> stored;
  {
    Transaction transaction(*connection_, turn_);
    for (Submission& submission : group) reports.push_back(apply(submission));
    transaction.commit();
    stored = connection_->outcome();
  }
  if (!stored)
    for (CommitReport& report : reports)
      if (report.result) report.result = stored;
  for (CommitReport& report : reports)
    if (!report.result) report = {report.ticket, std::move(report.result), {}, {}, {}, 0};
  return reports;
}

// Each batch is all or nothing by itself. After an error that is not the batch's own (the disk is
// full, the lock was not to be had) the connection stays failed, so the whole group is rolled back
// and every batch of it learns why.
CommitReport SqliteWriter::apply(Submission& submission) {
  CommitReport report;
  report.ticket = submission.ticket;
  if (connection_->failed()) return report;
  for (const Record& record : submission.batch.records)
    if (!options_.bet_types.find(record.bet_type)) {
      report.result = fail(ErrorKind::Invalid, record.id().text(),
                           "'" + record.bet_type + "' is no bet type this program knows");
      return report;
    }
  savepoint_.run();
  apply_alone(report, submission);
  if (connection_->failed()) {
    Error error = connection_->outcome().error();
    const bool machine = error.kind == ErrorKind::Unavailable || error.kind == ErrorKind::Busy;
    if (!machine && connection_->in_transaction()) {
      undo_.run();
      report.result = tl::unexpected(std::move(error));
    } else {
      connection_->note(std::move(error));
      return report;
    }
  }
  release_.run();
  return report;
}

void SqliteWriter::apply_alone(CommitReport& report, Submission& submission) {
  CommitBatch& batch = submission.batch;
  report.records.reserve(batch.records.size());
  for (std::size_t i = 0; i < batch.records.size(); ++i)
    report.records.push_back(records_.write(std::move(batch.records[i]), submission.hashes[i]));
  report.contents = std::move(submission.hashes);
  std::vector<EntryRef> refused;
  for (const Sighting& sighting : batch.sightings) {
    report.sightings.push_back(records_.see(sighting));
    if (report.sightings.back() == Committed::Absent)
      refused.insert(refused.end(), sighting.entries.begin(), sighting.entries.end());
  }
  for (const LinesOffered& offered : batch.lines) records_.keep_lines(offered);
  report.put_back = put_back(batch, refused, options_.clock());
  for (const EntryRef& entry : batch.acknowledge) settler_.acknowledge(entry);
  for (const Delay& delay : batch.delays) settler_.delay(delay);
  for (const Burial& burial : batch.burials) settler_.bury(burial);
}

}  // namespace oddsloom
