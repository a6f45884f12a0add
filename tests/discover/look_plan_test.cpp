// The plan by a hand clock, and what it learns from a real store.
#include "discover/look_plan.h"

#include <gtest/gtest.h>

#include <set>

#include "support/pipeline.h"

namespace oddsloom {
namespace {

using std::chrono::minutes;
using test::Pipeline;

constexpr UtcMillis kStart{1'786'200'000'000};

ScheduleConfig ample() {
  ScheduleConfig out;
  out.requests_per_second = out.burst = 100;
  out.ids_per_request = 3;
  return out;
}

Listed event(const std::string& id, const std::string& sport_id = "1",
             const Standing& standing = {}) {
  Listed out;
  out.work.event_id = id;
  out.work.sport_id = sport_id;
  out.work.start_time = kStart - minutes(10);
  out.standing = standing;
  return out;
}

std::set<std::string> ids_of(const std::vector<WorkEntry>& request) {
  std::set<std::string> out;
  for (const WorkEntry& entry : request) out.insert(entry.event_id);
  return out;
}

class LookPlanTest : public testing::Test {
 protected:
  Pipeline pipeline;
  LookPlan plan{*pipeline.bookmaker, Source::Live, ample()};
};

TEST_F(LookPlanTest, ARequestHoldsEventsThatCanShareIt) {
  for (const char* id : {"1", "2"}) plan.listed(event(id, "1"), 1, kStart);
  for (const char* id : {"3", "4"}) plan.listed(event(id, "5"), 1, kStart);
  const auto first = ids_of(plan.next(kStart)), second = ids_of(plan.next(kStart));
  const std::set<std::string> football{"1", "2"}, handball{"3", "4"};
  EXPECT_TRUE((first == football && second == handball) ||
              (first == handball && second == football));
  EXPECT_TRUE(plan.next(kStart).empty());
}

TEST_F(LookPlanTest, AnotherStandingIsASignOfChangeAndTheSameOneIsNot) {
  plan.listed(event("1", "1", {false, "0:0"}), 1, kStart);
  ASSERT_EQ(plan.next(kStart).size(), 1U);
  const UtcMillis seen = kStart + Millis(100);
  plan.looked({{"1", {seen}}}, seen);
  plan.listed(event("1", "1", {false, "0:0"}), 2, seen + Millis(100));
  EXPECT_TRUE(plan.next(seen + Millis(100)).empty());
  plan.listed(event("1", "1", {false, "1:0"}), 3, seen + Millis(200));
  EXPECT_EQ(plan.next(seen + Millis(200)).size(), 1U);
}

TEST_F(LookPlanTest, WhatIsOverOrForgottenIsNotGivenAndItsPlaceServesAnother) {
  plan.listed(event("1"), 1, kStart);
  plan.listed(event("2"), 2, kStart);
  EXPECT_EQ(plan.forget_unseen(2), 1U);
  plan.forget("2");
  plan.forget("never heard of");
  EXPECT_EQ(plan.size(), 0U);
  plan.listed(event("3"), 2, kStart);
  EXPECT_EQ(ids_of(plan.next(kStart)), std::set<std::string>{"3"});
}

TEST_F(LookPlanTest, ALookThatNobodyAnswersIsInVainUntilTheEventIsSeen) {
  plan.listed(event("1"), 1, kStart);
  ASSERT_EQ(plan.next(kStart).size(), 1U);
  EXPECT_EQ(plan.in_vain(), 0U);
  const UtcMillis later = kStart + ample().answer_longest + Millis(1);
  plan.looked({}, later);
  plan.spent(0, later);
  EXPECT_EQ(plan.in_vain(), 1U);
  plan.looked({{"1", {kStart - Millis(1)}}}, later);  // from before it was asked for
  EXPECT_EQ(plan.in_vain(), 1U);
  plan.looked({{"1", {kStart}}}, later);
  EXPECT_EQ(plan.in_vain(), 0U);
}

TEST_F(LookPlanTest, WhatWasSeenBeforeTheListsWereReadCounts) {
  plan.looked({{"1", {kStart - Millis(500)}}, {"2", {kStart - Millis(500)}}}, kStart);
  plan.listed(event("1"), 1, kStart + Millis(100));
  plan.listed(event("3"), 1, kStart + Millis(100));
  EXPECT_EQ(ids_of(plan.next(kStart + Millis(100))), (std::set<std::string>{"1", "3"}))
      << "a request that goes anyway is filled";
  plan.listed(event("2", "5"), 1, kStart + Millis(200));
  EXPECT_TRUE(plan.next(kStart + Millis(200)).empty()) << "alone it is no reason for one";
  // After a whole round nothing is left of it: what comes then is new.
  plan.forget_unseen(1);
  plan.forget("2");
  plan.listed(event("2", "5"), 2, kStart + Millis(300));
  EXPECT_EQ(ids_of(plan.next(kStart + Millis(300))), std::set<std::string>{"2"});
}

class LookResultsTest : public testing::Test {
 protected:
  // Markets of one event as a worker, or anybody else, commits them.
  void commit(const std::vector<std::string>& bet_types, UtcMillis at, int price,
              Status status = Status::Open) {
    CommitBatch batch;
    for (const std::string& bet_type : bet_types) {
      Record record;
      record.bookmaker = "BookieDelta";
      record.bet_type = bet_type;
      record.source = Source::Live;
      record.event_id = "1900001";
      record.home = "Home";
      record.away = "Away";
      record.start_time = kickoff;
      record.market_id = "194";
      record.status = status;
      record.observed_at = record.changed_at = at;
      for (const std::string& key : pipeline.bet_types.find(bet_type)->outcomes)
        record.outcomes.push_back({key, Price{price}, status, status == Status::Open, "1", key});
      batch.records.push_back(std::move(record));
    }
    const auto done = oddsloom::commit(*book, std::move(batch));
    ASSERT_TRUE(done) << done.error().text();
  }
  std::vector<EventLook> read() { return Pipeline::must(results.read(now_utc())); }

  const UtcMillis kickoff = now_utc() - minutes(10);
  Pipeline pipeline;
  std::unique_ptr<MatchBook> book = Pipeline::must(pipeline.store->match_book());
  LookResults results{Pipeline::must(pipeline.store->reader()),
                      {"BookieDelta", Source::Live, {"three_way", "btts"}, Millis(15'000)}};
};

TEST_F(LookResultsTest, TellEachSightingOnceAndWhetherAnythingChanged) {
  EXPECT_TRUE(read().empty());
  const UtcMillis first = now_utc() - Millis(5'000);
  commit({"three_way", "btts"}, first, 2'000);
  auto looks = read();
  ASSERT_EQ(looks.size(), 1U);
  EXPECT_EQ(looks[0].event_id, "1900001");
  EXPECT_EQ(looks[0].look.observed_at, first);
  EXPECT_FALSE(looks[0].look.changed);  // from what, nobody knows
  EXPECT_EQ(looks[0].look.lasted, Millis(0));
  EXPECT_TRUE(read().empty());
  commit({"three_way", "btts"}, first + Millis(1'000), 2'000);
  looks = read();
  ASSERT_EQ(looks.size(), 1U);
  EXPECT_FALSE(looks[0].look.changed);
  commit({"three_way", "btts"}, first + Millis(2'000), 2'100);
  looks = read();
  ASSERT_EQ(looks.size(), 1U);
  EXPECT_TRUE(looks[0].look.changed);
  EXPECT_FALSE(looks[0].look.suspended);
  commit({"three_way", "btts"}, first + Millis(3'000), 2'100, Status::Suspended);
  looks = read();
  ASSERT_EQ(looks.size(), 1U);
  EXPECT_TRUE(looks[0].look.suspended);
}

TEST_F(LookResultsTest, TheFirstTellsHowLongAllHadStayedTheSame) {
  const UtcMillis first = now_utc() - Millis(9'000);
  commit({"three_way", "btts"}, first, 2'000);
  commit({"btts"}, first + Millis(1'000), 2'100);
  commit({"three_way", "btts"}, first + Millis(6'000), 2'100);  // three_way changes now
  commit({"three_way", "btts"}, first + Millis(8'000), 2'100);
  auto looks = read();
  ASSERT_EQ(looks.size(), 1U);
  EXPECT_EQ(looks[0].look.lasted, Millis(2'000));
  commit({"three_way", "btts"}, first + Millis(9'000), 2'100);
  looks = read();
  ASSERT_EQ(looks.size(), 1U);
  EXPECT_EQ(looks[0].look.lasted, Millis(0));  // of later ones `changed` tells
}

TEST_F(LookResultsTest, AnEventIsSeenWhenAllItsBetTypesAre) {
  const UtcMillis first = now_utc() - Millis(5'000);
  commit({"three_way", "btts", "double_chance"}, first, 2'000);
  ASSERT_EQ(read().size(), 1U);
  commit({"three_way"}, first + Millis(1'000), 2'100);  // a feed pushes one of them
  EXPECT_TRUE(read().empty());
  commit({"btts"}, first + Millis(2'000), 2'000);  // not wanted: double_chance
  const auto looks = read();
  ASSERT_EQ(looks.size(), 1U);
  EXPECT_EQ(looks[0].look.observed_at, first + Millis(1'000));
  EXPECT_TRUE(looks[0].look.changed);
}

TEST_F(LookResultsTest, ABetTypeThatNobodyWorksOffAnyMoreHoldsUpNoOther) {
  const UtcMillis first = now_utc() - Millis(70'000);
  commit({"three_way", "btts"}, first, 2'000);
  ASSERT_EQ(read().size(), 1U);
  commit({"three_way"}, first + Millis(65'000), 2'000);
  const auto looks = read();
  ASSERT_EQ(looks.size(), 1U);
  EXPECT_EQ(looks[0].look.observed_at, first + Millis(65'000));
}

}  // namespace
}  // namespace oddsloom
