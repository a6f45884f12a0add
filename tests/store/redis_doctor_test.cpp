// Store::examine on a real Redis server without modules: documents are hashes. Each fault is made
// for real, with the commands a person or another program would use.
#include "store/doctor_helpers.h"
#include "support/redis_cluster.h"
#include "support/redis_server.h"
#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

RedisServerOptions persistent() {
  RedisServerOptions options;
  options.persistent = true;  // or every examination warned of that
  return options;
}

class RedisDoctor : public ::testing::Test {
 protected:
  void commit(std::vector<Record> records) {
    store_ = must(open_store(server_.url(), options()));
    must(oddsloom::commit(*must(store_->match_book()), {std::move(records), {}, {}, {}}));
  }
  StoreOptions options() {
    StoreOptions options = options_with(clock_.clock());
    options.bookmakers = {"BookieDelta"};
    return options;
  }
  Examination examine() { return examined(server_.url(), options()); }
  std::string key_of(const std::string& event_id) {
    return must(must(store_->reader())->find(record_of(event_id).id())).value();
  }
  static std::string lookup_of(const std::string& event_id) {
    return "idx:lst3way_upcoming:BookieDelta:" + event_id;
  }
  // What a program does that does not look before it writes.
  std::string copy(const std::string& event_id, const std::string& writer = "BookieDelta") {
    const std::string twin = writer + "_lst-THREE_WAY_upcoming:1700000000-0-" + event_id;
    EXPECT_EQ(server_.cli("COPY", key_of(event_id), twin), "1");
    return twin;
  }
  // A branch with the seed's members only.
  static std::string seeds(const std::string& bookmaker, const std::string& event_id) {
    return R"({"bookmaker":")" + bookmaker + R"(","eventId_gameId":)" + event_id +
           R"(,"teams":{}})";
  }

  HandClock clock_;
  RedisServer server_{persistent()};
  std::unique_ptr<Store> store_;
  const std::string listed_ = "lst-THREE_WAY_upcoming_documents";
  const std::string other_ = "Python_lst-THREE_WAY_upcoming:1700000000-0";
};

TEST_F(RedisDoctor, ASoundStoreGivesNothingAndIsLeftAsItIs) {
  commit(records_of_many_kinds());
  const std::string before = server_.cli("DBSIZE");
  const Examination found = examine();
  EXPECT_THAT(briefly(found), IsEmpty());
  EXPECT_EQ(found.documents, 6u);
  EXPECT_EQ(server_.cli("DBSIZE"), before);
}

TEST_F(RedisDoctor, AServerWithoutAStoreIsTakenForAWrongAddress) {
  EXPECT_THAT(briefly(examine()), ElementsAre("warning no-store lst_layout"));
  EXPECT_EQ(server_.cli("DBSIZE"), "0");
}

TEST_F(RedisDoctor, ASecondDocumentIsNamedWithTheOneThatCounts) {
  commit({record_of("1"), record_of("2")});
  const std::string twin = copy("1");
  const Examination found = examine();
  EXPECT_THAT(briefly(found), ElementsAre("problem two-documents " + twin));
  EXPECT_THAT(message_of(found, "two-documents"),
              AllOf(HasSubstr("BookieDelta three_way upcoming 1"),
                    HasSubstr(key_of("1") + " is the one that counts"), HasSubstr("DEL " + twin)));
  EXPECT_EQ(found.documents, 3u);
}

TEST_F(RedisDoctor, OfADocumentThatHoldsOthersTooOnlyTheBranchIsToBeRemoved) {
  commit({record_of("1")});
  const std::string twin = copy("1", "sportPesa");
  server_.cli("HSET", twin, "bk:BookieAlpha", seeds("BookieAlpha", "5"));
  const Examination found = examine();
  EXPECT_THAT(briefly(found), ElementsAre("problem two-documents " + twin));
  EXPECT_THAT(message_of(found, "two-documents"), HasSubstr("HDEL " + twin + " bk:BookieDelta"));
}

TEST_F(RedisDoctor, DocumentsThatAnotherProgramMadeTwiceAreFoundByTheirNumbers) {
  commit({});
  for (const std::string second : {"1", "2", "3"})
    server_.cli("HSET", "Python_lst-BTTS_live:170000000" + second + "-0", "bk:BookieAlpha",
                seeds("BookieAlpha", "77"));
  server_.cli("HSET", "Python_lst-BTTS_live:1700000004-0", "bk:BookieAlpha",
              seeds("BookieAlpha", "78"));
  const Examination found = examine();
  EXPECT_THAT(briefly(found),
              ElementsAre("problem two-documents Python_lst-BTTS_live:1700000002-0",
                          "problem two-documents Python_lst-BTTS_live:1700000003-0"));
  EXPECT_THAT(message_of(found, "two-documents"), HasSubstr("no lookup says which"));
}

TEST_F(RedisDoctor, PartsOfTheMatchLinesBetTypesAndSourcesAreDifferentMarkets) {
  Record half = record_of("1"), live = record_of("1"), line = record_of("1");
  half.segment = "first_half";
  live.source = Source::Live;
  line.bet_type = "totals";
  line.line = *parse_line("2.5");
  Record other_line = line;
  other_line.line = *parse_line("3.5");
  commit({record_of("1"), half, live, line, other_line});
  EXPECT_THAT(briefly(examine()), IsEmpty());
}

TEST_F(RedisDoctor, ADocumentToWhichNoLookupLeads) {
  commit({record_of("1")});
  const std::string key = key_of("1");
  server_.cli("DEL", lookup_of("1"));
  const Examination found = examine();
  EXPECT_THAT(briefly(found), ElementsAre("problem orphan-document " + key));
  EXPECT_THAT(message_of(found, "orphan-document"), HasSubstr("DEL " + key));
}

TEST_F(RedisDoctor, OtherProgramsBranchesOfOtherBookmakersNeedNoLookup) {
  commit({record_of("1")});
  server_.cli("HSET", key_of("1"), "bk:BookieAlpha", seeds("BookieAlpha", "5"));
  EXPECT_THAT(briefly(examine()), IsEmpty());
  server_.cli("HSET", other_, "bk:BookieDelta", seeds("BookieDelta", "5"));
  EXPECT_THAT(briefly(examine()), ElementsAre("problem orphan-document " + other_));
}

TEST_F(RedisDoctor, ABranchWhoseTimeIsOverWaitsForTidyingAndIsNoFault) {
  commit({record_of("1")});
  server_.cli("DEL", lookup_of("1"));
  clock_.advance(std::chrono::hours(100));
  EXPECT_THAT(briefly(examine()), IsEmpty());
}

TEST_F(RedisDoctor, ADocumentThatHoldsNothing) {
  commit({record_of("1")});
  server_.cli("HSET", other_, "created", "1");
  EXPECT_THAT(briefly(examine()), ElementsAre("problem orphan-document " + other_));
}

TEST_F(RedisDoctor, ALookupWhoseDocumentWasRemovedAndTheListsThatStillHaveIt) {
  commit({record_of("1"), record_of("2")});
  server_.cli("DEL", key_of("1"));
  const Examination found = examine();
  EXPECT_THAT(briefly(found), ElementsAre("problem orphan-lookup " + lookup_of("1"),
                                          "warning stale-listing lst-THREE_WAY_upcoming_documents",
                                          "warning stale-listing lst-THREE_WAY_upcoming_expiry"));
  EXPECT_THAT(message_of(found, "stale-listing"), HasSubstr("1 entry"));
  EXPECT_EQ(found.documents, 1u);
}

TEST_F(RedisDoctor, ALookupWhoseDocumentExpiredByItselfWaitsForTidyingAndIsNoProblem) {
  commit({record_of("1")});
  server_.cli("DEL", key_of("1"));
  clock_.advance(std::chrono::hours(100));
  EXPECT_THAT(briefly(examine()),
              ElementsAre("warning stale-listing lst-THREE_WAY_upcoming_documents",
                          "warning stale-listing lst-THREE_WAY_upcoming_expiry"));
}

TEST_F(RedisDoctor, ALookupToADocumentThatDoesNotHoldItsRecord) {
  commit({record_of("1"), record_of("2"), record_of("3")});
  const std::string second = key_of("2");
  server_.cli("COPY", lookup_of("3"), lookup_of("1"), "REPLACE");
  server_.cli("HDEL", second, "bk:BookieDelta", "ts:BookieDelta");
  EXPECT_THAT(briefly(examine()), ElementsAre("problem orphan-document " + second,
                                              "problem orphan-lookup " + lookup_of("1"),
                                              "problem orphan-lookup " + lookup_of("2")));
}

TEST_F(RedisDoctor, DocumentsThatHaveJustExpiredAreNotMissed) {
  commit({record_of("1")});
  const std::string key = key_of("1");
  clock_.advance(std::chrono::hours(7));  // kick-off, and six hours
  server_.cli("DEL", key, lookup_of("1"));
  EXPECT_THAT(briefly(examine()), IsEmpty());
  clock_.advance(std::chrono::hours(1));  // nobody tidies up
  EXPECT_THAT(briefly(examine()),
              ElementsAre("warning stale-listing lst-THREE_WAY_upcoming_documents",
                          "warning stale-listing lst-THREE_WAY_upcoming_expiry"));
}

TEST_F(RedisDoctor, ADocumentThatIsNotListed) {
  commit({record_of("1"), record_of("2")});
  server_.cli("ZREM", listed_, key_of("2"));
  const Examination found = examine();
  EXPECT_THAT(briefly(found), ElementsAre("warning unlisted-document " + key_of("2")));
  EXPECT_THAT(message_of(found, "unlisted-document"), HasSubstr("ZADD " + listed_));
}

TEST_F(RedisDoctor, WhatCannotBeRead) {
  commit({record_of("1"), record_of("2")});
  server_.cli("SET", other_, "text");
  server_.cli("HSET", key_of("1"), "bk:BookieDelta",
              R"({"bet_type":"three_way","event_id":"1","outcomes":5})");
  server_.cli("HSET", key_of("2"), "bk:BookieDelta", "{");
  const Examination found = examine();
  Lines expected{"problem unreadable-document " + key_of("1"),
                 "problem unreadable-document " + key_of("2"),
                 "problem unreadable-document " + other_};
  EXPECT_THAT(briefly(found), ::testing::ElementsAreArray(expected));
  EXPECT_THAT(message_of(found, "unreadable-document"), HasSubstr("BookieDelta cannot be read"));
}

TEST_F(RedisDoctor, DocumentsOfAStoreWhosePrefixOnlyEndsLikeOursAreNotOurs) {
  commit({record_of("1")});
  StoreOptions theirs = options();
  theirs.naming.prefix = "test_lst";
  const auto other = must(open_store(server_.url(), theirs));
  must(oddsloom::commit(*must(other->match_book()), {{record_of("1")}, {}, {}, {}}));
  Examination found = examine();
  EXPECT_THAT(briefly(found), IsEmpty());
  EXPECT_EQ(found.documents, 1u);
  EXPECT_THAT(briefly(examined(server_.url(), theirs)), IsEmpty());
}

TEST_F(RedisDoctor, APrefixMayHoldWhatPatternsGiveAMeaning) {
  StoreOptions odd = options();
  odd.naming.prefix = "l*[s]?";
  store_ = must(open_store(server_.url(), odd));
  must(oddsloom::commit(*must(store_->match_book()), {{record_of("1")}, {}, {}, {}}));
  const Examination found = examined(server_.url(), odd);
  EXPECT_THAT(briefly(found), IsEmpty());
  EXPECT_EQ(found.documents, 1u);
}

TEST_F(RedisDoctor, OfManyDoublesSomeAreNamedAndTheOthersCounted) {
  std::vector<Record> records;
  for (int i = 0; i < 700; ++i) records.push_back(record_of(std::to_string(1'000 + i)));
  commit(std::move(records));
  for (int i = 0; i < 700; ++i) copy(std::to_string(1'000 + i));
  const Examination found = examine();
  EXPECT_EQ(found.findings.size(), Examination::kMostOfAKind);
  EXPECT_EQ(found.more.at("two-documents"), 600u);
  EXPECT_EQ(found.problems, 700u);
  EXPECT_EQ(found.documents, 1'400u);
}

TEST_F(RedisDoctor, EntriesThatAnotherProgramTookAndNeverSettled) {
  store_ = must(open_store(server_.url(), options()));
  const auto work = must(store_->work_streams());
  const StreamId stream = stream_of("three_way");
  must(work->append(stream, entries_for(1, 4)));
  ClaimRequest mine;
  mine.streams = {stream};
  mine.most = 1;
  mine.consumer = "host:1:1";
  ASSERT_EQ(must(work->claim(mine)).size(), 1u);
  server_.cli("XREADGROUP", "GROUP", stream.group(), "python", "COUNT", "2", "STREAMS",
              stream.name(), ">");
  EXPECT_THAT(briefly(examine()), IsEmpty()) << "not for so long";
  const std::string all = server_.cli("XPENDING", stream.name(), stream.group(), "-", "+", "9");
  std::istringstream lines(all);
  for (std::string id, consumer, idle, times; lines >> id >> consumer >> idle >> times;)
    server_.cli("XCLAIM", stream.name(), stream.group(), consumer, "0", id, "IDLE", "7200000",
                "JUSTID");
  const Examination found = examine();
  EXPECT_THAT(briefly(found), ElementsAre("problem stalled-entries " + stream.name()));
  EXPECT_THAT(message_of(found, "stalled-entries"),
              AllOf(HasSubstr("2 entries"), HasSubstr("2 h ago by python")));
  // A due time may stand for all entries from one to another.
  const std::string taken =
      server_.cli("XPENDING", stream.name(), stream.group(), "-", "+", "9", "python");
  const std::string id = taken.substr(0, taken.find('\n'));
  server_.cli("ZADD", stream.name() + "_due", "1", id + " " + id + " python");
  EXPECT_THAT(message_of(examine(), "stalled-entries"), HasSubstr("1 entry"));
}

TEST_F(RedisDoctor, AnEvictionPolicyThatThrowsDocumentsAway) {
  commit({record_of("1")});
  server_.cli("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
  EXPECT_THAT(briefly(examine()), ElementsAre("warning eviction-policy maxmemory-policy"));
  server_.cli("CONFIG", "SET", "maxmemory", "1gb");
  EXPECT_THAT(briefly(examine()), ElementsAre("problem eviction-policy maxmemory-policy"));
}

TEST_F(RedisDoctor, AServerThatKeepsNothingOnDisk) {
  commit({record_of("1")});
  server_.cli("CONFIG", "SET", "appendonly", "no");
  EXPECT_THAT(briefly(examine()), ElementsAre("warning no-persistence appendonly, save"));
  server_.cli("CONFIG", "SET", "save", "3600 1");
  EXPECT_THAT(briefly(examine()), IsEmpty());
}

TEST_F(RedisDoctor, AnotherDatabase) {
  const auto other = must(open_store(server_.url() + "/3", options()));
  const auto found = examined(server_.url() + "/3", options());
  EXPECT_THAT(briefly(found), ElementsAre("warning database database 3"));
}

TEST(RedisDoctorServers, WhatMayNotBeAskedIsAWarning) {
  RedisServerOptions limited = persistent();
  limited.user = "odds";
  limited.password = "secret";
  limited.acl = "~* &* +@all -config -info";
  const RedisServer server(limited);
  HandClock clock;
  must(open_store(server.url(), options_with(clock.clock())));
  const Examination found = examined(server.url(), options_with(clock.clock()));
  EXPECT_THAT(briefly(found), ElementsAre("warning eviction-policy maxmemory-policy",
                                          "warning no-persistence appendonly, save"));
  EXPECT_THAT(message_of(found, "eviction-policy"),
              AllOf(HasSubstr("could not be asked"), HasSubstr("NOPERM")));
}

TEST(RedisDoctorServers, ThePermissionsOfTheDocumentationAreEnough) {
  RedisServerOptions limited = persistent();
  limited.user = "odds";
  limited.password = "secret";
  limited.acl =
      "~* +@read +@write +@stream +@scripting +@connection +info +time +command|info +xinfo "
      "+config|get";
  const RedisServer server(limited);
  HandClock clock;
  const auto store = must(open_store(server.url(), options_with(clock.clock())));
  must(oddsloom::commit(*must(store->match_book()), {records_of_many_kinds(), {}, {}, {}}));
  const auto reader = must(store->reader());
  EXPECT_FALSE(must(reader->identity()).empty());
  EXPECT_FALSE(must(reader->changes(0, 100)).empty());
  EXPECT_GT(must(reader->change_log()).end, 0u);
  must(store->tidy());
  const Examination found = examined(server.url(), options_with(clock.clock()));
  EXPECT_THAT(briefly(found), IsEmpty());
  EXPECT_EQ(found.documents, 6u);
}

class ClusterDoctor : public ::testing::Test {
 protected:
  void commit_many() {
    const auto store = must(open_store(cluster_.url(), options_with(clock_.clock())));
    std::vector<Record> records = records_of_many_kinds();
    for (int i = 0; i < 50; ++i) {
      Record record = record_of(std::to_string(100 + i));
      record.bet_type = i % 2 == 0 ? "three_way" : "double_chance";
      record.source = i % 3 == 0 ? Source::Live : Source::Upcoming;
      if (i % 2 == 1) record.outcomes = {{"1X", Price{1'200}, Status::Open, true, "1", "1X"}};
      records.push_back(record);
    }
    must(oddsloom::commit(*must(store->match_book()), {records, {}, {}, {}}));
  }
  Examination examine() { return examined(cluster_.url(), options_with(clock_.clock())); }

  HandClock clock_;
  RedisCluster cluster_{persistent()};
};

TEST_F(ClusterDoctor, AllNodesAreLookedAt) {
  commit_many();
  Examination found = examine();
  EXPECT_THAT(briefly(found), IsEmpty());
  EXPECT_EQ(found.documents, 56u);
  // A program that does not know of the braces puts its documents anywhere.
  for (int i = 0; i < 20; ++i) {
    const std::string key = "Python_lst-THREE_WAY_live:" + std::to_string(1'700'000'000 + i) + "-0";
    const std::string branch = R"({"bookmaker":"BookieDelta","eventId_gameId":100,"teams":{}})";
    ASSERT_EQ(cluster_.owner_of(key).cli("HSET", key, "bk:BookieDelta", branch), "1");
  }
  cluster_.node(1).cli("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
  found = examine();
  EXPECT_EQ(found.documents, 76u);
  EXPECT_EQ(found.problems, 20u);
  EXPECT_THAT(
      briefly(found),
      AllOf(Contains("problem two-documents Python_lst-THREE_WAY_live:1700000007-0"),
            Contains("warning eviction-policy maxmemory-policy at " + cluster_.node(1).host() +
                     ":" + std::to_string(cluster_.node(1).port()))));
}

TEST_F(ClusterDoctor, AClusterThatIsDownIsSaidToBeDown) {
  commit_many();
  cluster_.node(2).kill();
  ASSERT_TRUE(wait_until([&] {
    return cluster_.node(0).cli("CLUSTER", "INFO").find("cluster_state:fail") !=
               std::string::npos &&
           cluster_.node(1).cli("CLUSTER", "INFO").find("cluster_state:fail") != std::string::npos;
  }));
  const Examination found = examine();
  EXPECT_THAT(briefly(found), ElementsAre("problem cluster-state cluster_state"));
  EXPECT_EQ(found.documents, 0u);
}

}  // namespace
}  // namespace oddsloom::test
