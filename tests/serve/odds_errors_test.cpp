// Every wrong request has its own code, whatever else is asked; and no request is answered with
// anything but JSON.
#include <simdjson.h>

#include <random>

#include "serve/odds_fixture.h"

namespace oddsloom::test {
namespace {

struct Wrong {
  int status;
  std::string code, target;
};

const std::string kEvent = "/v4/sports/soccer/events/" + kNextId;
const std::string kOdds = "/v4/sports/soccer/odds?regions=ke&";

const std::vector<Wrong>& wrong_requests() {
  static const std::vector<Wrong> kWrong{
      {404, "NOT_FOUND", "/v4/sport"},
      {404, "NOT_FOUND", "/v4/sports/soccer/odds/more"},
      {404, "UNKNOWN_SPORT", "/v4/sports/socer/odds?regions=ke"},
      {404, "UNKNOWN_SPORT", "/v4/sports//odds?regions=ke"},
      {404, "UNKNOWN_SPORT", "/v4/sports/chess/participants"},
      {404, "UNKNOWN_SPORT", "/v3/odds?region=ke"},
      {422, "INVALID_SPORT", "/v4/sports/upcoming/scores"},
      {422, "INVALID_SPORT", "/v4/sports/upcoming/events"},
      {404, "EVENT_NOT_FOUND", "/v4/sports/handball/events/" + kNextId + "/odds?regions=ke"},
      {404, "EVENT_NOT_FOUND",
       "/v4/sports/soccer/events/00000000000000000000000000000000/odds?regions=ke"},
      {422, "INVALID_EVENT_ID", "/v4/sports/soccer/events/77/odds?regions=ke"},
      {422, "INVALID_EVENT_ID",
       "/v4/sports/soccer/events/0123456789ABCDEF0123456789ABCDEF/markets?regions=ke"},
      {422, "MISSING_REGION", "/v4/sports/soccer/odds"},
      {422, "MISSING_REGION", kEvent + "/odds?regions=,"},
      {422, "MISSING_REGION", kEvent + "/markets"},
      {422, "INVALID_REGION", "/v4/sports/soccer/odds?regions=us,xx"},
      {422, "INVALID_BOOKMAKERS", "/v4/sports/soccer/odds?bookmakers=bookiealpha,pinnacle"},
      {422, "MISSING_MARKET", kOdds + "markets="},
      {422, "INVALID_MARKET", kOdds + "markets=h2h,nonsense"},
      {422, "INVALID_MARKET", kOdds + "markets=btts"},
      {422, "INVALID_MARKET", kOdds + "markets=h2h_h1"},
      {422, "INVALID_MARKET", kEvent + "/odds?regions=ke&markets=h2h_h9"},
      {422, "INVALID_MARKET_COMBO", kOdds + "markets=h2h,outrights"},
      {422, "INVALID_DATE_FORMAT", kOdds + "dateFormat=rfc"},
      {422, "INVALID_ODDS_FORMAT", kOdds + "oddsFormat=fractional"},
      {422, "INVALID_ALL_SPORTS_PARAM", "/v4/sports?all=maybe"},
      {422, "INVALID_ALL_SPORTS_PARAM", "/v3/sports?all="},
      {422, "INVALID_SCORES_DAYS_FROM", "/v4/sports/soccer/scores?daysFrom=0"},
      {422, "INVALID_SCORES_DAYS_FROM", "/v4/sports/soccer/scores?daysFrom=4"},
      {422, "INVALID_SCORES_DAYS_FROM", "/v4/sports/soccer/scores?daysFrom=2.5"},
      {422, "INVALID_EVENT_IDS", kOdds + "eventIds=" + kNextId + ",12"},
      {422, "INVALID_COMMENCE_TIME_FROM", kOdds + "commenceTimeFrom=2031-05-07"},
      {422, "INVALID_COMMENCE_TIME_TO", kOdds + "commenceTimeTo=2031-05-07T10:00:00"},
      {422, "INVALID_COMMENCE_TIME_RANGE",
       kOdds + "commenceTimeFrom=2031-05-07T10:00:01Z&commenceTimeTo=2031-05-07T10:00:00Z"},
      {422, "INVALID_INCLUDE_LINKS", kOdds + "includeLinks=yes"},
      {422, "INVALID_INCLUDE_SIDS", kOdds + "includeSids=yes"},
      {422, "INVALID_INCLUDE_BET_LIMITS", kOdds + "includeBetLimits=yes"},
      {422, "INVALID_INCLUDE_MULTIPLIERS", kOdds + "includeMultipliers=yes"},
      {422, "INVALID_INCLUDE_ROTATION_NUMBERS", kOdds + "includeRotationNumbers=yes"},
      {422, "INVALID_INCLUDE", kOdds + "include=weather"},
  };
  return kWrong;
}

std::string code_in(const WebResponse& response) {
  simdjson::dom::parser parser;
  return std::string(parser.parse(*response.body)["error_code"].get_string().value());
}

TEST_F(OddsApiTest, EveryWrongRequestHasItsCode) {
  for (const Wrong& wrong : wrong_requests()) {
    const WebResponse response = get(wrong.target);
    EXPECT_EQ(response.status, wrong.status) << wrong.target;
    ASSERT_TRUE(response.body) << wrong.target;
    EXPECT_EQ(code_in(response), wrong.code) << wrong.target;
    EXPECT_EQ(response.cost, 0) << wrong.target;
  }
}

TEST_F(OddsApiTest, ErrorsSayWhatWasProbablyMeant) {
  EXPECT_NE(body("/v4/sports/socer/odds?regions=ke").find("did you mean 'soccer'"),
            std::string::npos);
  EXPECT_NE(body("/v4/sports/soccer/odds?bookmakers=bookealpha").find("bookiealpha"),
            std::string::npos);
  EXPECT_NE(body("/v4/sports/soccer/odds?regions=xx").find("INVALID_REGION"), std::string::npos);
}

TEST_F(OddsApiTest, TheNineRegionsOfTheOriginalAreKnownAndEmpty) {
  const WebResponse response =
      get("/v4/sports/soccer/odds?regions=us,us2,us_dfs,us_ex,uk,eu,fr,se,au");
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body->find(R"("bookmakers":[])"), std::string::npos);
  EXPECT_EQ(response.cost, 9);
}

TEST_F(OddsApiTest, MarketsWithoutDataAreEmptyNotWrong) {
  for (const char* market : {"h2h_lay", "outrights", "outrights_lay"})
    EXPECT_EQ(get(kOdds + "markets=" + market).status, 200) << market;
  for (const char* market :
       {"team_totals", "player_points", "totals_q1", "alternate_totals_corners"})
    EXPECT_EQ(get(kEvent + "/odds?regions=ke&markets=" + market).cost, 0) << market;
}

TEST(OddsApiStart, BeforeTheFirstBoardItSaysToComeBack) {
  const Catalog catalog = odds_catalog();
  OddsApi api(catalog);
  const WebResponse response = api.answer(request("/v4/sports")).response;
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(code_in(response), "UNAVAILABLE");
}

TEST_F(OddsApiTest, WithoutAHistoryThereIsNone) {
  EXPECT_EQ(get("/v4/historical/sports/soccer/odds?regions=ke&date=2031-05-07T12:00:00Z").status,
            404);
}

// Any mixture of parameters, right and wrong ones: an answer, in JSON, that says the same twice.
TEST_F(OddsApiTest, AnyParametersAreAnsweredWithJson) {
  std::mt19937 random(20260809);
  const auto any = [&](const std::vector<std::string>& of) {
    return of[std::uniform_int_distribution<std::size_t>(0, of.size() - 1)(random)];
  };
  const std::vector<std::string> paths{"/v4/sports",
                                       "/v4/sports/",
                                       "/v4/sports/soccer/odds",
                                       "/v4/sports/upcoming/odds/",
                                       "/v4/sports/soccer/scores",
                                       "/v4/sports/soccer/events",
                                       kEvent + "/odds",
                                       kEvent + "/markets/",
                                       "/v4/sports/handball/participants",
                                       "/v3/sports",
                                       "/v3/odds",
                                       "/v4/sports//odds",
                                       "/v4//",
                                       "/v4/sports/%/odds",
                                       "/v4/sports/soccer/events//odds"};
  const std::vector<std::string> names{"regions",
                                       "bookmakers",
                                       "markets",
                                       "oddsFormat",
                                       "dateFormat",
                                       "eventIds",
                                       "commenceTimeFrom",
                                       "commenceTimeTo",
                                       "include",
                                       "includeSids",
                                       "daysFrom",
                                       "all",
                                       "sport",
                                       "region",
                                       "mkt",
                                       "",
                                       "date"};
  const std::vector<std::string> values{"ke",
                                        "ng,ke",
                                        "bookiealpha",
                                        "h2h",
                                        "totals,spreads,h2h",
                                        "alternate_totals,btts,h2h_h1",
                                        "american",
                                        "decimal",
                                        "unix",
                                        "iso",
                                        kNextId,
                                        kNextId + "," + kLiveId,
                                        "true",
                                        "0",
                                        "3",
                                        "2031-05-07T13:00:00Z",
                                        "2031-05-07T13:00:00+03:00",
                                        "status,age,links",
                                        "",
                                        ",,,",
                                        "\xff",
                                        "\"",
                                        "soccer",
                                        "99999999999999999999",
                                        std::string(5'000, 'a'),
                                        "a\nb",
                                        "-1"};
  simdjson::dom::parser parser;
  std::size_t answered = 0;
  for (int i = 0; i < 5'000; ++i) {
    WebRequest asked = request(any(paths));
    const int parameters = std::uniform_int_distribution<int>(0, 6)(random);
    for (int k = 0; k < parameters; ++k) asked.query.emplace_back(any(names), any(values));
    const WebResponse first = api_.answer(asked).response;
    ASSERT_TRUE(first.body);
    ASSERT_FALSE(parser.parse(*first.body).error()) << *first.body;
    ASSERT_TRUE(first.status == 200 || first.status == 404 || first.status == 422);
    ASSERT_EQ(*api_.answer(asked).response.body, *first.body);
    if (first.status == 200) ++answered;
  }
  EXPECT_GT(answered, 500U);
}

}  // namespace
}  // namespace oddsloom::test
