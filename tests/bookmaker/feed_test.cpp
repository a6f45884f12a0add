// What the folder says of a feed, and what a message of it means.
#include "bookmaker/feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "bookmaker/mapping.h"
#include "folder.h"

namespace oddsloom::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kFile = kBookmakers + "/BookieDelta/bookmaker.toml";

std::string delta_text() {
  std::ifstream in(kFile);
  return {std::istreambuf_iterator<char>(in), {}};
}

class FeedTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(feed, nullptr); }
  static Bookmaker load() {
    auto loaded = load_bookmaker(kBookmakers + "/BookieDelta", bet_types());
    EXPECT_TRUE(loaded);
    return *loaded;
  }
  const Bookmaker bookmaker = load();
  const FeedSettings* feed = feed_of(bookmaker, Source::Live);

  Mapping map(const std::string& payload) {
    std::vector<WantedEvent> wanted(1);
    wanted[0].work.event_id = "1930001";
    wanted[0].work.home = "Anvil Town";
    wanted[0].work.away = "Bellows Rovers";
    wanted[0].work.sport_id = "1";
    wanted[0].bet_types = {"three_way", "btts", "double_chance"};
    MappingContext context;
    context.source = Source::Live;
    context.observed_at = {1'786'289'400'000};
    context.events = &wanted;
    return map_answer(bookmaker, bet_types(), context, payload);
  }
};

TEST_F(FeedTest, IsDeclaredForLiveOnly) {
  EXPECT_EQ(feed_of(bookmaker, Source::Upcoming), nullptr);
  EXPECT_EQ(feed->framing, Framing{FrameLayer::SocketIo});
  EXPECT_THAT(feed->headers, ElementsAre(HasSubstr("Origin: https://")));
  EXPECT_THAT(subscriptions(bookmaker, *feed),
              ElementsAre(R"(["subscribe", "sport-1"])", R"(["subscribe", "sport-5"])",
                          R"(["subscribe", "sport-8"])"));
}

TEST_F(FeedTest, IsLookedForWhereTheSiteIs) {
  EXPECT_EQ(feed_url(bookmaker, *feed, ""), feed->url);
  EXPECT_EQ(feed_url(bookmaker, *feed, bookmaker.base_url), feed->url);
  EXPECT_EQ(feed_url(bookmaker, *feed, "http://127.0.0.1:8099"),
            "ws://127.0.0.1:8099/socket.io/?EIO=3&transport=websocket");
  EXPECT_EQ(feed_url(bookmaker, *feed, "https://proxy.example/"),
            "wss://proxy.example/socket.io/?EIO=3&transport=websocket");
}

constexpr const char* kUpdate =
    R"({"eventId":1930001,"eventMarketId":7,"type":194,"handicap":"0.00","name":"1x2","status":"Open",
"template":3,"sequence":0,"selections":[
{"id":2679490301,"name":"Anvil Town","odds":"2.10","status":"Open"},
{"id":2679490302,"name":"draw","odds":"3.25","status":"Open"},
{"id":2679490303,"name":"Bellows Rovers","odds":"3.60","status":"Closed"}]})";

TEST_F(FeedTest, AMarketUpdateIsReadByTheFoldersForms) {
  for (const std::string& payload : {std::string(kUpdate), "[" + std::string(kUpdate) + "]"}) {
    const auto news = read_news(bookmaker, *feed, {"MARKET_UPDATE", payload});
    ASSERT_TRUE(news) << news.error().text();
    EXPECT_EQ(news->kind, FeedNews::Kind::Market);
    ASSERT_EQ(news->events.size(), 1U);
    EXPECT_EQ(news->events[0].event_id, "1930001");
    const Mapping mapping = map(news->payload);
    ASSERT_EQ(mapping.records.size(), 1U) << mapping.message;
    EXPECT_TRUE(mapping.problems.empty());
    const Record& record = mapping.records[0];
    EXPECT_EQ(record.home, "Anvil Town");
    EXPECT_EQ(record.outcomes[0].price->thousandths, 2100);
    EXPECT_TRUE(record.outcomes[1].usable);
    EXPECT_FALSE(record.outcomes[2].usable);
  }
}

// Those left out would be taken for events of which nothing was said.
TEST_F(FeedTest, AMessageAboutMoreEventsThanAreTakenIsNotReadInPart) {
  std::string payload = "[";
  for (int i = 0; i < 5'001; ++i) payload.append(i > 0 ? "," : "").append(R"({"eventId":1930001})");
  const auto news = read_news(bookmaker, *feed, {"MARKET_UPDATE", payload + "]"});
  ASSERT_FALSE(news);
  EXPECT_EQ(news.error().text(), "MARKET_UPDATE: is about more than 5000 events");
}

TEST_F(FeedTest, ASuspensionWithoutSelectionsClosesEveryPrice) {
  const Mapping mapping = map(
      R"({"eventId":1930001,"type":194,"handicap":"0.00","status":"Suspended","sequence":0,"selections":[]})");
  ASSERT_EQ(mapping.records.size(), 1U) << mapping.message;
  EXPECT_TRUE(mapping.problems.empty());
  EXPECT_EQ(mapping.records[0].status, Status::Suspended);
  for (const Outcome& outcome : mapping.records[0].outcomes) {
    EXPECT_FALSE(outcome.usable);
    EXPECT_FALSE(outcome.price);
  }
}

TEST_F(FeedTest, AnOpenMarketWithoutSelectionsIsAProblem) {
  EXPECT_FALSE(
      map(R"({"eventId":1930001,"type":194,"handicap":"0.00","status":"Open","selections":[]})")
          .problems.empty());
}

TEST_F(FeedTest, AnEventTellsItsStateButNotItsClock) {
  const auto state = [&](const std::string& time, const std::string& score) {
    const auto news =
        read_news(bookmaker, *feed,
                  {"EVENT_UPDATE",
                   R"({"id":1930001,"status":"Started","isPaused":false,"state":{"matchTime":")" +
                       time + R"(","matchScore":{"home":")" + score + R"(","away":"0"}}})"});
    EXPECT_TRUE(news) << news.error().text();
    EXPECT_EQ(news->kind, FeedNews::Kind::Event);
    return news->events.at(0).state;
  };
  EXPECT_EQ(state("10:00", "0"), state("10:05", "0"));
  EXPECT_NE(state("10:00", "0"), state("10:00", "1"));
}

TEST_F(FeedTest, WhatCannotBeReadSaysWhere) {
  EXPECT_EQ(read_news(bookmaker, *feed, {"SOMETHING_ELSE", "{}"})->kind, FeedNews::Kind::Other);
  for (const char* payload : {"{", "5", "{}", R"({"eventId":null})", R"({"eventId":"x"})"}) {
    const auto news = read_news(bookmaker, *feed, {"MARKET_UPDATE", payload});
    ASSERT_FALSE(news) << payload;
    EXPECT_THAT(news.error().text(), HasSubstr("MARKET_UPDATE"));
  }
}

TEST(FeedErrors, AreSaidWithLineKeyAndSuggestion) {
  const auto problems = [](const std::string& what, const std::string& with) {
    std::string text = delta_text();
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    text.replace(at, what.size(), with);
    const auto loaded = parse_bookmaker("X", "X/bookmaker.toml", text, bet_types());
    return loaded ? std::string("loaded") : all_text(loaded.error());
  };
  EXPECT_THAT(problems(R"(framing = ["socket_io"])", R"(framing = ["socket_oi"])"),
              HasSubstr("did you mean 'socket_io'"));
  EXPECT_THAT(problems("sport-{sport_id}", "sport-{sportid}"), HasSubstr("feeds.live.subscribe"));
  EXPECT_THAT(problems(R"(url = "wss://)", R"(url = "https://)"), HasSubstr("wss://"));
  EXPECT_THAT(problems("silence = \"30s\"", "silence = 30"), HasSubstr("feeds.live.silence"));
  EXPECT_THAT(problems("says = \"event\"", "says = \"events\""), HasSubstr("did you mean"));
  EXPECT_THAT(problems("look_when_changed", "look_when_change"), HasSubstr("look_when_change"));
}

}  // namespace
}  // namespace oddsloom::test
