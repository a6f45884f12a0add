// The checks that an engine on Redis has to pass, by number: what goes wrong on a real server, done
// to one. Further ones in redis_checks_trouble_test.cpp.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "store/child_process.h"
#include "store/redis_session.h"
#include "support/redis_cluster.h"
#include "support/redis_server.h"
#include "support/tcp_gate.h"
#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::HasSubstr;

class RedisChecks : public ::testing::Test {
 protected:
  std::int64_t ttl(const std::string& key) { return std::stoll(server_.cli("PTTL", key)); }

  HandClock clock_;
  RedisServer server_;
  const StreamId stream_ = stream_of("three_way");
};

TEST_F(RedisChecks, Check1ManyProcessesWithTheSameEventsMakeOneDocumentAndOneAnnouncementEach) {
  RedisSession session(server_.url(), clock_.clock());
  std::vector<ChildProcess> children;
  for (int i = 0; i < 4; ++i) children.emplace_back("commit the same", server_.url());
  for (ChildProcess& child : children) EXPECT_EQ(child.wait(), 0);
  const StoreCounts counts = must(session.reader->counts());
  EXPECT_EQ(counts.documents, 300u);
  EXPECT_EQ(counts.records, 300u);
  EXPECT_EQ(counts.announcements, 300u);
  EXPECT_EQ(counts.changes, 300u);
}

TEST_F(RedisChecks, Check2KilledBetweenCommitAndAcknowledgementNothingIsLostOrAnnouncedAgain) {
  RedisSession session(server_.url(), clock_.clock());
  must(session.work->append(stream_, entries_for(1, 20)));
  ChildProcess child("commit and hold", server_.url(), "host:9:1");
  ASSERT_TRUE(wait_until([&] { return must(session.reader->counts()).documents == 20; }));
  child.kill();
  EXPECT_EQ(must(session.work->backlog({stream_})), 20u);
  clock_.advance(seconds(31));
  const auto entries = session.claim(stream_);
  ASSERT_EQ(entries.size(), 20u);
  CommitBatch batch;
  for (const Entry& entry : entries) batch.records.push_back(record_of(entry.work.event_id));
  batch.acknowledge = refs_of(entries);
  EXPECT_EQ(must(commit(*session.book, std::move(batch))),
            std::vector<Committed>(20, Committed::Same));
  EXPECT_EQ(must(session.work->backlog({stream_})), 0u);
  EXPECT_EQ(must(session.reader->counts()).announcements, 20u);
}

TEST_F(RedisChecks, Check3ALateAnswerAndAVanishedOutcomeLeaveOtherBookmakersAlone) {
  RedisSession session(server_.url(), clock_.clock());
  session.commit_one(record_of("1", 2'110, kNoon + seconds(5)));
  const std::string key = session.key_of(record_of("1"));
  Record other = record_of("77");
  other.bookmaker = "BookieAlpha";
  server_.cli("HSET", key, "bk:BookieAlpha", to_json(other), "ts:BookieAlpha",
              std::to_string(kNoon.value));
  EXPECT_EQ(session.commit_one(record_of("1", 1'500, kNoon)), Committed::Stale);
  Record fewer = record_of("1", 2'110, kNoon + seconds(6));
  fewer.outcomes.pop_back();
  EXPECT_EQ(session.commit_one(fewer), Committed::Merged);
  const auto document = must(session.reader->document(key));
  ASSERT_TRUE(document);
  EXPECT_EQ(document->records.at("BookieDelta").outcomes.size(), 2u);
  EXPECT_EQ(to_json(document->records.at("BookieAlpha")), to_json(other));
}

TEST_F(RedisChecks, Check3ABranchWithoutItsHashIsReplacedOrWithdrawnAndNotAskedForForEver) {
  RedisSession session(server_.url(), clock_.clock());
  session.commit({record_of("1"), record_of("2"), record_of("3")});
  for (const char* id : {"1", "2", "3"})
    server_.cli("HDEL", session.key_of(record_of(id)), "h:BookieDelta");
  Record gone = record_of("2", 2'060, kNoon + seconds(1));
  gone.offered = false;
  gone.outcomes.clear();
  // The third is what the session believes to be there, so that it says nothing of it at first.
  EXPECT_EQ(session.commit({record_of("1", 2'110, kNoon + seconds(1)), gone,
                            record_of("3", 2'060, kNoon + seconds(1))}),
            std::vector<Committed>(3, Committed::Merged));
  EXPECT_EQ(content_hash(session.stored(record_of("3"))), content_hash(record_of("3")));
  EXPECT_EQ(session.stored(record_of("1")).outcomes[0].price, Price{2'110});
  EXPECT_FALSE(session.stored(record_of("2")).offered);
}

TEST_F(RedisChecks, Check5IdsPricesAndNamesRoundTripByteForByte) {
  RedisSession session(server_.url(), clock_.clock());
  for (const std::string id :
       {"123456789012345", "12345678901234567", "9223372036854775807", "ev/77-é:ü", "007"}) {
    Record record = record_of(id);
    record.home = "Bodø/Glimt \"B\" \\ 日本 / ?";
    record.outcomes[0].price = must(parse_price("1.7999999999999998"));
    record.outcomes[1].price.reset();
    EXPECT_EQ(session.commit_one(record), Committed::Created);
    record.changed_at = record.observed_at;
    EXPECT_EQ(to_json(session.stored(record)), to_json(record));
    EXPECT_EQ(session.stored(record).outcomes[0].price, Price{1'800});
    record.outcomes.clear();
    record.observed_at = kNoon + seconds(1);
    EXPECT_EQ(session.commit_one(record), Committed::Merged);
    EXPECT_TRUE(session.stored(record).outcomes.empty());
  }
  must(session.work->append(stream_, {entry_for("9223372036854775807"), entry_for("ev/77-é")}));
  EXPECT_EQ(events_of(session.claim(stream_)),
            (std::vector<std::string>{"9223372036854775807", "ev/77-é"}));
}

TEST_F(RedisChecks, Check6EntriesWhoseBodiesWereTrimmedAwayBecomeDeadLetters) {
  RedisSession session(server_.url(), clock_.clock());
  must(session.work->append(stream_, entries_for(1, 3)));
  session.claim(stream_, "gone");
  server_.cli("XTRIM", stream_.name(), "MAXLEN", "=", "1");
  clock_.advance(seconds(61));
  EXPECT_EQ(events_of(session.claim(stream_)), (std::vector<std::string>{"3"}));
  const auto dead = must(session.work->dead(10));
  ASSERT_EQ(dead.size(), 2u);
  for (const DeadLetter& letter : dead) EXPECT_THAT(letter.reason, HasSubstr("trimmed"));
  EXPECT_EQ(must(session.work->backlog({stream_})), 1u);
  EXPECT_EQ(must(session.work->retry_dead({})), 0u) << "there is nothing left to try again";
  EXPECT_EQ(must(session.work->drop_dead({})), 2u);
}

TEST_F(RedisChecks, Check7EveryTransportCarriesTheSame) {
  RedisServerOptions socket, tls;
  socket.unix_socket = true;
  tls.tls = true;
  tls.user = "weaver";
  tls.password = "a/b c";
  RedisServer by_socket(socket), by_tls(tls);
  TcpGate gate(server_.port());
  gate.forward_in_pieces(7);
  for (const std::string& url : {by_socket.url(), by_tls.url(), server_.url_at(gate.port())}) {
    SCOPED_TRACE(url);
    RedisSession session(url, clock_.clock());
    must(session.work->append(stream_, entries_for(1, 3)));
    const auto entries = session.claim(stream_);
    ASSERT_EQ(entries.size(), 3u);
    must(commit(*session.book, {{record_of("1"), record_of("2")}, refs_of(entries), {}, {}}));
    EXPECT_EQ(must(session.work->backlog({stream_})), 0u);
    EXPECT_EQ(must(session.reader->documents({})).size(), 2u);
    EXPECT_EQ(must(session.reader->changes(0, 10)).size(), 2u);
  }
}

TEST_F(RedisChecks, Check8AClusterWithoutHashTagsIsRefusedAndSaysWhy) {
  RedisCluster cluster;
  StoreOptions options = options_with(clock_.clock());
  options.hash_tags = HashTags::Off;
  const auto refused = open_store(cluster.url(), options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Invalid);
  EXPECT_THAT(refused.error().text(), HasSubstr("hash_tags"));
  EXPECT_THAT(refused.error().text(), HasSubstr("cluster"));
  options.hash_tags = HashTags::Auto;
  RedisSession session(cluster.url(), options);
  EXPECT_EQ(session.commit_one(record_of("1")), Committed::Created);
  EXPECT_EQ(session.key_of(record_of("1")), "BookieDelta_{lst-THREE_WAY_upcoming}:1935921600-0-1");
}

TEST_F(RedisChecks, Check8AStoreFilledWithOtherNamesIsRefused) {
  { RedisSession session(server_.url(), clock_.clock()); }
  StoreOptions options = options_with(clock_.clock());
  options.hash_tags = HashTags::On;
  const auto refused = open_store(server_.url(), options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Conflict);
  EXPECT_THAT(refused.error().text(), HasSubstr("without hash tags"));
  options.naming.prefix = "xtr";
  EXPECT_TRUE(open_store(server_.url(), options)) << "another prefix is another store";
}

TEST_F(RedisChecks, Check9AnEventThatMovesToTodaysStreamKeepsItsDocument) {
  RedisSession session(server_.url(), clock_.clock());
  const StreamId tomorrow = stream_of("three_way", 1), today = stream_of("three_way", 0);
  must(session.work->append(tomorrow, {entry_for("1")}));
  Record record = record_of("1");
  record.period = 1;
  record.start_time = kNoon + hours(20);
  must(commit(*session.book, {{record}, refs_of(session.claim(tomorrow)), {}, {}}));
  clock_.advance(hours(13));
  must(session.work->append(today, {entry_for("1")}));
  record.period = 0;
  record.observed_at = clock_.now();
  record.outcomes[0].price = Price{2'110};
  EXPECT_EQ(must(commit(*session.book, {{record}, refs_of(session.claim(today)), {}, {}})),
            std::vector<Committed>{Committed::Merged});
  const StoreCounts counts = must(session.reader->counts());
  EXPECT_EQ(counts.documents, 1u);
  EXPECT_EQ(counts.announcements, 1u);
}

TEST_F(RedisChecks, Check10ADocumentExpiresByItselfAndEverySightingPutsThatOff) {
  RedisSession session(server_.url(), clock_.clock());
  Record live = record_of("1");
  live.source = Source::Live;
  session.commit({live, record_of("2")});
  const std::string live_lookup = "idx:lst3way_live:BookieDelta:1";
  // The server keeps a little longer, so that it need not be told of every sighting.
  const auto at_least = [](Millis span) {
    return ::testing::AllOf(::testing::Gt((span - seconds(30)).count()),
                            ::testing::Le((span + Millis(hours(6)) / 16).count()));
  };
  EXPECT_THAT(ttl(session.key_of(live)), at_least(hours(6)));
  EXPECT_EQ(ttl(live_lookup), -1) << "tidying removes it, with the document's places in the lists";
  EXPECT_THAT(ttl(session.key_of(record_of("2"))), at_least(hours(7))) << "an hour to kick-off";

  const std::string key = session.key_of(live);
  server_.cli("PEXPIRE", key, "60000");
  clock_.advance(hours(1));
  live.observed_at = clock_.now();
  EXPECT_EQ(session.commit_one(live), Committed::Same);
  EXPECT_THAT(ttl(key), at_least(hours(6)));
  clock_.advance(seconds(10));
  live.observed_at = clock_.now();
  EXPECT_EQ(session.commit_one(live), Committed::Same);
  EXPECT_THAT(ttl(key), at_least(hours(6)));
}

TEST_F(RedisChecks, Check10ALookupThatWouldExpireOrIsGoneComesBackWithTheNextSighting) {
  const std::string lookup = "idx:lst3way_live:BookieDelta:1";
  Record live = record_of("1");
  live.source = Source::Live;
  const auto see = [&] {  // by a worker that has just started
    RedisSession session(server_.url(), clock_.clock());
    clock_.advance(seconds(1));
    live.observed_at = clock_.now();
    return session.commit_one(live);
  };
  EXPECT_EQ(see(), Committed::Created);
  const std::string document = server_.cli("GET", lookup);
  server_.cli("PEXPIRE", lookup, "60000");  // as versions before this made them
  EXPECT_EQ(see(), Committed::Same);
  EXPECT_EQ(ttl(lookup), -1);

  RedisSession session(server_.url(), clock_.clock());
  live.observed_at = clock_.now();
  EXPECT_EQ(session.commit_one(live), Committed::Same);
  server_.cli("DEL", lookup);
  clock_.advance(hours(1));
  live.observed_at = clock_.now();
  EXPECT_EQ(session.commit_one(live), Committed::Same);
  EXPECT_EQ(server_.cli("GET", lookup), document);
}

TEST_F(RedisChecks, Check10TidyingRemovesTheLookupOfADocumentThatExpiredByItself) {
  RedisSession session(server_.url(), clock_.clock());
  session.commit_one(record_of("1"));
  server_.cli("DEL", session.key_of(record_of("1")));
  clock_.advance(hours(8));
  must(session.store->tidy());
  EXPECT_EQ(server_.cli("EXISTS", "idx:lst3way_upcoming:BookieDelta:1"), "0");
}

TEST_F(RedisChecks, Check10ZeroKeepsForEver) {
  StoreOptions options = options_with(clock_.clock());
  options.keep_live = options.keep_upcoming = Millis(0);
  RedisSession session(server_.url(), options);
  session.commit_one(record_of("1"));
  EXPECT_EQ(ttl(session.key_of(record_of("1"))), -1);
  EXPECT_EQ(ttl("idx:lst3way_upcoming:BookieDelta:1"), -1);
}

TEST_F(RedisChecks, Check10WhatExpiredByItselfIsForgottenAndMadeAnew) {
  RedisSession session(server_.url(), clock_.clock());
  session.commit_one(record_of("1"));
  const std::string key = session.key_of(record_of("1"));
  for (const std::string& each : {key, std::string("idx:lst3way_upcoming:BookieDelta:1")})
    server_.cli("DEL", each);
  EXPECT_TRUE(must(session.reader->documents({})).empty());
  clock_.advance(hours(8));
  must(session.store->tidy());
  EXPECT_EQ(must(session.reader->counts()).documents, 0u);
  EXPECT_EQ(must(session.reader->counts()).records, 0u);
  Record again = record_of("1", 2'060, clock_.now());
  again.start_time = clock_.now() + hours(1);
  EXPECT_EQ(session.commit_one(again), Committed::Created);
  EXPECT_NE(session.key_of(again), key);
}

}  // namespace
}  // namespace oddsloom::test
