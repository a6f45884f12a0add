// Batches on a real Redis server: the new records of one call are made at once, which must not
// show. What is already there, meant twice or at fault goes its own way, and the others do not
// notice.
#include <gmock/gmock.h>

#include "store/redis_known_records.h"
#include "store/redis_session.h"
#include "support/redis_server.h"

namespace oddsloom::test {
namespace {

using ::testing::ElementsAre;

class RedisBatch : public ::testing::Test {
 protected:
  static std::vector<Record> records(int count, std::int32_t price = 2'060) {
    std::vector<Record> out;
    for (int i = 1; i <= count; ++i) out.push_back(record_of(std::to_string(i), price));
    return out;
  }
  static Record whole_record(const std::string& event_id) {
    Record record = record_of(event_id);
    record.target_date = "2026-08-10";
    record.market_id = "10";
    EXPECT_EQ(known_members(record), kAllMembers);
    return record;
  }
  StoreCounts counts() { return must(session_.reader->counts()); }
  int script_calls() {
    const std::string all = server_.cli("INFO", "commandstats");
    const auto at = all.find("cmdstat_evalsha:calls=");
    return at == std::string::npos ? 0 : std::stoi(all.substr(at + 22));
  }

  HandClock clock_;
  RedisServer server_;
  RedisSession session_{server_.url(), clock_.clock()};
};

TEST_F(RedisBatch, NewRecordsAreEachNamedListedAnnouncedAndLogged) {
  EXPECT_EQ(session_.commit(records(130)), std::vector<Committed>(130, Committed::Created));
  const StoreCounts found = counts();
  EXPECT_EQ(found.documents, 130u);
  EXPECT_EQ(found.records, 130u);
  EXPECT_EQ(found.announcements, 130u);
  EXPECT_EQ(found.changes, 130u);
  for (const Record& record : records(130))
    EXPECT_EQ(content_json(session_.stored(record)), content_json(record));
  EXPECT_EQ(must(session_.reader->documents({})).size(), 130u);
}

TEST_F(RedisBatch, OneThatAnotherWorkerMadeIsUpdatedAndTheOthersAreMade) {
  session_.commit_one(record_of("3"));
  RedisSession other(server_.url(), clock_.clock());
  std::vector<Record> newer = records(4, 2'110);
  for (Record& record : newer) record.observed_at = kNoon + Millis(1'000);
  EXPECT_THAT(other.commit(newer), ElementsAre(Committed::Created, Committed::Created,
                                               Committed::Merged, Committed::Created));
  EXPECT_EQ(counts().documents, 4u);
  EXPECT_EQ(counts().announcements, 4u);
  EXPECT_EQ(counts().changes, 5u);
}

// Two workers that take turns would else ask twice each time.
TEST_F(RedisBatch, ARecordThatSaysEverythingTakesAnyContentsPlaceInOneCall) {
  RedisSession other(server_.url(), clock_.clock());
  Record record = whole_record("1");
  const auto see = [&](RedisSession& session, std::int32_t price) {
    record.observed_at = record.observed_at + Millis(1'000);
    record.outcomes.front().price = Price{price};
    return session.commit_one(record);
  };
  EXPECT_EQ(see(session_, 2'000), Committed::Created);
  EXPECT_EQ(see(other, 2'010), Committed::Merged);
  const int before = script_calls();
  EXPECT_EQ(see(session_, 2'020), Committed::Merged);
  EXPECT_EQ(see(other, 2'030), Committed::Merged);
  EXPECT_EQ(script_calls() - before, 2);
  record.market_id.clear();  // what it does not say is asked for and kept
  EXPECT_EQ(see(session_, 2'040), Committed::Merged);
  EXPECT_EQ(session_.stored(record).market_id, "10");
}

// After a restart a worker knows nothing of what it stored.
TEST_F(RedisBatch, WhatIsStoredAndNotKnownTakesOneCall) {
  std::vector<Record> all;
  for (int i = 1; i <= 5; ++i) all.push_back(whole_record(std::to_string(i)));
  const std::vector<Record> first(all.begin(), all.begin() + 4);
  session_.commit(first);
  const std::string key = session_.key_of(first.at(1)), gone = session_.key_of(first.at(2));
  server_.cli("DEL", gone);
  for (Record& record : all) record.observed_at = kNoon + Millis(1'000);
  all.at(1).outcomes.front().price = Price{2'110};
  all.at(3).observed_at = kNoon - Millis(1);

  RedisSession later(server_.url(), clock_.clock());
  const int before = script_calls();
  EXPECT_THAT(later.commit(all), ElementsAre(Committed::Same, Committed::Merged, Committed::Created,
                                             Committed::Stale, Committed::Created));
  EXPECT_EQ(script_calls() - before, 1);
  EXPECT_EQ(later.key_of(all.at(1)), key);
  EXPECT_EQ(later.stored(all.at(1)).outcomes.front().price, Price{2'110});
  EXPECT_EQ(counts().announcements, 6u);

  // And from then on it knows them.
  for (Record& record : all) {
    record.observed_at = kNoon + Millis(2'000);
    record.outcomes.front().price = Price{2'200};
  }
  EXPECT_EQ(later.commit(all), std::vector<Committed>(5, Committed::Merged));
  EXPECT_EQ(script_calls() - before, 2);
  for (const Record& record : all)
    EXPECT_EQ(content_json(later.stored(record)), content_json(record));
}

// Most bookmakers say nothing of some members.
TEST_F(RedisBatch, WhatIsStoredAndSaysNoMoreIsReplacedInOneCall) {
  Record record = whole_record("1");
  record.betradar_id.clear();
  record.start_time.reset();
  record.target_date.clear();
  session_.commit_one(record);
  RedisSession later(server_.url(), clock_.clock());
  const int before = script_calls();
  const auto see = [&](RedisSession& session, std::int32_t price) {
    record.observed_at = record.observed_at + Millis(1'000);
    record.outcomes.front().price = Price{price};
    EXPECT_EQ(session.commit_one(record), Committed::Merged);
    EXPECT_EQ(content_json(session.stored(record)), content_json(record));
  };
  see(later, 2'110);
  see(session_, 2'120);
  see(later, 2'130);
  EXPECT_EQ(script_calls() - before, 3);
}

// Of each member: what only the stored record says is kept, which takes a call more.
TEST_F(RedisBatch, WhatIsStoredAndNotKnownKeepsWhatOnlyItSays) {
  using Forget = void (*)(Record&);
  const std::vector<Forget> members{
      [](Record& record) { record.home.clear(); },
      [](Record& record) { record.away.clear(); },
      [](Record& record) { record.competition.clear(); },
      [](Record& record) { record.sport_id.clear(); },
      [](Record& record) { record.betradar_id.clear(); },
      [](Record& record) { record.target_date.clear(); },
      [](Record& record) { record.market_id.clear(); },
      [](Record& record) { record.start_time.reset(); },
  };
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::string says_it = std::to_string(2 * i + 1), says_it_not = std::to_string(2 * i + 2);
    const Record whole = whole_record(says_it);
    Record lacking = whole_record(says_it_not);
    members[i](lacking);
    session_.commit({whole, lacking});

    RedisSession later(server_.url(), clock_.clock());
    lacking.observed_at = kNoon + Millis(1'000);
    lacking.outcomes.front().price = Price{2'110};
    int before = script_calls();
    EXPECT_EQ(later.commit_one(lacking), Committed::Merged);
    EXPECT_EQ(script_calls() - before, 1) << i;
    EXPECT_EQ(content_json(later.stored(lacking)), content_json(lacking));

    Record newer = whole;
    newer.observed_at = kNoon + Millis(1'000);
    newer.outcomes.front().price = Price{2'110};
    const Record wanted = newer;
    members[i](newer);
    before = script_calls();
    EXPECT_EQ(later.commit_one(newer), Committed::Merged);
    EXPECT_EQ(script_calls() - before, 2) << i;
    EXPECT_EQ(content_json(later.stored(whole)), content_json(wanted)) << i;
  }
  EXPECT_EQ(counts().documents, 2 * members.size());
}

TEST_F(RedisBatch, OneWhoseNameIsTakenGetsANeighbourAndTheOthersTheirOwn) {
  session_.commit_one(record_of("2"));
  const std::string name = session_.key_of(record_of("2"));
  server_.cli("DEL", "idx:lst3way_upcoming:BookieDelta:2");
  RedisSession other(server_.url(), clock_.clock());
  EXPECT_EQ(other.commit(records(3)), std::vector<Committed>(3, Committed::Created));
  EXPECT_EQ(other.key_of(record_of("2")), name + "~2");
  EXPECT_EQ(other.key_of(record_of("3")).find('~'), std::string::npos);
}

TEST_F(RedisBatch, ANewEventMeantTwiceIsMadeOnce) {
  std::vector<Record> twice = records(2);
  twice.push_back(record_of("1", 2'110, kNoon + Millis(1'000)));
  EXPECT_THAT(session_.commit(twice),
              ElementsAre(Committed::Created, Committed::Created, Committed::Merged));
  EXPECT_EQ(session_.stored(record_of("1")).outcomes.at(0).price, Price{2'110});
  EXPECT_EQ(counts().announcements, 2u);
}

TEST_F(RedisBatch, TwoBookmakersThatProposeOneNameGetTwoDocuments) {
  StoreOptions options = options_with(clock_.clock());
  options.naming.document_prefix = "sportPesa";
  RedisSession session(server_.url(), options);
  Record other = record_of("1");
  other.bookmaker = "BookieAlpha";
  EXPECT_THAT(session.commit({record_of("1"), other}),
              ElementsAre(Committed::Created, Committed::Created));
  EXPECT_EQ(session.key_of(other), session.key_of(record_of("1")) + "~2");
  EXPECT_EQ(session.stored(other).bookmaker, "BookieAlpha");
  EXPECT_EQ(counts().announcements, 2u);
}

TEST_F(RedisBatch, WithdrawnBeforeItWasKnownItIsStillMade) {
  Record gone = record_of("1");
  gone.offered = false;
  gone.outcomes.clear();
  EXPECT_THAT(session_.commit({gone, record_of("1", 2'060, kNoon + Millis(1'000))}),
              ElementsAre(Committed::Absent, Committed::Created));
}

TEST_F(RedisBatch, ADocumentOfTheWrongKindFailsTheBatchAndTheOthersAreStored) {
  session_.commit_one(record_of("1"));
  server_.cli("SET", session_.key_of(record_of("1")), "something else");
  std::vector<Record> all = records(3, 2'110);
  for (Record& record : all) record.observed_at = kNoon + Millis(1'000);
  const auto failed = commit(*session_.book, {all, {}, {}, {}});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::Corrupt);
  EXPECT_EQ(content_json(session_.stored(all.at(1))), content_json(all.at(1)));
  EXPECT_EQ(content_json(session_.stored(all.at(2))), content_json(all.at(2)));
  EXPECT_EQ(counts().announcements, 3u);
}

TEST_F(RedisBatch, LogsAreBounded) {
  StoreOptions options = options_with(clock_.clock());
  options.most_changes = 10;
  RedisSession session(server_.url(), options);
  session.commit(records(400));
  // Redis gives up whole nodes only, of a hundred entries at most.
  EXPECT_LE(counts().changes, 10u + 100u);
  EXPECT_LE(counts().announcements, 10u + 100u);
}

}  // namespace
}  // namespace oddsloom::test
