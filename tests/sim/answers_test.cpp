// The answers against the shapes of the real site, without a server.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "sim/bookiedelta.h"

namespace oddsloom::sim {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr UtcMillis kNow{1'768'467'600'000};

WorldConfig config() {
  WorldConfig config;
  config.seed = 3;
  config.epoch = kNow;
  return config;
}

std::vector<std::string> keys(const object& from) {
  std::vector<std::string> names;
  for (const auto field : from) names.emplace_back(field.key);
  return names;
}

bool is_odds(std::string_view text) {
  const std::size_t dot = text.find('.');
  return dot != std::string_view::npos && dot > 0 && text.size() == dot + 3 &&
         parse_int(text.substr(0, dot)) && parse_int(text.substr(dot + 1));
}

std::string join(const std::vector<std::int64_t>& ids) {
  std::string text;
  for (const std::int64_t id : ids) text += (text.empty() ? "" : ",") + std::to_string(id);
  return text;
}

class Answers : public ::testing::Test {
 protected:
  Response ask(std::string_view target) { return site_.answer(parse_target(target), kNow); }
  element parse(const std::string& body) {
    element document;
    EXPECT_EQ(parser_.parse(body).get(document), simdjson::SUCCESS) << body.substr(0, 200);
    return document;
  }
  std::vector<std::int64_t> games(Sport sport, std::size_t count) const {
    std::vector<std::int64_t> ids;
    for (const Event& event : world_.upcoming(kNow))
      if (event.sport == sport && ids.size() < count) ids.push_back(event.game_id);
    return ids;
  }
  std::vector<std::int64_t> live(Sport sport, std::size_t count) const {
    std::vector<std::int64_t> ids;
    for (const Event& event : world_.in_play(kNow))
      if (event.sport == sport && ids.size() < count) ids.push_back(event.live_id);
    return ids;
  }

  World world_{config()};
  BookieDelta site_{world_, {}};
  BookieDelta old_site_{world_, {.old_live_generation = true}};
  simdjson::dom::parser parser_;
};

TEST_F(Answers, UpcomingListHasTheElementsOfTheRealOne) {
  const Response response =
      ask("/api/upcoming/games?type=prematch&sportId=1&section=upcoming&markets_layout=single&"
          "o=leagues&pag_count=15&pag_min=1");
  EXPECT_EQ(response.status, 206);
  ASSERT_EQ(response.headers.size(), 1U);
  EXPECT_TRUE(response.headers[0].second.starts_with("0-14/")) << response.headers[0].second;
  const array list = parse(response.body);
  ASSERT_EQ(list.size(), 15U);
  for (const element game : list) {
    EXPECT_EQ(keys(game), (std::vector<std::string>{"id", "betgeniusId", "betradarId", "smsId",
                                                    "hasCustomBet", "competition", "country",
                                                    "sport", "competitors", "dateTimestamp", "date",
                                                    "state", "marketsCount", "markets"}));
    EXPECT_EQ(keys(game["country"]), (std::vector<std::string>{"id", "name", "iso"}));
    EXPECT_EQ(game["competitors"].get_array().size(), 2U);
    const UtcMillis kickoff{game["dateTimestamp"].get_int64().value()};
    EXPECT_EQ(std::string_view(game["date"]), to_iso8601(kickoff));
    ASSERT_EQ(game["markets"].get_array().size(), 1U);
    const element market = game["markets"].at(0);
    EXPECT_EQ(keys(market),
              (std::vector<std::string>{"id", "name", "columns", "columnsApp", "selections"}));
    EXPECT_EQ(market["id"].get_int64().value(), 10);
    for (const element selection : market["selections"].get_array()) {
      EXPECT_EQ(keys(selection),
                (std::vector<std::string>{"id", "name", "odds", "shortName", "specValue"}));
      EXPECT_GT(selection["id"].get_int64().value(), std::int64_t{INT32_MAX});
      EXPECT_TRUE(is_odds(selection["odds"]));
    }
    EXPECT_EQ(std::string_view(market["selections"].at(0)["name"]),
              std::string_view(game["competitors"].at(0)["name"]));
  }
}

TEST_F(Answers, PagingByContentRangeShowsEveryGameOnce) {
  for (const std::string sport : {"1", "126", "6", "12", "5"}) {
    std::set<std::int64_t> seen;
    std::int64_t first = 1;
    std::int64_t total = 1;
    int pages = 0;
    while (first <= total && pages < 200) {
      const Response page = ask("/api/upcoming/games?sportId=" + sport +
                                "&pag_count=15&pag_min=" + std::to_string(first));
      const auto parts = split(page.headers.at(0).second, '/');
      total = *parse_int(parts[1]);
      const std::int64_t last = *parse_int(split(parts[0], '-')[1]);
      for (const element game : parse(page.body).get_array())
        EXPECT_TRUE(seen.insert(game["id"].get_int64().value()).second);
      first = last + 2;
      ++pages;
    }
    std::set<std::int64_t> expected;
    for (const Event& event : world_.upcoming(kNow))
      if (std::to_string(sport_info(event.sport).prematch_id) == sport)
        expected.insert(event.game_id);
    EXPECT_EQ(seen, expected) << "sport " << sport;
  }
}

TEST_F(Answers, APagePastTheEndIsEmptyAndEndsAPoller) {
  const Response page = ask("/api/upcoming/games?sportId=1&pag_count=15&pag_min=100000");
  EXPECT_EQ(page.body, "[]");
  EXPECT_EQ(page.status, 206);
  const auto parts = split(page.headers.at(0).second, '/');
  EXPECT_GE(*parse_int(split(parts[0], '-')[1]) + 1, *parse_int(parts[1]));
}

TEST_F(Answers, GameIdAndLeagueIdFilter) {
  const std::string id = std::to_string(games(Sport::Football, 1).at(0));
  const Response one = ask("/api/upcoming/games?gameId=" + id + "&sportId=1&section=markets");
  EXPECT_EQ(one.headers.at(0).second, "0-0/1");
  const element game = parse(one.body).at(0);
  const std::int64_t league = game["competition"]["id"].get_int64().value();
  EXPECT_EQ(std::to_string(game["id"].get_int64().value()), id);
  EXPECT_EQ(ask("/api/upcoming/games?gameId=" + id + "&sportId=2").body, "[]");
  const Response of_league =
      ask("/api/upcoming/games?sportId=1&leagueId=" + std::to_string(league));
  const array list = parse(of_league.body);
  EXPECT_GT(list.size(), 1U);
  for (const element other : list)
    EXPECT_EQ(other["competition"]["id"].get_int64().value(), league);
}

TEST_F(Answers, TodayMeansTodayInNairobi) {
  const array list = parse(ask("/api/todays/1/games?pag_count=100&pag_min=1").body);
  EXPECT_GT(list.size(), 0U);
  for (const element game : list)
    EXPECT_EQ(World::day_index({game["dateTimestamp"].get_int64().value()}, kNow), 0);
}

TEST_F(Answers, HighlightsUseSecondsAndCarryNoMarkets) {
  const array list = parse(ask("/api/highlights/1").body);
  ASSERT_EQ(list.size(), 50U);
  const element game = list.at(0);
  EXPECT_EQ(keys(game), (std::vector<std::string>{"id", "smsId", "betradarId", "dateTimestamp",
                                                  "date", "marketsCount", "competition", "country",
                                                  "sport", "competitors", "markets"}));
  EXPECT_LT(game["dateTimestamp"].get_int64().value(), 10'000'000'000);
  EXPECT_TRUE(std::string_view(game["date"]).ends_with("+00:00"));
  EXPECT_TRUE(game["country"]["iso_name"].is_null());
  EXPECT_EQ(game["markets"].get_array().size(), 0U);
  EXPECT_EQ(ask("/api/highlights/77").body, "[]");
}

TEST_F(Answers, GameMarketsAreKeyedByIdAscendingWithoutTheUnknown) {
  auto ids = games(Sport::Football, 10);
  std::reverse(ids.begin(), ids.end());
  ids.push_back(5);
  const Response response = ask("/api/games/markets?games=" + join(ids) + "&markets=10,43,46");
  EXPECT_EQ(response.status, 200);
  const object all = parse(response.body);
  EXPECT_EQ(all.size(), 10U);
  std::int64_t before = 0;
  std::set<std::int64_t> kinds;
  for (const auto [key, markets] : all) {
    EXPECT_GT(*parse_int(key), before);
    before = *parse_int(key);
    for (const element market : markets.get_array()) {
      EXPECT_EQ(keys(market), (std::vector<std::string>{"id", "specValue", "name", "order",
                                                        "columns", "columnsApp", "selections"}));
      kinds.insert(market["id"].get_int64().value());
    }
  }
  EXPECT_EQ(kinds, (std::set<std::int64_t>{10, 43, 46}));
}

TEST_F(Answers, AMarketCanBeAskedForByLine) {
  const std::string id = std::to_string(games(Sport::Football, 1).at(0));
  const element some = parse(ask("/api/games/markets?games=" + id + "&markets=52-2.5,55--1").body);
  const array markets = some[id];
  ASSERT_EQ(markets.size(), 2U);
  EXPECT_EQ(markets.at(0)["specValue"].get_double().value(), 2.5);
  EXPECT_EQ(markets.at(1)["specValue"].get_int64().value(), -1);
}

TEST_F(Answers, TheWholeBookIsLargeAndItsLinesAreUnique) {
  WorldConfig full = config();
  full.extra_markets = 1000;
  const World world(full);
  BookieDelta site(world, {});
  const std::string id = std::to_string(games(Sport::Football, 1).at(0));
  const auto target = parse_target("/api/games/markets?markets=all&games=" + id);
  EXPECT_GT(site.answer(target, kNow).body.size(), 55'000U);
  EXPECT_GT(ask("/api/games/markets?markets=all&games=" + id).body.size(), 12'000U);
  std::set<std::pair<std::int64_t, double>> lines;
  std::set<std::int64_t> selections;
  for (const element market : parse(site.answer(target, kNow).body)[id].get_array()) {
    double line = 0;
    ASSERT_EQ(market["specValue"].get_double().get(line), simdjson::SUCCESS);
    EXPECT_TRUE(lines.emplace(market["id"].get_int64().value(), line).second);
    for (const element selection : market["selections"].get_array())
      EXPECT_TRUE(selections.insert(selection["id"].get_int64().value()).second);
  }
}

TEST_F(Answers, TooManyIdsAre422) {
  std::vector<std::int64_t> ids = games(Sport::Football, 51);
  ASSERT_EQ(ids.size(), 51U);
  EXPECT_EQ(ask("/api/games/markets?markets=10&games=" + join(ids)).status, 422);
  ids.pop_back();
  EXPECT_EQ(ask("/api/games/markets?markets=10&games=" + join(ids)).status, 200);
  std::vector<std::int64_t> sixteen;
  for (const Event& event : world_.in_play(kNow))
    if (sixteen.size() < 16) sixteen.push_back(event.live_id);
  EXPECT_EQ(ask("/api/live/event/markets?type=194&eventId=" + join(sixteen)).status, 422);
}

TEST_F(Answers, EfootballHasItsOwnThreeWayMarket) {
  const std::string id = std::to_string(games(Sport::Efootball, 1).at(0));
  const element all = parse(ask("/api/games/markets?games=" + id + "&markets=10,43,381").body);
  const array markets = all[id];
  ASSERT_EQ(markets.size(), 1U);
  EXPECT_EQ(markets.at(0)["id"].get_int64().value(), 381);
}

TEST_F(Answers, LiveListStartsWithEventsInPlayAndPagesToTheEnd) {
  std::set<std::int64_t> seen;
  bool more = true;
  bool not_started_yet = false;
  for (int offset = 0; more && offset < 300; offset += 15) {
    const element page =
        parse(ask("/api/live/sports/1/events?limit=15&offset=" + std::to_string(offset)).body);
    for (const element event : page["events"].get_array()) {
      EXPECT_EQ(keys(event),
                (std::vector<std::string>{"id", "legacyId", "externalId", "marketCount",
                                          "kickoffTimeUTC", "sport", "country", "tournament",
                                          "competitors", "status", "state", "isPaused"}));
      EXPECT_TRUE(seen.insert(event["id"].get_int64().value()).second);
      if (std::string_view(event["status"]) == "NotStarted") {
        not_started_yet = true;
        EXPECT_TRUE(event["state"].is_null());
        EXPECT_EQ(event["marketCount"].get_int64().value(), 0);
      } else {
        EXPECT_FALSE(not_started_yet) << "in play after announced";
        EXPECT_EQ(keys(event["state"]),
                  (std::vector<std::string>{"currentEventPhase", "periodStartTime", "matchTime",
                                            "matchScore", "score", "subScore", "currentServer",
                                            "extra"}));
      }
    }
    more = page["loadMore"].get_bool().value();
  }
  EXPECT_FALSE(more);
  EXPECT_TRUE(not_started_yet);
  const element started = parse(ask("/api/live/sports/1/events/started?limit=100").body);
  EXPECT_EQ(started["events"].get_array().size(), live(Sport::Football, 1000).size());
}

TEST_F(Answers, LiveSportsCountWhatIsInPlay) {
  for (const element sport : parse(ask("/api/live/sports").body)["sports"].get_array()) {
    const SportInfo* info = sport_by_live_id(static_cast<int>(sport["id"].get_int64().value()));
    ASSERT_NE(info, nullptr);
    EXPECT_EQ(sport["eventNumber"].get_uint64().value(), live(info->sport, 1000).size());
  }
}

TEST_F(Answers, LiveMarketsAreNestedUnderTheirEvent) {
  const auto ids = live(Sport::Football, 15);
  const element all = parse(ask("/api/live/event/markets?sportId=1&type=194%230%230,147%230%230"
                                "&eventId=" +
                                join(ids))
                                .body);
  std::set<std::int64_t> kinds;
  for (const element event : all["markets"].get_array()) {
    EXPECT_EQ(keys(event), (std::vector<std::string>{"eventId", "markets"}));
    for (const element market : event["markets"].get_array()) {
      kinds.insert(market["id"].get_int64().value());
      EXPECT_EQ(keys(market), (std::vector<std::string>{"id", "status", "name", "shortName",
                                                        "specialValue", "sequence", "eventMarketId",
                                                        "template", "position", "selections"}));
      EXPECT_EQ(std::string_view(market["specialValue"]), "0.00");
      for (const element selection : market["selections"].get_array()) {
        EXPECT_EQ(keys(selection), (std::vector<std::string>{"id", "status", "name", "odds"}));
        EXPECT_TRUE(is_odds(selection["odds"]));
      }
    }
  }
  EXPECT_EQ(kinds, (std::set<std::int64_t>{147, 194}));
}

TEST_F(Answers, EventsWithoutTheMarketAreMissing) {
  for (UtcMillis now = kNow; now < kNow + Millis(8 * 3'600'000); now = now + Millis(300'000)) {
    for (const Event& event : world_.in_play(now)) {
      if (!event.cup || !world_.state(event, now).phase->three_way_gone) continue;
      const std::string id = std::to_string(event.live_id);
      const auto body = [&](const std::string& type) {
        return site_.answer(parse_target("/api/live/event/markets?eventId=" + id + type), now).body;
      };
      EXPECT_EQ(body("&type=194"), R"({"markets":[]})");
      EXPECT_GT(body("").size(), 200U);
      return;
    }
  }
  FAIL() << "no cup tie reached extra time";
}

TEST_F(Answers, RugbyAndHandballLiveHaveTheirOwnMarkets) {
  const auto market_ids = [&](Sport sport) {
    std::set<std::int64_t> ids;
    const element all = parse(ask("/api/live/event/markets?eventId=" + join(live(sport, 15))).body);
    for (const element event : all["markets"].get_array())
      for (const element market : event["markets"].get_array())
        ids.insert(market["id"].get_int64().value());
    return ids;
  };
  EXPECT_TRUE(market_ids(Sport::Rugby).contains(192));
  EXPECT_TRUE(market_ids(Sport::Rugby).contains(131));
  EXPECT_TRUE(market_ids(Sport::Handball).contains(186));
  EXPECT_FALSE(market_ids(Sport::Tennis).contains(194));
}

TEST_F(Answers, DetailsHoldEventAndBookAnd404WhenEnded) {
  const Event event = world_.in_play(kNow).front();
  const std::string path = "/api/live/events/" + std::to_string(event.live_id) + "/details";
  const element details = parse(ask(path).body);
  EXPECT_EQ(details["event"]["externalId"].get_int64().value(), event.betradar_id);
  EXPECT_EQ(details["event"]["marketCount"].get_int64().value(), 0);
  EXPECT_GT(details["markets"].get_array().size(), 0U);
  EXPECT_EQ(site_.answer(parse_target(path), event.end).status, 404);
  EXPECT_EQ(ask("/api/live/events/3/details").status, 404);
}

TEST_F(Answers, OlderGenerationIsFlatAndNamesOutcomesByToken) {
  const auto ids = live(Sport::Football, 15);
  const Response response = old_site_.answer(
      parse_target("/api/live/event/markets?type=194,147,138&eventId=" + join(ids)), kNow);
  std::set<std::string> names;
  for (const element market : parse(response.body)["markets"].get_array()) {
    EXPECT_EQ(keys(market), (std::vector<std::string>{"eventId", "id", "name", "sequence", "status",
                                                      "handicap", "selections"}));
    names.emplace(std::string_view(market["name"]));
    if (market["id"].get_int64().value() != 147) continue;
    EXPECT_EQ(std::string_view(market["selections"].at(0)["name"]), "1 or X");
  }
  EXPECT_EQ(names, (std::set<std::string>{"Match Result", "Double Chance", "Both Teams To Score"}));
}

TEST_F(Answers, DefinitionsCarryNoPricesAndComeAsHtmlType) {
  const Response response = ask("/api/default/markets");
  EXPECT_TRUE(response.content_type.starts_with("text/html"));
  EXPECT_EQ(parse(response.body).get_array().size(), std::size_t{kSports});
  EXPECT_EQ(response.body.find("odds"), std::string::npos);
  EXPECT_GT(parse(ask("/api/live/default/markets?sportId=1").body).get_array().size(), 2U);
}

TEST_F(Answers, StrangeRequestsDoNoHarm) {
  for (const char* target :
       {"/", "", "/api/games/markets", "/api/games/markets?games=,,x,&markets=-,52-,a#b",
        "/api/live/event/markets?eventId=%zz&type=%23%23", "/api/live/sports/99/events?limit=-4",
        "/api/live/sports/9999999999999/events", "/api/upcoming/games?pag_min=-1&pag_count=0",
        "/api/todays/x/games", "/api/live/events//details", "?", "/api/highlights/"})
    EXPECT_GE(ask(target).status, 200) << target;
}

TEST_F(Answers, SelectionIdsStayWhileAnEventIsListed) {
  const auto playing = world_.in_play(kNow);
  const auto league_match = std::find_if(playing.begin(), playing.end(), [](const Event& event) {
    return event.sport == Sport::Football && !event.cup;  // a cup tie may lose its 1x2
  });
  ASSERT_NE(league_match, playing.end());
  const std::string id = std::to_string(league_match->live_id);
  const auto first_selection = [&](UtcMillis at) {
    const Response response =
        site_.answer(parse_target("/api/live/event/markets?type=194&eventId=" + id), at);
    return parse(response.body)["markets"]
        .at(0)["markets"]
        .at(0)["selections"]
        .at(0)["id"]
        .get_int64()
        .value();
  };
  EXPECT_EQ(first_selection(kNow), first_selection(kNow + Millis(60'000)));
}

}  // namespace
}  // namespace oddsloom::sim
