// The client's side of a commit on Redis, without a server: what is said for a batch, and what is
// made of the answer.
#include <fmt/format.h>

#include "bench/operations/inputs.h"
#include "bench/operations/operation.h"
#include "store/redis_record_commit.h"
#include "store/redis_settling.h"

namespace oddsloom::bench {
namespace {

constexpr std::size_t kBatch = 50;

// As from the wire: one word per record.
Reply answer(std::string_view word, std::size_t count) {
  std::string wire = fmt::format("*{}\r\n", count);
  for (std::size_t i = 0; i < count; ++i) wire += fmt::format("${}\r\n{}\r\n", word.size(), word);
  ReplyReader reader;
  reader.feed(wire);
  return std::move(**reader.next());
}

struct Session {
  RedisHouse house;
  RedisKnownRecords known;
  std::vector<Record> older = records(kBatch, 10), newer = records(kBatch, 20);
  std::vector<EntryRef> claimed = entries(kBatch);
  bool turn = false;

  explicit Session(RedisFlavour flavour) {
    house.options.bet_types = bench::house().bet_types;
    house.options.clock = [] { return kNow; };
    house.flavour = flavour;
  }

  void commit(const char* word, Committed wanted) {
    CommitBatch batch{turn ? newer : older, claimed, {}, {}};
    const BetType* type = house.options.bet_types.find("three_way");
    std::vector<RedisRecordCommit> commits;
    commits.reserve(kBatch);
    for (Record& record : batch.records) commits.emplace_back(house, *type, std::move(record));
    std::vector<const RedisRecordCommit*> together;
    for (RedisRecordCommit& commit : commits) {
      commit.prepare(known);
      together.push_back(&commit);
    }
    std::string wire;
    commit_command(house, together).append_to(wire);
    const Reply reply = answer(word, kBatch);
    for (std::size_t i = 0; i < kBatch; ++i) {
      expect(commits[i].answered(reply[i], known).has_value() && commits[i].outcome() == wanted,
             "a record was not committed");
    }
    for (const RedisCommand& command : settle_commands(house, batch)) command.append_to(wire);
    expect(wire.size() > kBatch * 100, "too little was said");
  }
};

}  // namespace

std::vector<Operation> redis_operations() {
  const auto changing = [](const std::string& name, RedisFlavour flavour) {
    return Operation{"redis/" + name, "record", kBatch,
                     [session = std::make_shared<Session>(flavour)] {
                       session->turn = !session->turn;
                       session->commit("merged", Committed::Merged);
                     }};
  };
  return {
      {"redis/50-new", "record", kBatch,
       [session = std::make_shared<Session>(RedisFlavour::Hash)] {
         session->known = RedisKnownRecords();
         session->commit("created", Committed::Created);
       }},
      changing("50-changed", RedisFlavour::Hash),
      changing("50-changed-json", RedisFlavour::Json),
      {"redis/50-same", "record", kBatch,
       [session = std::make_shared<Session>(RedisFlavour::Hash)] {
         session->commit("same", Committed::Same);
       }},
  };
}

}  // namespace oddsloom::bench
