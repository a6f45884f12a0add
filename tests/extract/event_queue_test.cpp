#include "extract/event_queue.h"

#include <gtest/gtest.h>

namespace oddsloom {
namespace {

Entry entry(const std::string& event_id, const std::string& bet_type = "three_way",
            int attempts = 0) {
  Entry out;
  out.ref = {{"BookieDelta", bet_type, Source::Upcoming, 0}, event_id + bet_type};
  out.work.event_id = event_id;
  out.attempts = attempts;
  return out;
}

std::vector<std::string> ids(const std::vector<EventWork>& events) {
  std::vector<std::string> out;
  for (const EventWork& event : events) out.push_back(event.wanted.work.event_id);
  return out;
}

using Ids = std::vector<std::string>;

TEST(EventQueue, BetTypesOfOneEventAreOnePlace) {
  EventQueue queue(50);
  queue.add(entry("1", "three_way"), {1});
  queue.add(entry("2", "three_way"), {1});
  queue.add(entry("1", "btts"), {2});
  queue.add(entry("1", "double_chance"), {3});
  const auto taken = queue.take();
  ASSERT_EQ(ids(taken), (Ids{"1", "2"}));
  EXPECT_EQ(taken[0].wanted.bet_types,
            (std::set<std::string>{"btts", "double_chance", "three_way"}));
  EXPECT_EQ(taken[0].entries.size(), 3U);
  EXPECT_EQ(taken[0].since, UtcMillis{1});
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, LingerCountsFromTheQuestionButABacklogStillFillsBatches) {
  EXPECT_EQ(waiting_since({990}, {1000}, Millis(100)), UtcMillis{990});
  EXPECT_EQ(waiting_since({500}, {1000}, Millis(100)), UtcMillis{950});    // waited in the stream
  EXPECT_EQ(waiting_since({1030}, {1000}, Millis(100)), UtcMillis{1000});  // the server's clock
  EXPECT_EQ(waiting_since({990}, {1000}, Millis(0)), UtcMillis{1000});
}

TEST(EventQueue, TakesNoMoreThanOneRequestCarriesOldestFirst) {
  EventQueue queue(2);
  for (const char* id : {"1", "2", "3"}) queue.add(entry(id), {1});
  EXPECT_TRUE(queue.fills_a_request());
  EXPECT_EQ(ids(queue.take()), (Ids{"1", "2"}));
  EXPECT_FALSE(queue.fills_a_request());
  EXPECT_EQ(ids(queue.take()), (Ids{"3"}));
}

TEST(EventQueue, AnEventThatFailedTravelsWithFewerAndFinallyAlone) {
  EXPECT_EQ(companions(50, 0), 50U);
  EXPECT_EQ(companions(50, 1), 12U);
  EXPECT_EQ(companions(50, 2), 3U);
  EXPECT_EQ(companions(50, 3), 1U);
  EXPECT_EQ(companions(1, 1), 1U);

  EventQueue queue(50);
  queue.add(entry("bad", "three_way", 3), {1});
  queue.add(entry("good"), {1});
  EXPECT_EQ(ids(queue.take()), (Ids{"bad"}));
  EXPECT_EQ(ids(queue.take()), (Ids{"good"}));
}

TEST(EventQueue, AnEventThatMustTravelAloneDoesNotHoldUpThoseBehindIt) {
  EventQueue queue(50);
  queue.add(entry("1"), {1});
  queue.add(entry("bad", "three_way", 3), {1});
  queue.add(entry("2"), {1});
  EXPECT_EQ(ids(queue.take()), (Ids{"1", "2"}));
  EXPECT_EQ(ids(queue.take()), (Ids{"bad"}));
}

TEST(EventQueue, WhatIsPutBackComesFirstAndMeetsItsOwnNewEntries) {
  EventQueue queue(1);
  queue.add(entry("1"), {1});
  queue.add(entry("2"), {1});
  auto taken = queue.take();
  queue.put_back(std::move(taken.front()));
  EXPECT_EQ(ids(queue.take()), (Ids{"1"}));
  taken = queue.take();
  queue.add(entry("2", "btts"), {5});
  queue.put_back(std::move(taken.front()));
  ASSERT_EQ(queue.size(), 1U);
  EXPECT_EQ(queue.take().front().entries.size(), 2U);
}

TEST(EventQueue, TheNewestEntryKnowsBestAndOlderOnesFillItsGaps) {
  EventQueue queue(1);
  Entry old = entry("1");
  old.work.home = "Old Name";
  old.work.competition = "Cup";
  queue.add(old, {1});
  Entry fresh = entry("1", "btts");
  fresh.work.home = "New Name";
  fresh.ref.stream.period = 1;
  queue.add(fresh, {2});
  const auto taken = queue.take();
  EXPECT_EQ(taken[0].wanted.work.home, "New Name");
  EXPECT_EQ(taken[0].wanted.work.competition, "Cup");
  EXPECT_EQ(taken[0].wanted.period, 1);
}

}  // namespace
}  // namespace oddsloom
