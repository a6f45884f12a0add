#include "discover/traffic.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "bookmaker/answers.h"
#include "discover/captured_reader.h"

namespace oddsloom::test {
namespace {

using Kind = TrafficReading::Kind;

constexpr UtcMillis kNow{1'786'289'400'000};  // 2026-08-09T15:30:00Z
constexpr std::string_view kSite = "https://www.ke.bookiedelta.com";

std::string on_site(std::string_view path) { return fmt::format("{}{}", kSite, path); }

const BetTypes& types() {
  static const BetTypes all = *load_bet_types(ODDSLOOM_SOURCE_DIR "/bookmakers/bet_types.toml");
  return all;
}

const Bookmaker& delta() {
  static const Bookmaker bookmaker =
      *load_bookmaker(ODDSLOOM_SOURCE_DIR "/bookmakers/BookieDelta", types());
  return bookmaker;
}

TrafficReader reader(std::optional<Source> only = std::nullopt, std::size_t most_events = 100) {
  return TrafficReader(delta(), types(),
                       {"", {"three_way", "btts", "double_chance"}, only, most_events});
}

Captured answer(const std::string& path, const std::string& body, int status = 200,
                UtcMillis at = kNow) {
  return {TrafficKind::Response, on_site(path), status, body, at};
}

std::string live_list(std::string_view id, std::string_view status = "Started") {
  return fmt::format(
      R"({{"events":[{{"id":{},"kickoffTimeUTC":"2026-08-09T15:00:00Z","sport":{{"id":1,"name":"Football"}},
        "tournament":{{"id":1,"name":"Cup"}},"competitors":[{{"id":1,"name":"Anvil Town"}},{{"id":2,"name":"Bellows FC"}}],
        "status":"{}"}}],"loadMore":false}})",
      id, status);
}

std::string live_market(std::string_view odds = "2.06") {
  return fmt::format(
      R"({{"id":194,"status":"Open","name":"1x2","specialValue":"0.00","sequence":0,"selections":[
        {{"id":1,"status":"Open","name":"Anvil Town","odds":"{}"}},{{"id":2,"status":"Open","name":"draw","odds":"3.10"}},
        {{"id":3,"status":"Open","name":"Bellows FC","odds":"4.20"}}]}})",
      odds);
}

std::string live_markets(std::string_view id) {
  return fmt::format(R"({{"markets":[{{"eventId":{},"markets":[{}]}}]}})", id, live_market());
}

constexpr const char* kListPath = "/api/live/sports/1/events?limit=15&offset=0";
constexpr const char* kMarketsPath = "/api/live/event/markets?eventId=1&type=194&sportId=1";

TEST(Traffic, WhatTheFolderDoesNotNameIsNotRead) {
  TrafficReader traffic = reader();
  EXPECT_FALSE(traffic.wants(TrafficKind::Response, on_site("/styles.css")));
  EXPECT_TRUE(traffic.wants(TrafficKind::Response, on_site(kMarketsPath)));
  EXPECT_FALSE(traffic.wants(TrafficKind::Response,
                             "https://elsewhere.example" + std::string(kMarketsPath)));
  EXPECT_FALSE(traffic.wants(TrafficKind::Frame, on_site(kMarketsPath)));
  EXPECT_EQ(traffic.read(answer("/styles.css", "{}")).kind, Kind::NotOurs);
  EXPECT_EQ(reader(Source::Upcoming).read(answer(kListPath, live_list("7"))).kind, Kind::NotOurs);
}

TEST(Traffic, AListTellsWhoseTheMarketsAre) {
  TrafficReader traffic = reader();
  const auto list = traffic.read(answer(kListPath, live_list("7")));
  EXPECT_EQ(list.kind, Kind::Read);
  EXPECT_EQ(list.events, 1U);
  const auto markets = traffic.read(answer(kMarketsPath, live_markets("7")));
  ASSERT_EQ(markets.records.size(), 1U) << markets.message;
  const Record& record = markets.records.front();
  EXPECT_EQ(record.bet_type, "three_way");
  EXPECT_EQ(record.home, "Anvil Town");
  EXPECT_EQ(record.competition, "Cup");
  EXPECT_EQ(record.sport_id, "1");
  ASSERT_TRUE(record.start_time);
  EXPECT_EQ(to_iso8601(*record.start_time), "2026-08-09T15:00:00.000Z");
  EXPECT_EQ(record.observed_at, kNow);
  EXPECT_EQ(record.outcomes.front().price, Price{2060});
  EXPECT_TRUE(markets.unknown.empty());
}

TEST(Traffic, AnEventThatNoListToldOfIsLeftToBeAskedFor) {
  TrafficReader traffic = reader();
  const auto markets = traffic.read(answer(kMarketsPath, live_markets("7")));
  EXPECT_TRUE(markets.records.empty());
  ASSERT_EQ(markets.unknown.size(), 1U);
  EXPECT_EQ(markets.unknown.front().event_id, "7");
  EXPECT_EQ(markets.unknown.front().sport_id, "1");
}

TEST(Traffic, DetailsSpeakForThemselvesAndSayWhatIsGone) {
  TrafficReader traffic = reader();
  const auto details = traffic.read(answer(
      "/api/live/events/7/details",
      fmt::format(
          R"({{"event":{{"id":7,"kickoffTimeUTC":"2026-08-09T15:00:00Z","sport":{{"id":1}},"competitors":[{{"name":"Anvil Town"}},{{"name":"Bellows FC"}}],"status":"Started"}},"markets":[{}]}})",
          live_market())));
  ASSERT_EQ(details.records.size(), 3U) << details.message;
  std::size_t offered = 0;
  for (const Record& record : details.records) offered += record.offered ? 1 : 0;
  EXPECT_EQ(offered, 1U);
}

TEST(Traffic, AnAnswerThatIsNotAboutAMarketDoesNotWithdrawIt) {
  TrafficReader traffic = reader();
  (void)traffic.read(answer(kListPath, live_list("7")));
  for (const Record& record : traffic.read(answer(kMarketsPath, live_markets("7"))).records)
    EXPECT_TRUE(record.offered);
}

TEST(Traffic, AnUpcomingListCarriesItsMainMarketAndItsDay) {
  TrafficReader traffic = reader();
  const auto list = traffic.read(answer(
      "/api/upcoming/games?type=prematch&sportId=1",
      fmt::format(
          R"([{{"id":9,"competition":{{"name":"Cup"}},"sport":{{"id":1}},"competitors":[{{"name":"Anvil Town"}},{{"name":"Bellows FC"}}],
            "dateTimestamp":{},"markets":[{}]}},
            {{"id":10,"competition":{{"name":"Cup"}},"sport":{{"id":1}},"competitors":[{{"name":"Far Town"}},{{"name":"Late FC"}}],
            "dateTimestamp":{},"markets":[{}]}}])",
          kNow.value + 86'400'000, upcoming_three_way("\"2.06\"", "\"3.10\"", "\"4.20\""),
          kNow.value + 9 * 86'400'000LL,
          upcoming_three_way("\"2.06\"", "\"3.10\"", "\"4.20\"", "Far Town", "Late FC"))));
  ASSERT_EQ(list.kind, Kind::Read) << list.message;
  EXPECT_EQ(list.events, 2U);
  ASSERT_EQ(list.records.size(), 1U);  // nine days ahead is beyond what is kept
  EXPECT_EQ(list.records.front().event_id, "9");
  EXPECT_EQ(list.records.front().period, 1);
}

TEST(Traffic, AChallengeIsBlockedAndNothingElse) {
  TrafficReader traffic = reader();
  const std::string page =
      "<!DOCTYPE html><html><head><title>Challenge Validation</title></head></html>";
  for (const char* path : {kListPath, kMarketsPath}) {
    const auto reading = traffic.read(answer(path, page));
    EXPECT_EQ(reading.kind, Kind::Blocked);
    EXPECT_NE(reading.message.find("challenge"), std::string::npos) << reading.message;
    EXPECT_TRUE(reading.records.empty());
  }
  EXPECT_EQ(traffic.read(answer(kListPath, "{}", 403)).kind, Kind::Blocked);
  EXPECT_TRUE(traffic.refusal(answer("/live", page)));
  EXPECT_TRUE(traffic.refusal(answer("/live", "<html></html>", 429)));
  EXPECT_FALSE(traffic.refusal(answer("/live", "<html><title>Live</title></html>")));
}

TEST(Traffic, UpdatesOfTheFeedAreReadByItsFraming) {
  TrafficReader traffic = reader();
  (void)traffic.read(answer(kListPath, live_list("7")));
  const auto frame = [&](const std::string& body) {
    return traffic.read(
        {TrafficKind::Frame,
         "wss://realtime-notificator.ke.bookiedelta.com/socket.io/?EIO=3&transport=websocket&sid=1",
         0, body, kNow});
  };
  const auto update = [&](std::string_view id, std::string_view selections) {
    return fmt::format(
        R"(42["MARKET_UPDATE",{{"eventId":{},"type":194,"handicap":"0.00","sequence":0,"status":"Open","name":"1x2","selections":[{}]}}])",
        id, selections);
  };
  const std::string all =
      R"({"id":1,"status":"Open","name":"Anvil Town","odds":"2.50"},{"id":2,"status":"Open","name":"draw","odds":"3.10"},{"id":3,"status":"Open","name":"Bellows FC","odds":"4.20"})";
  EXPECT_EQ(frame("3").kind, Kind::NotOurs);
  const auto whole = frame(update("7", all));
  ASSERT_EQ(whole.records.size(), 1U) << whole.message;
  EXPECT_EQ(whole.records.front().outcomes.front().price, Price{2500});
  EXPECT_EQ(whole.records.front().home, "Anvil Town");
  // Less than a market: somebody has to ask.
  const auto part = frame(update("7", all.substr(0, all.find("},") + 1)));
  EXPECT_TRUE(part.records.empty());
  ASSERT_EQ(part.unknown.size(), 1U);
  EXPECT_EQ(part.unknown.front().home, "Anvil Town");
  EXPECT_EQ(frame(update("8", all)).unknown.size(), 1U);
  EXPECT_EQ(frame("42[").kind, Kind::Useless);
  EXPECT_EQ(traffic
                .read({TrafficKind::Frame, "wss://elsewhere.example/socket.io/?EIO=3", 0,
                       update("7", all), kNow})
                .kind,
            Kind::NotOurs);
}

TEST(Traffic, WhatIsOfNoUseSaysWhy) {
  TrafficReader traffic = reader();
  EXPECT_EQ(traffic.read(answer(kMarketsPath, "", 502)).message, "HTTP 502");
  for (const char* body : {"<html><title>Back soon</title></html>", "{\"markets\":[{", "nonsense",
                           "{\"odd\":{\"shape\":1}}", "[]x"}) {
    const auto reading = traffic.read(answer(kMarketsPath, body));
    EXPECT_EQ(reading.kind, Kind::Useless) << body;
    EXPECT_FALSE(reading.message.empty()) << body;
  }
}

TEST(Traffic, WhatIsRememberedIsBounded) {
  TrafficReader traffic = reader(std::nullopt, 3);
  for (int id = 1; id <= 10; ++id)
    (void)traffic.read(answer(kListPath, live_list(std::to_string(id))));
  EXPECT_EQ(traffic.known_events(), 3U);
  EXPECT_EQ(traffic.read(answer(kMarketsPath, live_markets("10"))).records.size(), 1U);
  EXPECT_EQ(traffic.read(answer(kMarketsPath, live_markets("1"))).unknown.size(), 1U);
}

TEST(EventMemory, AListThatSaysLessTakesNothingAway) {
  EventMemory memory({"three_way"}, 10);
  WorkEntry full;
  full.event_id = "1";
  full.home = "Anvil Town";
  full.start_time = kNow;
  memory.learn(full);
  WorkEntry less;
  less.event_id = "1";
  less.away = "Bellows FC";
  memory.learn(less);
  ASSERT_TRUE(memory.find("1"));
  EXPECT_EQ(memory.find("1")->work.home, "Anvil Town");
  EXPECT_EQ(memory.find("1")->work.away, "Bellows FC");
  EXPECT_EQ(memory.find("1")->work.start_time, kNow);
  EXPECT_EQ(memory.size(), 1U);
}

// ---- lines and HAR files

std::string problem_of(const std::string& json) {
  const auto seen = parse_captured(json, kNow);
  return seen ? "read" : seen.error().text();
}

TEST(CapturedLines, AreRead) {
  const auto seen = parse_captured(
      R"({"url":"https://x/y","received_at":"2026-08-09T15:00:00Z","status":206,"body":"aGk=","encoding":"base64","tab":3})",
      kNow);
  ASSERT_TRUE(seen) << seen.error().text();
  EXPECT_EQ(seen->body, "hi");
  EXPECT_EQ(seen->status, 206);
  EXPECT_EQ(to_iso8601(seen->observed_at), "2026-08-09T15:00:00.000Z");
  EXPECT_EQ(parse_captured(
                R"({"url":"wss://x","kind":"frame","received_at":1786289000123,"body":""})", kNow)
                ->observed_at.value,
            1'786'289'000'123);
}

TEST(CapturedLines, EveryMistakeHasItsName) {
  EXPECT_EQ(problem_of("[]"), "expected an object");
  EXPECT_EQ(problem_of(R"({"received_at":1,"body":""})"), "url: is missing");
  EXPECT_EQ(problem_of(R"({"url":null})"), "url: is null");
  EXPECT_EQ(problem_of(R"({"url":"x","body":""})"), "received_at: is missing");
  EXPECT_EQ(problem_of(R"({"url":"x","received_at":true,"body":""})"),
            "received_at: expected ISO 8601 or epoch milliseconds");
  EXPECT_EQ(problem_of(R"({"url":"x","received_at":"2026-08-09T15:30:02Z","body":""})"),
            "received_at: 2026-08-09T15:30:02.000Z lies in the future");
  EXPECT_EQ(problem_of(R"({"url":"x","received_at":1786289000,"body":""})"),
            "received_at: 1970-01-21T16:11:29.000Z is before any of this; epoch times are "
            "milliseconds");
  EXPECT_EQ(problem_of(R"({"url":"x","received_at":1786289000000})"), "body: is missing");
  EXPECT_EQ(problem_of(R"({"url":"x","received_at":1786289000000,"body":{}})"),
            "body: expected a text");
  EXPECT_EQ(problem_of(R"({"url":"x","received_at":1786289000000,"body":"x","status":9})"),
            "status: 9 is no HTTP status");
  EXPECT_EQ(problem_of(R"({"url":"x","received_at":1786289000000,"body":"x","kind":"page"})"),
            "kind: expected response or frame, found 'page'");
  EXPECT_EQ(problem_of(R"({"url":"x","received_at":1786289000000,"body":"x","encoding":"gzip"})"),
            "encoding: 'gzip'; only base64 is known");
}

TEST(HarFiles, AnswersAndReceivedFramesAreGiven) {
  const std::string har = R"({"log":{"entries":[
    {"startedDateTime":"2026-08-09T15:00:00.000Z","time":250.5,"request":{"url":"https://x/1"},
     "response":{"status":200,"content":{"text":"one"}}},
    {"startedDateTime":"2026-08-09T15:00:00.000Z","time":1,"request":{"url":"https://x/2"},"response":{"status":200,"content":{"size":9}}},
    {"startedDateTime":"2026-08-09T15:00:00.000Z","time":1,"_fromCache":"disk","request":{"url":"https://x/3"},"response":{"status":200,"content":{"text":"old"}}},
    {"startedDateTime":"2026-08-09T19:00:00.000Z","time":1,"request":{"url":"https://x/4"},"response":{"status":200,"content":{"text":"x"}}},
    {"startedDateTime":"2026-08-09T15:00:00.000Z","time":1,"request":{"url":"wss://x/5"},"response":{"status":101,"content":{}},
     "_webSocketMessages":[{"type":"send","time":1786289000.5,"opcode":1,"data":"out"},{"type":"receive","time":1786289000.5,"opcode":1,"data":"in"}]}
  ]}})";
  ASSERT_TRUE(looks_like_har(har));
  std::vector<Captured> seen;
  const auto report = read_har(har, kNow, [&](Captured one) -> Result<void> {
    seen.push_back(std::move(one));
    return {};
  });
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->entries, 5U);
  EXPECT_EQ(report->without_body, 3U);
  ASSERT_EQ(report->problems.size(), 1U);
  EXPECT_EQ(report->problems.front().text(),
            "log.entries[3]: startedDateTime: 2026-08-09T19:00:00.000Z lies in the future");
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(to_iso8601(seen[0].observed_at), "2026-08-09T15:00:00.000Z"  // when it was asked for
  );
  EXPECT_EQ(seen[1].body, "in");
  EXPECT_EQ(seen[1].kind, TrafficKind::Frame);
}

TEST(HarFiles, SomethingElseIsSaidToBeNone) {
  EXPECT_FALSE(looks_like_har(R"({"url":"x"})"));
  const auto report = read_har("{}", kNow, [](const Captured&) -> Result<void> { return {}; });
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().text(), "log.entries: is missing: this is no HAR file");
}

}  // namespace
}  // namespace oddsloom::test
