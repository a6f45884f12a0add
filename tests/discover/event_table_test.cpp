#include "discover/event_table.h"

#include <gtest/gtest.h>

#include "discover/poller.h"

namespace oddsloom {
namespace {

using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;

WorkEntry event(const std::string& id, std::int64_t start = 0) {
  WorkEntry out;
  out.event_id = id;
  out.start_time = UtcMillis{start};
  return out;
}

TEST(EventTable, ANewEventIsDueAtOnceAndAnOldOneWhenItWasPutOff) {
  EventTable table;
  table.saw(event("1"), 1, {100});
  ASSERT_EQ(table.due({100}).size(), 1U);
  table.due({100})[0]->due = {500};
  table.saw(event("1"), 2, {200});
  EXPECT_TRUE(table.due({200}).empty());
  EXPECT_EQ(table.due({500}).size(), 1U);
  EXPECT_EQ(table.next_due(), UtcMillis{500});
}

TEST(EventTable, AMovedKickOffIsWorthALookAtOnce) {
  EventTable table;
  table.saw(event("1", 1000), 1, {100});
  table.due({100})[0]->due = {500};
  table.saw(event("1", 2000), 2, {200});
  EXPECT_EQ(table.due({200}).size(), 1U);
}

TEST(EventTable, WhatNoListHeldInACompleteRoundIsForgotten) {
  EventTable table;
  table.saw(event("1"), 1, {0});
  table.saw(event("2"), 1, {0});
  table.saw(event("2"), 2, {0});
  EXPECT_EQ(table.forget_unseen(2), 1U);
  EXPECT_EQ(table.size(), 1U);
}

TEST(EventTable, DueEventsComeLongestWaitingFirst) {
  EventTable table;
  table.saw(event("1"), 1, {300});
  table.saw(event("2"), 1, {100});
  const auto due = table.due({300});
  EXPECT_EQ(due[0]->work.event_id, "2");
  EXPECT_EQ(due[1]->work.event_id, "1");
}

TEST(LookInterval, ShortensAsKickOffNears) {
  const PollerConfig config;
  const Millis fresh = minutes(10);
  EXPECT_EQ(look_interval(config, fresh, hours(1)), Millis(36'000));
  EXPECT_EQ(look_interval(config, fresh, minutes(10)), Millis(6'000));
  EXPECT_EQ(look_interval(config, fresh, seconds(30)), config.upcoming_look_least);
  EXPECT_EQ(look_interval(config, fresh, seconds(-30)), config.upcoming_look_least);
}

TEST(LookInterval, IsNeverLongerThanHalfTheFreshnessLimit) {
  EXPECT_EQ(look_interval(PollerConfig{}, minutes(3), hours(90)), Millis(90'000));
}

TEST(ListInterval, LeavesNineTenthsOfASmallBudgetToLooks) {
  EXPECT_EQ(list_interval(Millis(5'000), 5, 20), Millis(5'000));
  EXPECT_EQ(list_interval(Millis(5'000), 5, 5), Millis(10'000));
  EXPECT_EQ(list_interval(Millis(5'000), 5, 2), Millis(25'000));
  EXPECT_EQ(list_interval(Millis(5'000), 0, 2), Millis(5'000));  // nothing could be read
}

}  // namespace
}  // namespace oddsloom
