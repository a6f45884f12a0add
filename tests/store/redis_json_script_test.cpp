// The commit script of the JSON flavour on Debian's server, which has no JSON: in front of the
// script stands a prelude that takes its JSON commands, notes them, and answers what the test laid
// down. Nothing here knows what those commands do to a document: which are sent, in which order,
// and what the script makes of their answers is what is tested. The rest: interop_stack_test.cpp.
#include <gmock/gmock.h>

#include "store/parsed_reply.h"
#include "store/redis_record_commit.h"
#include "store/store_under_test.h"
#include "support/redis_server.h"

namespace oddsloom::test {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using Words = std::vector<std::string>;

// A document is a key of any kind, so that EXISTS and PEXPIRE of it are real.
constexpr std::string_view kPrelude = R"lua(
local server = redis
local redis = setmetatable({}, {__index = server})
function redis.call(name, ...)
  if string.sub(name, 1, 5) ~= 'JSON.' then return server.call(name, ...) end
  local key = ...
  local words = {select(2, ...)}
  server.call('RPUSH', 'json_calls', table.concat({name, key, unpack(words)}, ' '))
  if name == 'JSON.SET' and words[3] == 'NX' then return server.call('SET', key, 'a document', 'NX') end
  if name == 'JSON.MERGE' and words[1] ~= '$' and server.call('EXISTS', 'no_branches') == 1 then return false end
  if name == 'JSON.GET' then return server.call('GET', 'json_answer') end
  return server.status_reply('OK')
end
)lua";

const std::string kPath = "$.match_team_objects.BookieDelta";
const std::string kLookup = "idx:lst3way_live:BookieDelta:7";
const std::string kDocument = "BookieDelta_lst-THREE_WAY_live:1935921600-0-7";

Record live_record(std::int32_t home_price = 2'060, UtcMillis observed_at = kNoon) {
  Record record = record_of("7", home_price, observed_at);
  record.source = Source::Live;
  return record;
}

std::string as_stored(Record record) {
  record.changed_at = record.observed_at;
  return to_json(record);
}

class RedisJsonScript : public ::testing::Test {
 protected:
  RedisJsonScript()
      : script_(make_script("commit_json_noted",
                            std::string(kPrelude) + RedisScripts::commit(RedisFlavour::Json).text)),
        house_{*parse_redis_url(server_.url()), options_with(clock_.clock()), RedisFlavour::Json,
               false},
        client_(must(RedisClient::connect(house_.target, {&script_}, Millis(10'000)))) {}

  // As the match book does it, but with the script that notes.
  std::string commit(const Record& record) {
    RedisRecordCommit one(house_, house_.options.bet_types.all().at(0), record);
    answers_.clear();
    while (!one.outcome()) {
      if (one.searching()) {
        must(one.answered(parsed_reply(found_).view(), known_));
        continue;
      }
      one.prepare(known_);
      const MarketKeys keys = house_.market_keys(one.type(), one.source());
      RedisCommand command(script_, 7);
      command.key(keys.announcements).key(keys.changes).key(keys.documents).key(keys.expiry);
      command.key(keys.newest_change);
      one.add_keys(command);
      command.add("1000").add(std::int64_t{RedisRecordCommit::words(RedisFlavour::Json)});
      command.add(clock_.now().value);
      one.add_words(command);
      const Reply reply = must(client_->ask(std::move(command), Millis(10'000)));
      const ReplyView answer = reply[0];
      answers_.emplace_back(answer.is_list() ? answer[0].text() : answer.text());
      must(one.answered(answer, known_));
    }
    return std::string(to_string(*one.outcome()));
  }

  // JSON commands since the last look.
  Words calls() {
    const auto reply = must(client_->ask(
        std::move(RedisCommand("LRANGE").key("json_calls").add("0").add("-1")), Millis(10'000)));
    Words out;
    for (std::size_t i = 0; i < reply.view().size(); ++i) out.emplace_back(reply[i].text());
    server_.cli("DEL", "json_calls");
    return out;
  }
  std::string lookup(const std::string& field) { return server_.cli("HGET", kLookup, field); }
  int announced() { return std::stoi(server_.cli("XLEN", "lst-THREE_WAY_live_stream")); }
  int changes() { return std::stoi(server_.cli("XLEN", "lst-THREE_WAY_live_changes")); }

  RedisServer server_;
  HandClock clock_;
  const RedisScript script_;
  RedisHouse house_;
  std::unique_ptr<RedisClient> client_;
  RedisKnownRecords known_;
  Words answers_;  // first words, of the last commit
  std::string found_;
};

TEST_F(RedisJsonScript, ANewDocumentIsSetOnceAsAWhole) {
  EXPECT_EQ(commit(live_record()), "created");
  MatchDocument whole{kDocument, kNoon, kNoon, {}};
  whole.records.emplace("BookieDelta", live_record());
  whole.records.begin()->second.changed_at = kNoon;
  EXPECT_THAT(calls(), ElementsAre("JSON.SET " + kDocument + " $ " + to_json(whole) + " NX"));
  EXPECT_EQ(lookup("key"), kDocument);
  EXPECT_EQ(lookup("ts"), std::to_string(kNoon.value));
  EXPECT_EQ(lookup("h"), content_hash(live_record()).hex());
  for (const std::string& key : {kDocument, kLookup})
    EXPECT_GT(std::stoll(server_.cli("PTTL", key)), 21'000'000) << key;
  EXPECT_THAT(server_.cli("XRANGE", "lst-THREE_WAY_live_stream", "-", "+"),
              EndsWith("\ndata_key\n" + kDocument));
  EXPECT_EQ(changes(), 1);
}

TEST_F(RedisJsonScript, ASightingThatChangesNothingDoesNotTouchTheDocument) {
  commit(live_record());
  calls();
  EXPECT_EQ(commit(live_record(2'060, kNoon + Millis(5'000))), "same");
  EXPECT_THAT(calls(), IsEmpty()) << "an index would work for nothing";
  EXPECT_EQ(lookup("ts"), std::to_string(kNoon.value + 5'000));
  EXPECT_EQ(commit(live_record(2'110, kNoon + Millis(4'000))), "stale");
  EXPECT_THAT(calls(), IsEmpty());
  EXPECT_EQ(changes(), 1);
}

TEST_F(RedisJsonScript, AChangeReplacesTeamsAndOutcomesAndMergesTheRest) {
  commit(live_record());
  calls();
  Record changed = live_record(2'110, kNoon + Millis(5'000));
  changed.outcomes.erase(changed.outcomes.begin() + 1);
  EXPECT_EQ(commit(changed), "merged");
  EXPECT_THAT(
      calls(),
      ElementsAre("JSON.DEL " + kDocument + " " + kPath + ".teams",
                  "JSON.DEL " + kDocument + " " + kPath + "[\"X\"]",
                  "JSON.MERGE " + kDocument + " " + kPath + " " + as_stored(changed),
                  "JSON.SET " + kDocument + " " + kPath + ".outcomes " + outcomes_member(changed),
                  "JSON.SET " + kDocument + " " + kPath + ".line null",
                  "JSON.SET " + kDocument + " $.bookie_updated 1935921605"));
  EXPECT_EQ(lookup("ts"), std::to_string(kNoon.value + 5'000));
  EXPECT_EQ(lookup("h"), content_hash(changed).hex());
  EXPECT_EQ(announced(), 1);
  EXPECT_EQ(changes(), 2);
}

TEST_F(RedisJsonScript, ADocumentThatLacksTheBranchsPlaceIsMergedAtItsRoot) {
  commit(live_record());
  calls();
  server_.cli("SET", "no_branches", "1");
  const Record changed = live_record(2'110, kNoon + Millis(5'000));
  EXPECT_EQ(commit(changed), "merged");
  EXPECT_EQ(calls().at(2), "JSON.MERGE " + kDocument +
                               " $ {\"match_team_objects\":{\"BookieDelta\":" + as_stored(changed) +
                               "}}");
}

TEST_F(RedisJsonScript, WhatANewerSightingDoesNotKnowIsKeptFromTheBranch) {
  commit(live_record());
  server_.cli("SET", "json_answer", "[" + as_stored(live_record()) + "]");
  calls();
  Record poorer = live_record(2'110, kNoon + Millis(5'000));
  poorer.home.clear();
  EXPECT_EQ(commit(poorer), "merged");
  EXPECT_THAT(answers_, ElementsAre("older", "merged"));
  EXPECT_EQ(calls().at(0), "JSON.GET " + kDocument + " " + kPath);
  EXPECT_EQ(lookup("h"), content_hash(live_record(2'110)).hex()) << "the home team is known";
}

TEST_F(RedisJsonScript, AWithdrawalClosesTheBranchThatIsThere) {
  commit(live_record());
  server_.cli("SET", "json_answer", "[" + as_stored(live_record()) + "]");
  Record gone = live_record(2'060, kNoon + Millis(5'000));
  gone.offered = false;
  gone.outcomes.clear();
  EXPECT_EQ(commit(gone), "merged");
  EXPECT_EQ(lookup("h"), content_hash(withdrawn(live_record(), kNoon)).hex());
  gone.event_id = "8";
  EXPECT_EQ(commit(gone), "absent");
}

TEST_F(RedisJsonScript, AFoundDocumentIsAdoptedAndNotAnnounced) {
  house_.search = true;
  server_.cli("SET", "theirs", "a document");
  found_ = "*3\r\n:1\r\n$6\r\ntheirs\r\n*2\r\n$1\r\np\r\n$20\r\n{\"eventId_gameId\":7}\r\n";
  EXPECT_EQ(commit(live_record()), "merged");
  EXPECT_THAT(answers_, ElementsAre("unknown", "merged"));
  EXPECT_EQ(calls().at(1), "JSON.MERGE theirs " + kPath + " " + as_stored(live_record()));
  EXPECT_EQ(lookup("key"), "theirs");
  EXPECT_GT(std::stoll(server_.cli("PTTL", "theirs")), 0) << "kept as long as ours";
  EXPECT_EQ(announced(), 0);
  EXPECT_EQ(changes(), 1);
  EXPECT_EQ(server_.cli("ZRANGE", "lst-THREE_WAY_live_documents", "0", "-1"), "theirs");
}

TEST_F(RedisJsonScript, ADocumentThatVanishedIsMadeAgain) {
  commit(live_record());
  server_.cli("DEL", kDocument);
  EXPECT_EQ(commit(live_record(2'060, kNoon + Millis(5'000))), "created");
  EXPECT_THAT(answers_, ElementsAre("gone", "created"));
  EXPECT_EQ(announced(), 2);
}

TEST_F(RedisJsonScript, AKeyThatIsTakenGetsANeighbour) {
  server_.cli("RPUSH", kDocument, "something else");
  EXPECT_EQ(commit(live_record()), "created");
  EXPECT_THAT(answers_, ElementsAre("taken", "created"));
  EXPECT_EQ(lookup("key"), kDocument + "~2");
}

}  // namespace
}  // namespace oddsloom::test
