#include "sim/faults.h"

#include <gtest/gtest.h>

namespace oddsloom::sim {
namespace {

TEST(Faults, TextIsReadAndWrittenBack) {
  const auto plan = parse_faults(
      "429=0.02, truncate=0.5,event:9200011=500,event:-4=hang*3,lists=off,seed=9,retry_after=2,"
      "slow_time=5s,hang_time=1500ms");
  ASSERT_TRUE(plan) << plan.error().text();
  EXPECT_EQ(plan->shares.at(static_cast<std::size_t>(Fault::Truncate)), 0.5);
  ASSERT_EQ(plan->by_event.size(), 2U);
  EXPECT_EQ(plan->by_event[1], (FaultPlan::ByEvent{-4, Fault::Hang, 3}));
  EXPECT_FALSE(plan->lists);
  EXPECT_EQ(plan->hang_time, Millis(1500));
  EXPECT_EQ(*parse_faults(to_text(*plan)), *plan);
  EXPECT_EQ(*parse_faults(" "), FaultPlan{});
  EXPECT_EQ(to_text(FaultPlan{}), "");
}

TEST(Faults, WhatCannotBeReadIsNamed) {
  for (const char* text :
       {"boom=1", "429", "429=x", "429=1.5", "429=-1", "429=nan", "429=0.6,500=0.6", "event:x=500",
        "event:1=boom", "event:1=500*0", "event:1=500*", "lists=maybe", "seed=-1", "hang_time=5"}) {
    const auto plan = parse_faults(text);
    ASSERT_FALSE(plan) << text;
    EXPECT_NE(plan.error().text().find("faults"), std::string::npos) << plan.error().text();
  }
}

TEST(Faults, SharesAreKeptAndTheSameEveryTime) {
  const Target target = parse_target("/api/games/markets?games=1,2,3");
  FaultDealer a(*parse_faults("429=0.1,500=0.05,drop=0.05,seed=4"));
  FaultDealer b(*parse_faults("429=0.1,500=0.05,drop=0.05,seed=4"));
  int differences = 0;
  for (int i = 0; i < 4000; ++i) {
    const auto x = a.next(target);
    const auto y = b.next(target);
    if (x.has_value() != y.has_value() ||
        (x && (x->fault != y->fault || x->event_id != y->event_id)))
      ++differences;
  }
  EXPECT_EQ(differences, 0);
  const auto dealt = [&](Fault fault) { return a.dealt().at(static_cast<std::size_t>(fault)); };
  EXPECT_NEAR(static_cast<double>(dealt(Fault::TooManyRequests)), 400, 80);
  EXPECT_NEAR(static_cast<double>(dealt(Fault::ServerError)), 200, 60);
  EXPECT_NEAR(static_cast<double>(dealt(Fault::Drop)), 200, 60);
}

TEST(Faults, AnEventIsFoundWhereverItIsAskedFor) {
  FaultDealer dealer(*parse_faults("event:7=500"));
  for (const char* target :
       {"/api/games/markets?games=5,6,7", "/api/live/event/markets?type=194&eventId=7%2C8",
        "/api/upcoming/games?gameId=7", "/api/live/events/7/details"})
    EXPECT_TRUE(dealer.next(parse_target(target))) << target;
  for (const char* target : {"/api/games/markets?games=77", "/api/upcoming/games?sportId=7",
                             "/api/live/events/70/details", "/api/live/sports/7/events"})
    EXPECT_FALSE(dealer.next(parse_target(target))) << target;
}

TEST(Faults, DroppingTakesOnlyThatEventFromTheRequest) {
  const Target less = without_event(parse_target("/api/games/markets?games=5,6,7&markets=10"), 6);
  EXPECT_EQ(less.parameter("games"), "5,7");
  EXPECT_EQ(less.parameter("markets"), "10");
}

TEST(Faults, OfTheFeedReadBackAndAreJudged) {
  const auto plan = parse_faults("feed_cut=0.25,feed_garble=0.5,feed_refuse=1,feed_delay=2s");
  ASSERT_TRUE(plan) << plan.error().text();
  EXPECT_EQ(plan->feed_delay, Millis(2'000));
  EXPECT_EQ(parse_faults(to_text(*plan)), *plan);
  EXPECT_FALSE(parse_faults("feed_cut=0.6,feed_garble=0.5"));
  EXPECT_FALSE(parse_faults("feed_cut=2"));
  EXPECT_FALSE(parse_faults("feed_delay=2"));
  EXPECT_FALSE(parse_faults("feed_cutt=0.1"));
}

}  // namespace
}  // namespace oddsloom::sim
