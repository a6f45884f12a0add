#include "store/redis_match_book.h"

#include <algorithm>

#include "store/redis_search_index.h"
#include "store/redis_settling.h"

namespace oddsloom {
namespace {

using Steady = std::chrono::steady_clock;

// A server that restarts or fails over takes some seconds; batches outlast that.
constexpr Millis kCommit{30'000};
constexpr Millis kLastEffort{1'000};

}  // namespace

Result<std::unique_ptr<MatchBook>> RedisMatchBook::open(const RedisHouse& house) {
  auto client = house.connect();
  if (!client) return tl::unexpected(client.error());
  return std::unique_ptr<MatchBook>(new RedisMatchBook(house, *std::move(client)));
}

RedisMatchBook::RedisMatchBook(const RedisHouse& house, std::unique_ptr<RedisClient> client)
    : house_(house), client_(std::move(client)) {}

RedisMatchBook::~RedisMatchBook() {
  const auto until = Steady::now() + kLastEffort;
  while (!queue_.empty() && Steady::now() < until)
    step(std::chrono::ceil<Millis>(until - Steady::now()));
}

std::uint64_t RedisMatchBook::submit(CommitBatch batch) {
  while (queue_.size() >= kMostUncollected) step(kCommit);  // its own deadline ends it
  queue_.push_back({++last_ticket_, std::move(batch), Steady::now() + kCommit, false, {}, {}});
  while (step(Millis(0))) continue;
  return last_ticket_;
}

std::vector<CommitReport> RedisMatchBook::collect(Millis wait) {
  const auto until = Steady::now() + wait;
  while (step(Millis(0))) continue;
  while (reports_.empty() && !queue_.empty()) {
    const auto left = std::chrono::ceil<Millis>(until - Steady::now());
    if (left <= Millis(0)) break;
    step(left);
  }
  return std::exchange(reports_, {});
}

bool RedisMatchBook::step(Millis wait) {
  if (queue_.empty()) return false;
  Submission& submission = queue_.front();
  if (!submission.begun) begin(submission);
  if (!client_->under_way()) return true;  // it ended at once
  if (!client_->advance(wait)) return false;
  answered(submission);
  return true;
}

// A batch that names an unknown bet type ends here; else its first pipeline is under way
// afterwards.
void RedisMatchBook::begin(Submission& submission) {
  submission.begun = true;
  submission.records.reserve(submission.batch.records.size());
  for (Record& record : submission.batch.records) {
    const BetType* type = house_.options.bet_types.find(record.bet_type);
    if (!type) {
      const std::string bet_type = record.bet_type;
      return finish(fail(ErrorKind::Invalid, record.id().text(),
                         "'" + bet_type + "' is no bet type this program knows"));
    }
    submission.records.emplace_back(house_, *type, std::move(record));
  }
  ask(submission);
}

void RedisMatchBook::ask(Submission& submission) {
  std::vector<RedisCommand> commands;
  submission.asked.clear();
  for (std::size_t i = 0; i < submission.records.size(); ++i) {
    if (submission.records[i].outcome()) continue;
    submission.asked.push_back(i);
    commands.push_back(submission.records[i].command(known_));
  }
  if (commands.empty()) commands = settle_commands(house_, submission.batch);
  if (commands.empty()) return finish({});
  const auto left = std::chrono::ceil<Millis>(submission.deadline - Steady::now());
  client_->start(std::move(commands), std::max(left, Millis(1)));
}

void RedisMatchBook::answered(Submission& submission) {
  const auto replies = client_->take();
  if (!replies) return finish(tl::unexpected(replies.error()));
  if (submission.asked.empty()) {
    for (const Reply& reply : *replies)
      if (auto fine = no_error(reply.view(), "settle"); !fine) return finish(fine);
    return finish({});
  }
  bool index_lost = false;
  for (std::size_t i = 0; i < submission.asked.size(); ++i) {
    RedisRecordCommit& record = submission.records[submission.asked[i]];
    auto done = record.answered((*replies)[i].view(), known_);
    if (!done) return finish(done);
    index_lost = index_lost || record.lacks_index();
  }
  if (index_lost)
    if (auto made = ensure_search_indexes(house_, *client_, kCommit); !made) return finish(made);
  ask(submission);
}

void RedisMatchBook::finish(Result<void> result) {
  CommitReport report;
  report.ticket = queue_.front().ticket;
  if (result)
    for (const RedisRecordCommit& record : queue_.front().records)
      report.records.push_back(*record.outcome());
  report.result = std::move(result);
  reports_.push_back(std::move(report));
  queue_.pop_front();
}

}  // namespace oddsloom
