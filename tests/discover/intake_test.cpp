// What listeners hand in, on a real store.
#include "discover/intake.h"

#include <gtest/gtest.h>

#include "support/pipeline.h"

namespace oddsloom {
namespace {

using test::all_bet_types;
using test::Pipeline;

class IntakeTest : public testing::Test {
 protected:
  static sim::SimulatorConfig world() {
    sim::SimulatorConfig config;
    config.world.upcoming = config.world.live = 1;
    return config;
  }
  std::unique_ptr<Intake> intake(std::uint64_t most_backlog = 1000) {
    IntakeConfig config;
    config.bet_types = all_bet_types();
    config.most_backlog = most_backlog;
    return std::make_unique<Intake>(*pipeline.bookmaker, *streams, *book, metrics, config,
                                    [this] { return now; });
  }
  Record record(const std::string& event_id, int thousandths, UtcMillis at) {
    Record out;
    out.bookmaker = "BookieDelta";
    out.bet_type = "btts";
    out.source = Source::Live;
    out.event_id = event_id;
    out.home = "Anvil Town";
    out.away = "Bellows Rovers";
    out.outcomes = {{"yes", Price{thousandths}, Status::Open, true, "1", "yes"},
                    {"no", Price{2000}, Status::Open, true, "2", "no"}};
    out.observed_at = out.changed_at = at;
    return out;
  }
  WorkEntry event(const std::string& id) {
    WorkEntry out;
    out.event_id = id;
    out.home = "Anvil Town";
    out.away = "Bellows Rovers";
    return out;
  }
  void turn(Intake& intake) {
    const auto done = intake.turn();
    ASSERT_TRUE(done) << done.error().text();
  }

  Pipeline pipeline{world()};
  std::unique_ptr<WorkStreams> streams = Pipeline::must(pipeline.store->work_streams());
  std::unique_ptr<MatchBook> book = Pipeline::must(pipeline.store->match_book());
  IntakeMetrics metrics;
  UtcMillis now = now_utc();
};

TEST_F(IntakeTest, RecordsAreCommittedTogetherAfterTheLinger) {
  const auto in = intake();
  EXPECT_FALSE(in->due_in());
  in->record(record("1", 1500, now));
  in->record(record("2", 1600, now));
  turn(*in);
  EXPECT_EQ(book->uncollected(), 0U);  // they wait for company
  EXPECT_EQ(in->due_in(), Millis(10));
  now = now + Millis(10);
  turn(*in);
  EXPECT_EQ(book->uncollected(), 1U);
  now = now + Millis(1);
  ASSERT_TRUE(in->finish(Millis(20'000)));
  EXPECT_EQ(metrics.created.value(), 2U);
}

TEST_F(IntakeTest, TheSameAgainIsNoChangeAndTheOlderIsDropped) {
  const auto in = intake();
  in->record(record("1", 1500, now));
  ASSERT_TRUE(in->finish(Millis(20'000)));
  in->record(record("1", 1500, now + Millis(1)));
  in->record(record("1", 1700, now + Millis(2)));
  in->record(record("1", 1600, now - Millis(5)));
  ASSERT_TRUE(in->finish(Millis(20'000)));
  EXPECT_EQ(metrics.created.value(), 1U);
  EXPECT_EQ(metrics.same.value(), 1U);
  EXPECT_EQ(metrics.merged.value(), 1U);
  EXPECT_EQ(metrics.stale.value(), 1U);
}

TEST_F(IntakeTest, AnEventIsLookedAtAtOnceAndWhatComesMeanwhileOnceMoreLater) {
  const auto in = intake();
  for (int i = 0; i < 5; ++i) in->look_at(event("1"));
  turn(*in);
  EXPECT_EQ(pipeline.left(), 3U);  // each bet type once
  for (int i = 0; i < 5; ++i) in->look_at(event("1"));
  turn(*in);
  EXPECT_EQ(pipeline.left(), 3U);
  now = now + Millis(250);
  turn(*in);
  EXPECT_EQ(pipeline.left(), 6U);
  now = now + Millis(250);
  turn(*in);
  EXPECT_EQ(pipeline.left(), 6U);  // nothing came since
  EXPECT_EQ(metrics.looks.value(), 2U);
}

TEST_F(IntakeTest, WhatIsKnownOfAnEventIsNotForgottenByALookThatKnowsLess) {
  const auto in = intake();
  in->look_at(event("1"));
  WorkEntry bare;
  bare.event_id = "1";
  in->look_at(bare);
  turn(*in);
  const auto entries = Pipeline::must(streams->claim(
      {{pipeline.stream("btts", Source::Live)}, "test:1:0", 10, Millis(60'000), Millis(0)}));
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].work.home, "Anvil Town");
}

TEST_F(IntakeTest, LooksWaitForTheBacklogAndAreNotLost) {
  const auto in = intake(4);
  in->look_at(event("1"));
  in->look_at(event("2"));
  turn(*in);
  EXPECT_EQ(pipeline.left(), 0U);  // six entries would be too many
  EXPECT_EQ(metrics.looks_held_back.value(), 1U);
  const auto roomy = intake(6);
  roomy->look_at(event("1"));
  roomy->look_at(event("2"));
  turn(*roomy);
  EXPECT_EQ(pipeline.left(), 6U);
}

TEST_F(IntakeTest, TheEndPutsEveryLookOnItsStreamsThoughOneAppendTakesSomeOnly) {
  const auto in = intake(20'000);
  for (int i = 0; i < 1'200; ++i) in->look_at(event(std::to_string(i)));
  ASSERT_TRUE(in->finish(Millis(20'000)));
  EXPECT_EQ(in->looks_waiting(), 0U);
  EXPECT_EQ(pipeline.left(), 3'600U);
}

TEST_F(IntakeTest, AFullBacklogAtTheEndIsToldByWhatStillWaits) {
  const auto in = intake(4);
  in->look_at(event("1"));
  in->look_at(event("2"));
  ASSERT_TRUE(in->finish(Millis(50)));
  EXPECT_EQ(in->looks_waiting(), 2U);
  EXPECT_EQ(pipeline.left(), 0U);
}

TEST_F(IntakeTest, LooksThatWaitAreBounded) {
  const auto in = intake(0);
  for (int i = 0; i < 100'010; ++i) in->look_at(event(std::to_string(i)));
  EXPECT_EQ(in->looks_waiting(), 100'000U);
  EXPECT_EQ(metrics.looks_dropped.value(), 10U);
}

}  // namespace
}  // namespace oddsloom
