// What the feed tells, to whom, and what clients may ask of it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/feed_fixture.h"

namespace oddsloom {
namespace {

using test::at;
using test::Connected;
using test::FeedClient;
using test::FeedTest;
using test::market;
using testing::HasSubstr;
using testing::Not;

TEST_F(FeedTest, BeginsWithASnapshotThatSaysWhereItStands) {
  start();
  world_.change(market("1"));
  world_.change(market("2"));
  publish();
  Connected one;
  connect(one);
  read(one);
  EXPECT_EQ(one.client.retry, "2000");
  ASSERT_EQ(one.client.events.size(), 3U);
  EXPECT_EQ(one.client.events[0].name, "snapshot");
  EXPECT_EQ(one.client.events[0].id, "");
  EXPECT_EQ(one.client.events[1].name, "snapshot-complete");
  EXPECT_EQ(one.client.events[1].id, "abc-102");
  EXPECT_EQ(one.client.events[2].name, "heartbeat");
  ASSERT_EQ(one.client.markets.size(), 2U);
  const auto& told = one.client.markets.at(key(market("1")));
  EXPECT_EQ(told.home, "Home 1");
  EXPECT_EQ(told.outcomes.at("1").price, "2.000");
  EXPECT_THAT(one.client.events[0].data, HasSubstr(R"("key":"X","name":"Draw","price":3.40)"));
  EXPECT_EQ(told.match_id, world_.match_of(market("1")));
}

// A client of server-sent events that is refused once does not come back.
TEST_F(FeedTest, WhoComesBeforeThereIsABoardWaitsForIt) {
  start();
  Connected anew, back;
  connect(anew);
  back.client.last_id = "abc-100";
  connect(back);
  read(anew);
  read(back);
  EXPECT_EQ(anew.client.retry, "2000");
  EXPECT_TRUE(anew.client.events.empty());
  EXPECT_TRUE(back.client.events.empty());
  feed_->tick(world_.now);
  EXPECT_EQ(anew.wakes + back.wakes, 0);

  world_.change(market("1"));
  publish();
  EXPECT_GT(anew.wakes, 0);
  EXPECT_GT(back.wakes, 0);
  read(anew);
  read(back);
  EXPECT_EQ(anew.client.events[0].name, "snapshot");
  EXPECT_EQ(anew.client.last("snapshot-complete")->id, "abc-101");
  EXPECT_EQ(back.client.events[0].name, "odds");
  EXPECT_EQ(back.client.last("snapshot-complete"), nullptr);
}

TEST_F(FeedTest, WhatIsSubscribedToBeforeThereIsABoardHolds) {
  start();
  Connected none, one;
  none.transport = one.transport = Transport::WebSocket;
  connect(none);
  connect(one);
  none.subscriber->received(R"({"op":"unsubscribe"})");
  one.subscriber->received(R"({"op":"subscribe","markets":["btts"]})");
  read(none);
  read(one);
  world_.change(market("1"));
  publish();
  read(none);
  read(one);
  EXPECT_EQ(none.client.last("snapshot-complete"), nullptr);
  EXPECT_NE(one.client.last("snapshot-complete"), nullptr);
  EXPECT_TRUE(one.client.markets.empty());
}

TEST_F(FeedTest, AChangeIsToldWithItsIdAndOnlyWhatChanged) {
  start();
  world_.change(market("1"));
  publish();
  Connected one;
  connect(one);
  read(one);
  world_.change(market("1", 2'150));
  publish();
  EXPECT_GT(one.wakes, 0);
  read(one);
  const auto* odds = one.client.last("odds");
  ASSERT_NE(odds, nullptr);
  EXPECT_EQ(odds->id, "abc-102");
  EXPECT_THAT(odds->data, HasSubstr("\"price\":2.15"));
  EXPECT_THAT(odds->data, Not(HasSubstr("Draw")));
  EXPECT_THAT(odds->data, Not(HasSubstr("home_team")));
  EXPECT_EQ(one.client.markets.at(key(market("1"))).outcomes.size(), 3U);
}

TEST_F(FeedTest, ASuspendedMarketHasNoPriceButTheLastOne) {
  start();
  world_.change(market("1"));
  publish();
  Connected one;
  connect(one);
  read(one);
  Record record = market("1");
  record.status = Status::Suspended;
  for (Outcome& outcome : record.outcomes) {
    outcome.status = Status::Suspended;
    outcome.usable = false;
  }
  world_.change(record);
  publish();
  read(one);
  ASSERT_EQ(one.client.count("suspended"), 1U);
  const auto& told = one.client.markets.at(key(record));
  EXPECT_EQ(told.status, "suspended");
  EXPECT_EQ(told.outcomes.at("1").price, "");
  EXPECT_EQ(told.outcomes.at("1").last_price, "2.000");
}

TEST_F(FeedTest, AWithdrawnMarketIsRemovedAndComesBackWhole) {
  start();
  world_.change(market("1"));
  publish();
  Connected one;
  connect(one);
  read(one);
  world_.withdraw(market("1"));
  publish();
  read(one);
  ASSERT_EQ(one.client.count("removed"), 1U);
  EXPECT_THAT(one.client.last("removed")->data, HasSubstr("\"withdrawn\""));
  EXPECT_EQ(one.client.last("removed")->id, "abc-102");
  EXPECT_TRUE(one.client.markets.empty());
  world_.change(market("1"));
  publish();
  read(one);
  EXPECT_EQ(one.client.markets.at(key(market("1"))).outcomes.size(), 3U);
  EXPECT_EQ(one.client.markets.at(key(market("1"))).home, "Home 1");
}

TEST_F(FeedTest, WhatTheStoreLetsGoIsRemovedWithoutAnId) {
  start();
  world_.change(market("1"));
  world_.change(market("2"));
  publish();
  Connected one;
  connect(one);
  read(one);
  world_.expire(market("1"));
  publish();
  read(one);
  ASSERT_EQ(one.client.count("removed"), 1U);
  EXPECT_EQ(one.client.last("removed")->id, "");
  EXPECT_THAT(one.client.last("removed")->data, HasSubstr("\"expired\""));
  EXPECT_EQ(one.client.markets.size(), 1U);
}

TEST_F(FeedTest, APriceThatBecomesTooOldIsStaleAndIsToldAgainWhenItIsSeen) {
  start();
  world_.change(market("1"));
  publish();
  Connected one;
  connect(one);
  read(one);
  tick(Millis(120'000));
  read(one);
  EXPECT_EQ(one.client.count("stale"), 0U) << "at its limit it still holds";
  tick(Millis(1'000));
  read(one);
  ASSERT_EQ(one.client.count("stale"), 1U);
  EXPECT_EQ(one.client.last("stale")->id, "");
  EXPECT_TRUE(one.client.markets.at(key(market("1"))).stale);
  tick();
  read(one);
  EXPECT_EQ(one.client.count("stale"), 1U) << "told once";

  Connected late;
  connect(late);
  read(late);
  EXPECT_TRUE(late.client.markets.at(key(market("1"))).stale);

  world_.see(market("1"));
  publish();
  read(one);
  ASSERT_EQ(one.client.count("odds"), 1U);
  EXPECT_EQ(one.client.last("odds")->id, "") << "it is in no change log";
  EXPECT_FALSE(one.client.markets.at(key(market("1"))).stale);
  EXPECT_EQ(one.client.markets.at(key(market("1"))).outcomes.at("1").price, "2.000");
}

TEST_F(FeedTest, BeingSeenAgainInTimeIsNoNews) {
  start();
  world_.change(market("1"));
  publish();
  Connected one;
  connect(one);
  read(one);
  for (int i = 0; i < 10; ++i) {
    tick(Millis(60'000));
    world_.see(market("1"));
    publish();
    read(one);
  }
  EXPECT_EQ(one.client.count("odds") + one.client.count("stale"), 0U);
  EXPECT_EQ(one.client.count("heartbeat"), 11U);
}

TEST_F(FeedTest, ALinkIsToldAndTheStateUnderTheNewMatch) {
  start();
  Record other = market("77");
  other.bookmaker = "BookieAlpha";
  world_.change(market("1"));
  world_.change(other);
  publish();
  Connected all, only;
  connect(all);
  const std::string match = world_.match_of(market("1")), was = world_.match_of(other);
  connect(only, {{"eventIds", match}});
  read(all);
  read(only);
  EXPECT_EQ(only.client.markets.size(), 1U);
  world_.link(other, match);
  publish();
  read(all);
  read(only);
  ASSERT_EQ(all.client.count("matched"), 1U);
  EXPECT_THAT(all.client.last("matched")->data, HasSubstr("\"was_match_id\":\"" + was));
  EXPECT_EQ(all.client.markets.at(FeedClient::key(other, "bookiealpha")).match_id, match);
  EXPECT_EQ(only.client.markets.size(), 2U) << "it came into the filter";
  world_.link(other, was);
  publish();
  read(only);
  EXPECT_EQ(only.client.count("matched"), 2U);
  EXPECT_EQ(only.client.markets.at(FeedClient::key(other, "bookiealpha")).match_id, was);
}

// The log was trimmed past what the keeper had read: boards tell what changed, the log no longer.
TEST_F(FeedTest, WhatTheLogLostIsToldAsItStands) {
  start();
  world_.change(market("1"));
  world_.change(market("2"));
  publish();
  Connected steady, back;
  connect(steady);
  connect(back);
  read(steady);
  read(back);
  world_.change(market("1", 2'150));
  world_.change(market("1", 2'300));
  world_.take_changes();
  publish();
  connect(back);
  for (Connected* one : {&steady, &back}) {
    read(*one);
    EXPECT_EQ(one->client.resets, 0);
    EXPECT_EQ(one->client.count("odds"), 1U);
    EXPECT_EQ(one->client.last("odds")->id, "");
    EXPECT_EQ(one->client.markets.at(key(market("1"))).outcomes.at("1").price, "2.300");
  }
}

TEST_F(FeedTest, AMatchWhoseCompetitionTurnsUpLaterIsToldUnderIt) {
  start();
  Record record = market("1");
  record.competition = "";
  world_.change(record);
  publish();
  Connected cup, all;
  connect(cup, {{"sports", "soccer_lakes_cup"}});
  connect(all);
  read(cup);
  read(all);
  EXPECT_TRUE(cup.client.markets.empty());
  record.competition = "Lakes Cup";
  world_.change(record);
  publish();
  read(cup);
  read(all);
  EXPECT_EQ(cup.client.markets.size(), 1U);
  EXPECT_THAT(all.client.last("odds")->data, HasSubstr(R"("sport_key":"soccer_lakes_cup")"));
}

TEST_F(FeedTest, FiltersSelectAndUnknownOnesAreRefused) {
  start();
  Record first_half = market("1");
  first_half.segment = "first_half";
  Record tennis = market("3");
  tennis.sport_id = "2";
  tennis.competition = "Kenya: Open";
  Record other = market("4");
  other.bookmaker = "BookieAlpha";
  for (const Record& record : {market("1"), first_half, tennis, other}) world_.change(record);
  publish();
  const auto markets_with = [&](const std::string& name, const std::string& value) {
    Connected one;
    connect(one, {{name, value}});
    read(one);
    return one.client.markets.size();
  };
  EXPECT_EQ(markets_with("markets", "h2h"), 3U);
  EXPECT_EQ(markets_with("markets", "h2h_h1"), 1U);
  EXPECT_EQ(markets_with("markets", "h2h_3_way, h2h_h1"), 4U);
  EXPECT_EQ(markets_with("sports", "tennis"), 1U);
  EXPECT_EQ(markets_with("sports", "tennis_kenya_open"), 1U);
  EXPECT_EQ(markets_with("sports", "tennis_kenya_open,soccer"), 4U);
  EXPECT_EQ(markets_with("sports", "tennis_kenya"), 0U);
  EXPECT_EQ(markets_with("sports", "upcoming"), 4U);
  EXPECT_EQ(markets_with("bookmakers", "bookiealpha"), 1U);
  EXPECT_EQ(markets_with("regions", "ke"), 3U);
  EXPECT_EQ(markets_with("eventIds", world_.match_of(tennis)), 1U);
  EXPECT_EQ(markets_with("markets", "btts"), 0U);

  const auto refusal = [&](const std::string& name, const std::string& value) {
    Connected one;
    WebRequest request;
    request.query = {{name, value}};
    const HttpAnswer answer = ask(request, one);
    return fmt::format("{} {}", answer.response.status,
                       answer.response.body ? *answer.response.body : "");
  };
  EXPECT_THAT(refusal("sports", "tenis"), HasSubstr("422"));
  EXPECT_THAT(refusal("sports", "tenis"), HasSubstr("INVALID_SPORT"));
  EXPECT_THAT(refusal("sports", "upcoming_cup"), HasSubstr("INVALID_SPORT"));
  EXPECT_THAT(refusal("sports", "tenis"), HasSubstr("did you mean 'tennis'"));
  EXPECT_THAT(refusal("bookmakers", "x"), HasSubstr("INVALID_BOOKMAKERS"));
  EXPECT_THAT(refusal("regions", "us"), HasSubstr("INVALID_REGION"));
  EXPECT_THAT(refusal("markets", "h2h_h9"), HasSubstr("INVALID_MARKET"));
  EXPECT_THAT(refusal("eventIds", "123"), HasSubstr("INVALID_EVENT_IDS"));
}

TEST_F(FeedTest, AWebsocketClientChangesItsFilter) {
  start();
  Record other = market("4");
  other.bookmaker = "BookieAlpha";
  world_.change(market("1"));
  world_.change(other);
  publish();
  Connected one;
  one.transport = Transport::WebSocket;
  connect(one);
  read(one);
  EXPECT_EQ(one.client.markets.size(), 2U);
  EXPECT_EQ(one.client.last_id, "abc-102");

  one.subscriber->received(R"({"op":"subscribe","bookmakers":["bookiealpha"]})");
  one.client.markets.clear();  // as the answer tells
  read(one);
  EXPECT_EQ(one.client.count("subscribed"), 1U);
  EXPECT_EQ(one.client.markets.size(), 1U);
  world_.change(market("1", 2'300));
  publish();
  read(one);
  EXPECT_EQ(one.client.count("odds"), 0U);

  one.subscriber->received(fmt::format(
      R"({{"op":"subscribe","bookmakers":"bookiedelta","lastEventId":"{}"}})", "abc-102"));
  read(one);
  EXPECT_EQ(one.client.count("odds"), 1U);

  one.subscriber->received(R"({"op":"unsubscribe"})");
  world_.change(market("1", 2'400));
  publish();
  read(one);
  EXPECT_EQ(one.client.count("unsubscribed"), 1U);
  EXPECT_EQ(one.client.count("odds"), 1U);
}

TEST_F(FeedTest, WhatAWebsocketClientSaysWronglyChangesNothing) {
  start();
  world_.change(market("1"));
  publish();
  Connected one;
  one.transport = Transport::WebSocket;
  connect(one);
  read(one);
  for (const char* message :
       {"", "{", "[]", "{}", R"({"op":"dance"})", R"({"op":1})",
        R"({"op":"subscribe","sport":"x"})", R"({"op":"subscribe","sports":1})",
        R"({"op":"subscribe","sports":["soccer",2]})", R"({"op":"subscribe","markets":"h2g"})",
        R"({"op":"subscribe","lastEventId":7})", R"({"op":"unsubscribe","sports":"soccer"})"}) {
    const std::size_t before = one.client.events.size();
    one.subscriber->received(message);
    read(one);
    ASSERT_EQ(one.client.events.size(), before + 1) << message;
    EXPECT_EQ(one.client.events.back().name, "error") << message;
  }
  world_.change(market("1", 2'300));
  publish();
  read(one);
  EXPECT_EQ(one.client.count("odds"), 1U);
  for (int i = 0; i < 200; ++i) one.subscriber->received("{");
  EXPECT_NE(one.subscriber->ended(), "") << "its answers are not kept without end";
}

TEST_F(FeedTest, AHeartbeatSaysTheTimeAndHowOldEachSourceIs) {
  start();
  world_.change(market("1"));
  Record live = market("2");
  live.source = Source::Live;
  world_.change(live);
  publish();
  Connected one;
  connect(one, {{"markets", "btts"}});
  tick(Millis(20'000));
  world_.see(market("1"));
  world_.change(market("3"));
  publish();
  tick(Millis(5'000));
  read(one);
  ASSERT_EQ(one.client.count("heartbeat"), 1U);
  const auto& heartbeat = one.client.events.back();
  EXPECT_EQ(heartbeat.id, "abc-103") << "it carries the client past what is not for it";
  EXPECT_EQ(heartbeat.data,
            "{\"at\":\"2026-08-09T12:00:25.000Z\",\"sources\":["
            "{\"bookmaker\":\"bookiedelta\",\"source\":\"live\",\"markets\":1,\"stale\":0,"
            "\"oldest_age_ms\":25000,\"newest_age_ms\":25000},"
            "{\"bookmaker\":\"bookiedelta\",\"source\":\"upcoming\",\"markets\":2,\"stale\":0,"
            "\"oldest_age_ms\":5000,\"newest_age_ms\":5000}]}");
}

TEST_F(FeedTest, ASnapshotComesInBoundedPiecesAndIsSharedAmongEquals) {
  start();
  for (int i = 0; i < 2'000; ++i) world_.change(market(std::to_string(i)));
  publish();
  Connected one, two;
  connect(one);
  connect(two);
  auto a = one.subscriber->next(world_.now), b = two.subscriber->next(world_.now);
  ASSERT_GE(a.size(), 2U);
  ASSERT_GE(b.size(), 2U);
  EXPECT_EQ(a[1], b[1]) << "the same bytes in memory";
  for (const auto& frame : a) EXPECT_LT(frame->size(), 64U << 10U);
}

TEST_F(FeedTest, AChangeDuringALongSnapshotIsToldAfterIt) {
  start();
  for (int i = 0; i < 2'000; ++i) world_.change(market(std::to_string(i)));
  publish();
  Connected one;
  connect(one);
  for (int i = 0; i < 3; ++i)
    for (const auto& frame : one.subscriber->next(world_.now)) one.client.take(*frame);
  EXPECT_FALSE(one.client.has_snapshot);
  world_.change(market("0", 2'990));
  world_.change(market("1999", 2'990));
  publish();
  read(one);
  EXPECT_EQ(one.client.change_ids.size(), 2U);
  Connected fresh;
  connect(fresh);
  read(fresh);
  EXPECT_TRUE(one.client.markets == fresh.client.markets);
}

TEST_F(FeedTest, SnapshotsAndReplaysUnderWayAreBoundedAndOthersWaitTheirTurn) {
  FeedConfig config;
  config.snapshot_bytes = 1;
  start(config);
  for (int i = 0; i < 500; ++i) world_.change(market(std::to_string(i)));
  publish();
  Connected first, second;
  connect(first);
  connect(second, {{"sports", "soccer"}});
  for (const auto& frame : first.subscriber->next(world_.now)) first.client.take(*frame);
  ASSERT_EQ(first.client.count("snapshot-complete"), 0U);
  read(second);
  EXPECT_EQ(second.client.events.size(), 0U);
  read(first);
  EXPECT_EQ(first.client.count("snapshot-complete"), 1U);
  tick();
  EXPECT_GT(second.wakes, 0);
  read(second);
  EXPECT_EQ(second.client.count("snapshot-complete"), 1U);
}

}  // namespace
}  // namespace oddsloom
