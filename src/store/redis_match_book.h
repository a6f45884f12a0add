// The match book on Redis: a batch is one pipeline of commit scripts, one per record, and when all
// of them have answered, one script per stream that acknowledges. So nothing is acknowledged that
// was not stored, and what a crash in between leaves is work that repeats without effect. Works a
// step at a time, inside submit() and collect(): no thread of its own. One session; one thread.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "store/redis_record_commit.h"

namespace oddsloom {

class RedisMatchBook final : public MatchBook {
 public:
  // `house` outlives it. Errors as of RedisClient::connect.
  static Result<std::unique_ptr<MatchBook>> open(const RedisHouse& house);
  // Finishes what was submitted if the server answers at once.
  ~RedisMatchBook() override;

  std::uint64_t submit(CommitBatch batch) override;
  std::vector<CommitReport> collect(Millis wait) override;
  std::size_t uncollected() const override { return queue_.size() + reports_.size(); }

 private:
  struct Submission {
    std::uint64_t ticket = 0;
    CommitBatch batch;
    std::chrono::steady_clock::time_point deadline;
    bool begun = false;
    bool one_by_one =
        false;  // a script failed, and which of its records is to blame is to be found out
    // Of the batch's records, then of its sightings, then of lines that are no longer offered.
    std::vector<RedisRecordCommit> records;
    std::size_t put_back = 0;  // entries of sightings that did not hold
    // Which records each command of the pipeline under way is about; none at all: it settles.
    std::vector<std::vector<std::size_t>> asked;
    std::size_t lines_asked = 0;  // so many commands of it, the first ones, are about lines
    bool lines_known = false;     // the batch's LinesOffered have been seen to
  };

  RedisMatchBook(const RedisHouse& house, std::unique_ptr<RedisClient> client);
  // Works on the oldest batch; true while there is more that could be done at once.
  bool step(Millis wait);
  void begin(Submission& submission);
  void ask(Submission& submission);
  std::vector<RedisCommand> record_commands(Submission& submission);
  std::vector<RedisCommand> line_commands(const Submission& submission) const;
  Result<void> lines_answered(Submission& submission, const std::vector<Reply>& replies);
  Result<void> record_answers(Submission& submission, const std::vector<Reply>& replies);
  void answered(Submission& submission);
  void finish(Result<void> result);

  const RedisHouse& house_;
  std::unique_ptr<RedisClient> client_;
  RedisKnownRecords known_;
  std::deque<Submission> queue_;
  std::vector<CommitReport> reports_;
  std::uint64_t last_ticket_ = 0;
};

}  // namespace oddsloom
