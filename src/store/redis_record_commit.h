// One record on its way into a Redis store: makes the next command for it and judges the answer,
// until it is known what became of it. The script decides; what it cannot decide (another document
// is named, the stored content is not what was believed, the key is taken) is resolved here and
// asked again. No I/O; one thread.
#pragma once

#include <optional>
#include <string>

#include "store/redis_house.h"
#include "store/redis_known_records.h"

namespace oddsloom {

class RedisRecordCommit {
 public:
  RedisRecordCommit(const RedisHouse& house, const BetType& type, Record record);

  // Beliefs are taken from `known`, and noted there as if the command succeeded, so that a later
  // record of the same pipeline builds on it.
  RedisCommand command(RedisKnownRecords& known);
  // Errors: the server's (Corrupt: a key of ours is of another kind), Conflict (others keep
  // changing it).
  Result<void> answered(ReplyView reply, RedisKnownRecords& known);
  const std::optional<Committed>& outcome() const { return outcome_; }
  // The search index it asked is gone (the server was emptied): to be made again before the next
  // command.
  bool lacks_index() const { return lacks_index_; }

 private:
  RedisCommand search_command() const;
  void add_json_words(RedisCommand& command);
  Result<void> searched(ReplyView reply);
  void build_on(ReplyView stored);
  UtcMillis expires_at() const;

  const RedisHouse* house_;
  const BetType* type_;
  Record record_;
  ContentHash hash_;
  std::string lookup_;
  std::string what_;      // of the last command, see lua/commit.lua
  std::string document_;  // its KEYS[2]
  bool searching_ = false;
  bool lacks_index_ = false;
  bool index_remade_ = false;
  bool nothing_found_ = false;  // the search index knows no document, or need not be asked
  std::string found_;           // or this one
  bool withdrawal_ = false;     // the answer no longer held the market
  std::optional<ContentHash> builds_on_;  // the stored content that record_ was completed from
  int copies_ = 1;                        // names tried that were taken, and one
  int rounds_ = 0;
  std::optional<Committed> outcome_;
};

}  // namespace oddsloom
