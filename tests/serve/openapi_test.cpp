// The OpenAPI document describes what is really answered: every route, with and without everything
// that can be asked for, and errors.
#include <simdjson.h>

#include <cstdlib>

#include "serve/odds_fixture.h"
#include "support/temp_dir.h"

namespace oddsloom::test {
namespace {

class OpenapiTest : public OddsApiTest {
 protected:
  OpenapiTest() : with_past_(catalog_, history()) { with_past_.publish(board(matches_)); }

  std::shared_ptr<OddsHistory> history() {
    return std::make_shared<OddsHistory>(
        catalog_, [this](UtcMillis) -> Result<std::vector<MatchDocument>> {
          std::vector<MatchDocument> out;
          for (const auto& match : matches_)
            for (const BoardEvent& event : match->events)
              for (const BoardMarket& market : event.markets)
                out.push_back({"key", kNow, kNow, {{event.bookmaker, *market.record}}});
          return out;
        });
  }

  void add(const std::string& route, const std::string& target) {
    HttpAnswer answer = with_past_.answer(request(target));
    const WebResponse response = answer.later ? answer.later() : std::move(answer.response);
    ASSERT_TRUE(response.body) << target;
    lines_ += fmt::format(R"({{"route":"{}","status":{},"body":{}}})", route, response.status,
                          *response.body);
    lines_ += '\n';
  }

  OddsApi with_past_;
  std::string lines_;
};

TEST_F(OpenapiTest, EveryAnswerIsAsTheDocumentSays) {
  const std::string everything =
      "&include=status,age,links&includeLinks=true&includeSids=true&includeBetLimits=true"
      "&includeMultipliers=true&includeRotationNumbers=true";
  const std::string markets = "&markets=h2h,totals,spreads";
  const std::string event = "/v4/sports/soccer/events/" + kNextId;
  const std::string past = "/v4/historical/sports/soccer/";
  const std::string date = "&date=2031-05-07T12:00:00Z";
  // Of the past a match has the id of its own listing.
  const std::string past_event =
      past + "events/" + match_id_of({"BookieAlpha", Source::Upcoming, "a2"}) + "/odds?regions=ke";
  for (const std::string& more :
       {std::string(), everything, std::string("&dateFormat=unix&oddsFormat=american")}) {
    add("/v4/sports/{sport}/odds", "/v4/sports/upcoming/odds?regions=ke,ng" + markets + more);
    add("/v4/sports/{sport}/odds", "/v4/sports/upcoming/odds?regions=zz" + more);
    add("/v4/sports/{sport}/scores", "/v4/sports/soccer/scores?daysFrom=3" + more);
    add("/v4/sports/{sport}/scores", "/v4/sports/soccer/scores?daysFrom=9" + more);
    add("/v4/sports/{sport}/events", "/v4/sports/soccer/events?x=1" + more);
    add("/v4/sports/{sport}/events", "/v4/sports/upcoming/events?x=1" + more);
    add("/v4/sports/{sport}/events/{eventId}/odds",
        event + "/odds?regions=ke&markets=h2h,btts,double_chance,alternate_totals,h2h_h1" + more);
    add("/v4/sports/{sport}/events/{eventId}/odds", "/v4/sports/soccer/events/1/odds?regions=ke");
    add("/v4/sports/{sport}/events/{eventId}/markets", event + "/markets?regions=ke" + more);
    add("/v4/historical/sports/{sport}/odds", past + "odds?regions=ke" + markets + date + more);
    add("/v4/historical/sports/{sport}/odds", past + "odds?regions=ke" + more);
    add("/v4/sports/{sport}/odds-history",
        "/v4/sports/soccer/odds-history?regions=ke" + date + more);
    add("/v4/historical/sports/{sport}/events", past + "events?x=1" + date + more);
    add("/v4/historical/sports/{sport}/events/{eventId}/odds",
        past_event + "&markets=h2h,btts" + date + more);
  }
  add("/v4/sports", "/v4/sports?all=true");
  add("/v4/sports", "/v4/sports?all=no");
  add("/v4/sports/{sport}/participants", "/v4/sports/soccer/participants");
  add("/v4/sports/{sport}/participants", "/v4/sports/darts/participants");
  add("/v3/sports", "/v3/sports?all=0");
  add("/v3/odds", "/v3/odds?sport=soccer&region=ke,ng&mkt=h2h");
  add("/v3/odds", "/v3/odds?sport=soccer&region=ke&mkt=totals");
  add("/v3/odds", "/v3/odds?sport=soccer&region=ke&mkt=spreads");

  const TempDir dir;
  const std::string command = fmt::format(
      "python3 {}/tests/serve/openapi_check.py {} {}", ODDSLOOM_SOURCE_DIR,
      dir.write("openapi.json", body("/openapi.json")), dir.write("answers.jsonl", lines_));
  EXPECT_EQ(std::system(command.c_str()), 0);
}

// What a client would have to find out for itself.
TEST_F(OpenapiTest, EveryParameterThatIsReadIsDescribed) {
  const std::string text = body("/openapi.json");
  simdjson::dom::parser parser;
  const auto parameters = parser.parse(text)["components"]["parameters"].get_object().value();
  for (const char* name :
       {"regions", "bookmakers", "markets", "oddsFormat", "dateFormat", "eventIds",
        "commenceTimeFrom", "commenceTimeTo", "include", "daysFrom", "date", "all", "includeLinks",
        "includeSids", "includeBetLimits", "includeMultipliers", "includeRotationNumbers"})
    EXPECT_FALSE(parameters[name].error()) << name;
}

}  // namespace
}  // namespace oddsloom::test
