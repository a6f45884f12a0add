// Check 4 of those that an engine on Redis has to pass: servers that forget, restart, change their
// part or are full. What was not committed is never acknowledged.
#include <gmock/gmock.h>

#include <thread>

#include "store/redis_session.h"
#include "support/redis_replicas.h"
#include "support/redis_server.h"
#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

using std::chrono::seconds;

class RedisCheck4 : public ::testing::Test {
 protected:
  // Three events claimed, and what their commit would be.
  CommitBatch claimed_batch(RedisSession& session) {
    must(session.work->append(stream_, entries_for(1, 3)));
    CommitBatch batch;
    batch.acknowledge = refs_of(session.claim(stream_));
    for (const char* id : {"1", "2", "3"}) batch.records.push_back(record_of(id));
    return batch;
  }
  void expect_all_stored(RedisSession& session) {
    EXPECT_EQ(must(session.reader->counts()).documents, 3u);
    EXPECT_EQ(must(session.reader->counts()).announcements, 3u);
    EXPECT_EQ(must(session.work->backlog({stream_})), 0u);
  }

  HandClock clock_;
  const StreamId stream_ = stream_of("three_way");
};

TEST_F(RedisCheck4, ForgottenScriptsAreLoadedAgain) {
  RedisServer server;
  RedisSession session(server.url(), clock_.clock());
  CommitBatch batch = claimed_batch(session);
  server.cli("SCRIPT", "FLUSH");
  EXPECT_EQ(must(commit(*session.book, std::move(batch))),
            std::vector<Committed>(3, Committed::Created));
  expect_all_stored(session);
}

TEST_F(RedisCheck4, ARestartInTheMiddleOfACommitIsWaitedFor) {
  RedisServerOptions options;
  options.persistent = true;
  options.fsync = "always";
  RedisServer server(options);
  RedisSession session(server.url(), clock_.clock());
  CommitBatch batch = claimed_batch(session);
  server.kill();
  session.book->submit(std::move(batch));
  EXPECT_TRUE(session.book->collect(Millis(300)).empty());
  EXPECT_EQ(session.book->uncollected(), 1u);
  server.start();
  const auto reports = session.book->collect(seconds(25));
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_TRUE(reports[0].result) << reports[0].result.error().text();
  expect_all_stored(session);
}

TEST_F(RedisCheck4, AReplicaTakesNoWritesUntilItIsPromoted) {
  RedisServer server, upstream;
  RedisSession session(server.url(), clock_.clock());
  CommitBatch batch = claimed_batch(session);
  server.cli("REPLICAOF", "127.0.0.1", "1");  // nobody there: it keeps what it has
  session.book->submit(std::move(batch));
  EXPECT_TRUE(session.book->collect(Millis(500)).empty());
  EXPECT_EQ(server.cli("XLEN", "lst-THREE_WAY_upcoming_stream"), "0");
  server.cli("REPLICAOF", "NO", "ONE");
  const auto reports = session.book->collect(seconds(25));
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_TRUE(reports[0].result) << reports[0].result.error().text();
  expect_all_stored(session);
}

TEST_F(RedisCheck4, AFullServerAcknowledgesNothingAndGoesOnWhenThereIsRoom) {
  RedisServer server;
  RedisSession session(server.url(), clock_.clock());
  CommitBatch batch = claimed_batch(session);
  server.cli("CONFIG", "SET", "maxmemory", "1");
  session.book->submit(std::move(batch));
  EXPECT_TRUE(session.book->collect(Millis(700)).empty());
  EXPECT_EQ(server.cli("XPENDING", stream_.name(), stream_.group()).substr(0, 1), "3");
  server.cli("CONFIG", "SET", "maxmemory", "0");
  const auto reports = session.book->collect(seconds(25));
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_TRUE(reports[0].result) << reports[0].result.error().text();
  expect_all_stored(session);
}

TEST_F(RedisCheck4, ADestroyedGroupIsMadeAnewAndGivesEverythingAgain) {
  RedisServer server;
  RedisSession session(server.url(), clock_.clock());
  must(session.work->append(stream_, entries_for(1, 3)));
  session.claim(stream_);
  server.cli("XGROUP", "DESTROY", stream_.name(), stream_.group());
  const auto entries = session.claim(stream_);
  EXPECT_EQ(events_of(entries), (std::vector<std::string>{"1", "2", "3"}));
  must(commit(*session.book, {{record_of("1")}, refs_of(entries), {}, {}}));
  EXPECT_EQ(must(session.work->backlog({stream_})), 0u);
}

TEST_F(RedisCheck4, ADeletedStreamIsMadeAnew) {
  RedisServer server;
  RedisSession session(server.url(), clock_.clock());
  must(session.work->append(stream_, entries_for(1, 3)));
  const auto held = session.claim(stream_);
  server.cli("DEL", stream_.name());
  must(commit(*session.book, {{}, refs_of(held), {{held[0].ref, clock_.now()}}, {}}));
  EXPECT_TRUE(session.claim(stream_).empty());
  must(session.work->append(stream_, entries_for(4, 4)));
  EXPECT_EQ(events_of(session.claim(stream_)), (std::vector<std::string>{"4"}));
}

TEST_F(RedisCheck4, AStreamDeletedUnderAWaitingClaimIsWaitedOnAnew) {
  RedisServer server;
  RedisSession session(server.url(), clock_.clock());
  std::vector<Entry> entries;
  std::thread claimer([&] {
    entries = must(session.work->claim({{stream_}, "host:1:1", 5, Millis(60'000), seconds(60)}));
  });
  const auto blocked = [&] { return server.info("blocked_clients") == "1"; };
  EXPECT_TRUE(wait_until(blocked));
  server.cli("DEL", stream_.name());
  RedisSession other(server.url(), clock_.clock());
  must(other.work->append(stream_, entries_for(7, 7)));
  claimer.join();
  EXPECT_EQ(events_of(entries), (std::vector<std::string>{"7"}));
}

TEST_F(RedisCheck4, APromotedReplicaKnowsNoScriptsAndIsToldThem) {
  RedisReplicas replicas;
  RedisSession session(replicas.url(), clock_.clock());
  CommitBatch batch = claimed_batch(session);
  replicas.wait_for_sync();
  replicas.primary().kill();
  session.book->submit(std::move(batch));
  std::vector<CommitReport> reports;
  EXPECT_TRUE(wait_until([&] {
    reports = session.book->collect(Millis(100));
    return !reports.empty();
  }));
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_TRUE(reports[0].result) << reports[0].result.error().text();
  expect_all_stored(session);
}

TEST_F(RedisCheck4, AKeyOfAnotherKindIsAnErrorThatNamesTheRecordAndAcknowledgesNothing) {
  RedisServer server;
  RedisSession session(server.url(), clock_.clock());
  CommitBatch batch = claimed_batch(session);
  server.cli("RPUSH", "idx:lst3way_upcoming:BookieDelta:2", "somebody else's");
  const auto committed = commit(*session.book, std::move(batch));
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().kind, ErrorKind::Corrupt);
  EXPECT_THAT(committed.error().text(), ::testing::HasSubstr("BookieDelta three_way upcoming 2"));
  EXPECT_EQ(must(session.work->backlog({stream_})), 3u);
}

}  // namespace
}  // namespace oddsloom::test
