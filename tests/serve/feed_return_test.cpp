// Clients of the feed that come back after a pause, and those that read too slowly: what they
// missed is told, as long as it is known.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/feed_fixture.h"

namespace oddsloom {
namespace {

using test::at;
using test::Connected;
using test::FeedTest;
using test::FeedWorld;
using test::market;
using testing::HasSubstr;
using testing::Not;

TEST_F(FeedTest, ComingBackBringsTheSameBytesThatWereMissed) {
  start();
  world_.change(market("1"));
  publish();
  Connected away, there;
  connect(away);
  connect(there);
  world_.change(market("1", 2'050));
  publish();
  read(away);
  read(there);
  away.subscriber = nullptr;
  const std::size_t before = there.client.events.size();
  for (int price = 2'100; price < 2'600; price += 10) {
    world_.change(market("1", price));
    publish();
    read(there);
  }
  const std::size_t had = away.client.events.size();
  connect(away);
  read(away);
  EXPECT_EQ(log_reads_, 0);
  std::vector<std::string> missed, got;
  for (std::size_t i = before; i < there.client.events.size(); ++i)
    missed.push_back(there.client.events[i].id + there.client.events[i].data);
  for (std::size_t i = had; i < away.client.events.size(); ++i)
    if (away.client.events[i].name == "odds")
      got.push_back(away.client.events[i].id + away.client.events[i].data);
  EXPECT_TRUE(got == missed);
  EXPECT_EQ(got.size(), 50U);
  EXPECT_TRUE(away.client.markets == there.client.markets);
}

TEST_F(FeedTest, ComingBackToAnotherProcessReplaysTheStoresLog) {
  start();
  for (int i = 0; i < 30; ++i) world_.change(market(std::to_string(i)));
  publish();
  Connected one;
  connect(one);
  read(one);
  tick(Millis(121'000));
  read(one);
  EXPECT_EQ(one.client.count("stale"), 30U);
  one.subscriber = nullptr;

  // While nobody serves: changes, a sighting, a match that ends, a link.
  world_.change(market("1", 2'500));
  world_.change(market("1", 2'600));
  world_.see(market("2"));
  world_.expire(market("3"));
  world_.link(market("5"), world_.match_of(market("4")));
  FeedConfig config;
  config.replay_page = 1;
  start(config);
  publish();
  world_.change(market("6", 2'700));
  publish();
  connect(one);
  read(one);
  EXPECT_EQ(one.client.resets, 0);
  EXPECT_GE(log_reads_, 2);
  for (const char* id : {"abc-131", "abc-132", "abc-133"})
    EXPECT_EQ(one.client.change_ids[id], 1) << id;
  EXPECT_FALSE(one.client.markets.at(key(market("1"))).stale);
  EXPECT_EQ(one.client.markets.at(key(market("1"))).outcomes.at("1").price, "2.600");
  EXPECT_FALSE(one.client.markets.at(key(market("2"))).stale);
  EXPECT_TRUE(one.client.markets.at(key(market("7"))).stale);
  EXPECT_EQ(one.client.markets.count(key(market("3"))), 0U);
  EXPECT_EQ(one.client.markets.at(key(market("5"))).match_id, world_.match_of(market("4")));

  Connected fresh;
  connect(fresh);
  read(fresh);
  EXPECT_TRUE(one.client.markets == fresh.client.markets);
}

TEST_F(FeedTest, WhatCannotBeReplayedIsAResetAndASnapshot) {
  start();
  world_.change(market("1"));
  publish();
  log_begin_ = 90;
  const std::pair<std::string, std::string> kIds[] = {
      {"abc-50", "log_trimmed"},  {"xyz-101", "other_store"}, {"abc-500", "ahead"},
      {"nonsense", "unknown_id"}, {"abc-", "unknown_id"},     {"abc-1-d", "unknown_id"}};
  for (const auto& [id, reason] : kIds) {
    Connected one;
    one.client.last_id = id;
    connect(one);
    read(one);
    ASSERT_GE(one.client.events.size(), 3U) << id;
    EXPECT_EQ(one.client.events[0].name, "reset") << id;
    EXPECT_THAT(one.client.events[0].data, HasSubstr(reason)) << id;
    EXPECT_EQ(one.client.markets.size(), 1U) << id;
    EXPECT_EQ(one.client.last_id, "abc-101") << id;
  }
}

TEST_F(FeedTest, AClientThatReadsTooSlowlyGetsTheNewestStateOfEachMarket) {
  start();
  for (int i = 0; i < 10; ++i) world_.change(market(std::to_string(i)));
  publish();
  Connected slow, fast;
  connect(slow);
  connect(fast);
  read(slow);
  read(fast);
  for (int price = 2'000; price < 4'000; ++price) {
    world_.change(market(std::to_string(price % 10), price));
    if (price % 3 == 0) publish();
    if (price % 9 == 0) read(fast);
  }
  world_.withdraw(market("9"));
  publish();
  read(fast);
  const std::size_t before = slow.client.events.size();
  read(slow);
  EXPECT_EQ(slow.client.events.size() - before, 10U) << "one of each market";
  EXPECT_EQ(metrics_.conflated.value(), 1U);
  EXPECT_TRUE(slow.client.markets == fast.client.markets);
  std::uint64_t last = 0;
  for (std::size_t i = before; i < slow.client.events.size(); ++i) {
    const auto id = parse_feed_id(slow.client.events[i].id);
    ASSERT_TRUE(id && id->conflated);
    EXPECT_GT(id->sequence, last);
    last = id->sequence;
    if (slow.client.events[i].name == "odds") {
      EXPECT_THAT(slow.client.events[i].data, HasSubstr("\"conflated\":true"));
    }
  }
  world_.change(market("1", 5'000));
  publish();
  read(slow);
  EXPECT_EQ(slow.client.events.back().id, fmt::format("abc-{}", world_.sequence))
      << "caught up, change by change again";
  EXPECT_THAT(slow.client.events.back().data, Not(HasSubstr("conflated")));
}

// Deltas of what was left out while conflating would be lost if the id promised too much.
TEST_F(FeedTest, AClientLostWhileConflatingMissesNothing) {
  for (std::size_t taken = 1; taken < 10; ++taken)
    for (const bool restarted : {false, true}) {
      SCOPED_TRACE(fmt::format("{} taken, restarted {}", taken, restarted));
      world_ = FeedWorld();
      start();
      for (int i = 0; i < 10; ++i) world_.change(market(std::to_string(i)));
      publish();
      Connected one;
      connect(one);
      read(one);
      for (int i = 0; i < 1'000; ++i) {
        Record record = market(std::to_string(i % 10), 2'000 + i);
        if (i > 500) record.outcomes[1].price = Price{3'000 + i % 10};
        if (i > 600) record.outcomes[2].price = Price{4'500};
        world_.change(record);
      }
      publish();
      auto frames = one.subscriber->next(world_.now);
      ASSERT_GT(frames.size(), taken);
      for (std::size_t i = 0; i < taken; ++i) one.client.take(*frames[i]);
      one.subscriber = nullptr;
      if (restarted) {
        start();
        publish();
      }
      connect(one);
      read(one);
      EXPECT_EQ(one.client.resets, 0);
      Connected fresh;
      connect(fresh);
      read(fresh);
      EXPECT_TRUE(one.client.markets == fresh.client.markets);
    }
}

TEST_F(FeedTest, AClientThatNeverCatchesUpIsLetGo) {
  FeedConfig config;
  config.log.entries = 5'000;
  start(config);
  for (int i = 0; i < 10; ++i) world_.change(market(std::to_string(i)));
  publish();
  Connected one, idle;
  connect(one);
  connect(idle, {{"markets", "btts"}});
  read(one);
  read(idle);
  for (int i = 0; i < 6'000; ++i) {
    world_.change(market(std::to_string(i % 10), 2'000 + i));
    if (i % 100 == 0) publish();
    if (i % 100 == 0) tick(Millis(100));
  }
  publish();
  EXPECT_TRUE(one.subscriber->next(world_.now).empty());
  EXPECT_EQ(one.subscriber->ended(), "too far behind");
  EXPECT_EQ(metrics_.let_go.value(), 1U);
  read(idle);
  EXPECT_EQ(idle.subscriber->ended(), "") << "nothing of it was for this one";
}

}  // namespace
}  // namespace oddsloom
