// What every route says, byte for byte, of the board in odds_fixture.h.
#include "serve/odds_fixture.h"

namespace oddsloom::test {
namespace {

const std::string kLive =
    R"({"id":"0123456789abcdef0123456789abcdef","sport_key":"soccer_kenya_premier_league",)"
    R"("sport_title":"Kenya: Premier League","commence_time":"2031-05-07T11:30:00Z",)"
    R"("home_team":"Gor Mahia","away_team":"AFC Leopards")";
const std::string kNext =
    R"({"id":"11112222333344445555666677778888","sport_key":"soccer_kenya_premier_league",)"
    R"("sport_title":"Kenya: Premier League","commence_time":"2031-05-07T13:00:00Z",)"
    R"("home_team":"Arsenal","away_team":"Chelsea")";
const std::string kHandball =
    R"({"id":"99998888777766665555444433332222","sport_key":"handball","sport_title":"Handball",)"
    R"("commence_time":"2031-05-07T14:00:00Z","home_team":"Kiel","away_team":"Aalborg")";
const std::string kSeen = R"("last_update":"2031-05-07T11:59:58Z")";

TEST_F(OddsApiTest, SportsAreWholeOnesAndCompetitions) {
  const std::string active =
      R"([{"key":"handball","group":"Handball","title":"Handball","description":)"
      R"("Handball, all competitions","active":true,"has_outrights":false},)";
  const std::string soccer =
      R"({"key":"soccer","group":"Soccer","title":"Soccer","description":)"
      R"("Soccer, all competitions","active":true,"has_outrights":false},)"
      R"({"key":"soccer_kenya_premier_league","group":"Soccer","title":"Kenya: Premier League",)"
      R"("description":"Soccer, Kenya: Premier League","active":true,"has_outrights":false}])";
  EXPECT_EQ(body("/v4/sports"), active + soccer);
  EXPECT_EQ(body("/v4/sports/?all=false"), active + soccer);
  EXPECT_EQ(body("/v4/sports?all=1"),
            active +
                R"({"key":"rugby","group":"Rugby","title":"Rugby","description":)"
                R"("Rugby, all competitions","active":false,"has_outrights":false},)" +
                soccer);
  EXPECT_EQ(get("/v4/sports").cost, 0);
}

TEST_F(OddsApiTest, OddsAreLiveFirstByStartWithWhatOneCouldBetAt) {
  const std::string expected =
      "[" + kLive + R"(,"bookmakers":[{"key":"bookiealpha","title":"Bookie Alpha",)" + kSeen +
      R"(,"markets":[{"key":"h2h",)" + kSeen +
      R"(,"outcomes":[{"name":"Gor Mahia","price":2.1},{"name":"Draw","price":3},)"
      R"({"name":"AFC Leopards","price":3.925}]}]},)"
      R"({"key":"bookiebeta","title":"Bookie Beta",)" +
      kSeen + R"(,"markets":[{"key":"h2h",)" + kSeen +
      R"(,"outcomes":[{"name":"Gor Mahia","price":2.05},{"name":"AFC Leopards","price":4}]}]}]},)" +
      kNext + R"(,"bookmakers":[{"key":"bookiealpha","title":"Bookie Alpha",)" + kSeen +
      R"(,"markets":[{"key":"h2h",)" + kSeen +
      R"(,"outcomes":[{"name":"Arsenal","price":1.5},{"name":"Draw","price":4},)"
      R"({"name":"Chelsea","price":6.5}]}]}]}])";
  EXPECT_EQ(body("/v4/sports/soccer/odds?regions=ke,ng"), expected);
  EXPECT_EQ(body("/v4/sports/soccer/odds/?bookmakers=bookiebeta,bookiealpha&regions=zz"), expected);
  EXPECT_EQ(get("/v4/sports/soccer/odds?regions=ke,ng").cost, 2);
  EXPECT_EQ(get("/v4/sports/soccer/odds?regions=ke,ng&markets=h2h,totals").cost, 4);
  EXPECT_EQ(get("/v4/sports/soccer/odds?bookmakers=bookiebeta,bookiealpha").cost, 1);
}

TEST_F(OddsApiTest, UpcomingIsEverySport) {
  const std::string all = body("/v4/sports/upcoming/odds?regions=ng");
  EXPECT_LT(all.find(kLive), all.find(kNext));
  EXPECT_LT(all.find(kNext), all.find(kHandball));
  EXPECT_NE(all.find(R"({"name":"Kiel","price":1.65},{"name":"Aalborg","price":2.15})"),
            std::string::npos);
}

TEST_F(OddsApiTest, FeaturedLinesAreTheMostBalancedAlternateOnesAll) {
  const std::string odds = body("/v4/sports/soccer/odds?regions=ke&markets=totals,spreads");
  EXPECT_NE(odds.find(R"({"key":"totals",)" + kSeen +
                      R"(,"outcomes":[{"name":"Over","price":1.85,"point":2.5},)"
                      R"({"name":"Under","price":1.9,"point":2.5}]},{"key":"spreads",)" +
                      kSeen +
                      R"(,"outcomes":[{"name":"Arsenal","price":1.9,"point":-1},)"
                      R"({"name":"Chelsea","price":1.95,"point":1}]})"),
            std::string::npos)
      << odds;
  const std::string path = "/v4/sports/soccer/events/" + kNextId + "/odds";
  const std::string event = body(path + "?regions=ke&markets=alternate_totals");
  EXPECT_NE(event.find(R"([{"name":"Over","price":1.3,"point":1.5},)"
                       R"({"name":"Under","price":3.4,"point":1.5},)"
                       R"({"name":"Over","price":1.85,"point":2.5},)"
                       R"({"name":"Under","price":1.9,"point":2.5},)"
                       R"({"name":"Over","price":3,"point":3.5},)"
                       R"({"name":"Under","price":1.35,"point":3.5}])"),
            std::string::npos)
      << event;
}

TEST_F(OddsApiTest, EventOddsKnowEveryMarketAndChargeForThoseReturned) {
  const std::string path = "/v4/sports/soccer_kenya_premier_league/events/" + kNextId + "/odds";
  const auto market = [](const std::string& key, const std::string& outcomes) {
    return R"({"key":")" + key + R"(",)" + kSeen + R"(,"outcomes":[)" + outcomes + "]}";
  };
  EXPECT_EQ(
      body(path +
           "/?regions=ke&markets=btts,double_chance,draw_no_bet,h2h_h1,odd_even,team_totals"),
      kNext + R"(,"bookmakers":[{"key":"bookiealpha","title":"Bookie Alpha","markets":[)" +
          market("btts", R"({"name":"Yes","price":1.8},{"name":"No","price":1.95})") + "," +
          market("double_chance",
                 R"({"name":"Arsenal or Draw","price":1.1},{"name":"Arsenal or Chelsea",)"
                 R"("price":1.22},{"name":"Draw or Chelsea","price":2.48})") +
          "," +
          market("draw_no_bet", R"({"name":"Arsenal","price":1.14},{"name":"Chelsea","price":5})") +
          "," +
          market("h2h_h1", R"({"name":"Arsenal","price":2},{"name":"Draw","price":2.2},)"
                           R"({"name":"Chelsea","price":7})") +
          "," + market("odd_even", R"({"name":"Odd","price":1.9},{"name":"Even","price":1.9})") +
          "]}]}");
  EXPECT_EQ(get(path + "?regions=ke,ng&markets=btts,team_totals,player_assists").cost, 2);
}

TEST_F(OddsApiTest, EventMarketsNameThoseWithAPrice) {
  const std::string path = "/v4/sports/soccer/events/" + kNextId + "/markets?regions=ke";
  std::string markets;
  for (const char* key :
       {"h2h", "spreads", "totals", "h2h_3_way", "btts", "double_chance", "draw_no_bet",
        "alternate_spreads", "alternate_totals", "odd_even", "h2h_h1", "h2h_3_way_h1"})
    markets += fmt::format(R"({}{{"key":"{}",{}}})", markets.empty() ? "" : ",", key, kSeen);
  EXPECT_EQ(body(path),
            kNext + R"(,"bookmakers":[{"key":"bookiealpha","title":"Bookie Alpha","markets":[)" +
                markets + "]}]}");
  EXPECT_EQ(get(path).cost, 1);
}

TEST_F(OddsApiTest, EventsScoresAndParticipants) {
  EXPECT_EQ(body("/v4/sports/soccer/events"), "[" + kLive + "}," + kNext + "}]");
  EXPECT_EQ(get("/v4/sports/soccer/events").cost, 0);
  const std::string score = R"(,"completed":false,"scores":null,"last_update":null})";
  EXPECT_EQ(body("/v4/sports/soccer/scores/"), "[" + kLive + score + "," + kNext + score + "]");
  EXPECT_EQ(get("/v4/sports/soccer/scores").cost, 1);
  EXPECT_EQ(get("/v4/sports/soccer/scores?daysFrom=3").cost, 2);
  const std::string teams = body("/v4/sports/handball/participants");
  EXPECT_TRUE(teams.starts_with(R"([{"id":"par_)")) << teams;
  EXPECT_NE(teams.find(R"("full_name":"Aalborg"})"), std::string::npos);
  EXPECT_LT(teams.find("Aalborg"), teams.find("Kiel"));
}

TEST_F(OddsApiTest, WhatIsOverIsToldByScoresOfThoseDaysOnly) {
  const Fixture played{"Gor Mahia", "AFC Leopards", "", "1", kNow - Millis(7'200'000)};
  api_.publish(board({match(catalog_, kLiveId,
                            {listing("BookieAlpha", Source::Live, "a1", played,
                                     {market("btts", {{{"yes", 1'800}, {"no", 1'950}}})})})}));
  EXPECT_EQ(body("/v4/sports/soccer/events"), "[]");
  EXPECT_EQ(body("/v4/sports/soccer/scores"), "[]");
  EXPECT_NE(body("/v4/sports/soccer/scores?daysFrom=1").find(R"("completed":true)"),
            std::string::npos);
  EXPECT_EQ(body("/v4/sports/soccer/odds?regions=ke"), "[]");
  EXPECT_EQ(get("/v4/sports/soccer/odds?regions=ke").cost, 0);
  EXPECT_EQ(get("/v4/sports/soccer/events/" + kLiveId + "/odds?regions=ke").status, 404);
}

TEST_F(OddsApiTest, UnixTimesAndAmericanPrices) {
  const std::string odds = body(
      "/v4/sports/soccer/odds?regions=ke&dateFormat=unix&oddsFormat=american&eventIds=" + kNextId);
  EXPECT_NE(odds.find(R"("commence_time":1935925200)"), std::string::npos) << odds;
  EXPECT_NE(odds.find(R"("last_update":1935921598)"), std::string::npos);
  EXPECT_NE(odds.find(R"({"name":"Arsenal","price":-200},{"name":"Draw","price":300},)"
                      R"({"name":"Chelsea","price":550})"),
            std::string::npos);
}

TEST_F(OddsApiTest, FiltersById) {
  EXPECT_EQ(body("/v4/sports/soccer/events?eventIds=" + kNextId), "[" + kNext + "}]");
  EXPECT_EQ(body("/v4/sports/handball/events?eventIds=" + kNextId), "[]");
}

TEST_F(OddsApiTest, FiltersByKickOffBothEndsIncluded) {
  const std::string events = "/v4/sports/soccer/events?commenceTimeFrom=";
  EXPECT_EQ(body(events + "2031-05-07T13:00:00Z"), "[" + kNext + "}]");
  EXPECT_EQ(body(events + "2031-05-07T13:00:01Z"), "[]");
  EXPECT_EQ(body("/v4/sports/soccer/events?commenceTimeTo=2031-05-07T11:30:00Z"),
            "[" + kLive + "}]");
  EXPECT_EQ(body("/v4/sports/soccer/events?commenceTimeTo=2031-05-07T11:29:59Z"), "[]");
}

TEST_F(OddsApiTest, IncludeTellsStatusAgeAndLinks) {
  const std::string odds = body(
      "/v4/sports/soccer/odds?bookmakers=bookiebeta&include=status,age,links&eventIds=" + kLiveId);
  EXPECT_EQ(odds,
            "[" + kLive +
                R"(,"live":true,"event_status":"live","links":[{"bookmaker":"BookieAlpha",)"
                R"("source":"live","event_id":"a1","method":null,"score":null},)"
                R"({"bookmaker":"BookieBeta","source":"live","event_id":"b1",)"
                R"("method":"betradar","score":1}],"bookmakers":[{"key":"bookiebeta",)"
                R"("title":"Bookie Beta",)" +
                kSeen + R"(,"markets":[{"key":"h2h",)" + kSeen +
                R"(,"suspended":false,"outcomes":[{"name":"Gor Mahia","price":2.05,"active":true,)"
                R"("age_ms":2000},{"name":"Draw","active":false,"age_ms":2000},)"
                R"({"name":"AFC Leopards","price":4,"active":true,"age_ms":2000}]}]}]}])");
}

TEST_F(OddsApiTest, IncludeSidsLinksLimitsAndRotationAddMembers) {
  const std::string odds = body(
      "/v4/sports/soccer/odds?bookmakers=bookiebeta&includeSids=true&includeLinks=1&"
      "includeBetLimits=true&includeRotationNumbers=true&eventIds=" +
      kLiveId);
  EXPECT_NE(odds.find(R"("home_rotation":null,"away_rotation":null,"bookmakers":)"),
            std::string::npos);
  EXPECT_NE(odds.find(R"("link":null,"sid":"b1","markets":)"), std::string::npos) << odds;
  EXPECT_NE(
      odds.find(R"({"name":"Gor Mahia","price":2.05,"link":null,"sid":"s-1","bet_limit":null})"),
      std::string::npos);
}

TEST_F(OddsApiTest, TheOldClientsTwoRoutes) {
  EXPECT_TRUE(
      body("/v3/sports?all=0").starts_with(R"({"success":true,"data":[{"key":"handball",)"));
  EXPECT_EQ(body("/v3/odds?sport=handball&region=ng&mkt=h2h"),
            R"({"success":true,"data":[{"id":"99998888777766665555444433332222",)"
            R"("sport_key":"handball","sport_nice":"Handball","teams":["Kiel","Aalborg"],)"
            R"("commence_time":1935928800,"home_team":"Kiel","sites":[{"site_key":"bookiebeta",)"
            R"("site_nice":"Bookie Beta","last_update":1935921598,"odds":{"h2h":[1.65,2.15]}}],)"
            R"("sites_count":1}]})");
  const std::string totals = body("/v3/odds?sport=soccer&region=ke&mkt=totals");
  EXPECT_NE(totals.find(R"("totals":{"odds":[1.85,1.9],"points":[2.5,2.5],)"
                        R"("position":["over","under"]})"),
            std::string::npos)
      << totals;
}

TEST(OddsPrices, DecimalWithoutNoise) {
  EXPECT_EQ(decimal_text(Price{2'100}), "2.1");
  EXPECT_EQ(decimal_text(Price{3'000}), "3");
  EXPECT_EQ(decimal_text(Price{1'925}), "1.925");
  EXPECT_EQ(decimal_text(Price{1'001}), "1.001");
  EXPECT_EQ(decimal_text(Price{100'000'000}), "100000");
}

TEST(OddsPrices, AmericanAsTheUsualTableSays) {
  const std::pair<std::int32_t, std::int64_t> kTable[] = {
      {2'000, 100},  {1'001, -100'000}, {1'010, -10'000},  {1'100, -1'000},
      {1'200, -500}, {1'250, -400},     {1'333, -300},     {1'500, -200},
      {1'667, -150}, {1'909, -110},     {1'952, -105},     {1'999, -100},
      {2'100, 110},  {2'105, 111},      {2'104, 110},      {2'500, 150},
      {3'000, 200},  {6'500, 550},      {101'000, 10'000}, {100'000'000, 9'999'900}};
  for (const auto& [decimal, expected] : kTable)
    EXPECT_EQ(american(Price{decimal}), expected) << decimal;
}

TEST(OddsPrices, TheMainLineIsTheMostBalancedTheLowerOneOfEquals) {
  const auto line = [](std::int32_t at, std::int32_t over, std::int32_t under) {
    return market("totals", {{{"over", over}, {"under", under}}}, kNow, Line{at});
  };
  const BoardMarket low = line(1'500, 1'900, 1'900), mid = line(2'500, 1'950, 1'950),
                    odd = line(3'500, 1'800, 2'000), half = line(4'500, 1'900, 0);
  EXPECT_EQ(main_line({&low, &mid, &odd}), &low);
  EXPECT_EQ(main_line({&odd, &mid}), &mid);
  EXPECT_EQ(main_line({&half}), nullptr);  // one price of two is no line to stand for the market
}

}  // namespace
}  // namespace oddsloom::test
