// The sites of BookieSigma and BookieOmega beside BookieDelta's, and what tells their listings of
// one world apart. That their answers say what the truth says is for tests/integration to show, by
// reading them with their folders.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <set>

#include "raw_client.h"
#include "sim/house.h"
#include "sim/simulator.h"

namespace oddsloom::sim {
namespace {

using testing::get;
using testing::Reply;

constexpr UtcMillis kNow{1'768'467'600'000};

class Houses : public ::testing::Test {
 protected:
  Houses() {
    config.world.epoch = kNow;
    config.clock = [] { return kNow; };
    simulator = std::move(*Simulator::start(config));
  }
  Reply ask(const std::string& target) { return get(simulator->port(), target); }
  std::int64_t first_id(const std::string& target, bool omega) {
    const Reply list = ask(target);
    const auto root = parser.parse(list.body).value();
    if (!omega) return root["result"]["events"].at(0)["eventId"].get_int64().value();
    const simdjson::dom::object games = root["data"]["game"].get_object().value();
    return std::stoll(std::string(games.begin().key()));
  }

  SimulatorConfig config;
  std::unique_ptr<Simulator> simulator;
  simdjson::dom::parser parser;
};

TEST_F(Houses, EachHasItsOwnPartOfTheServer) {
  EXPECT_EQ(simulator->base_url(House::BookieSigma), simulator->base_url() + "/BookieSigma");
  const Reply list = ask("/BookieSigma/feed/prematch/list?sport=soccer&page=1&size=20");
  EXPECT_EQ(list.status, 200);
  const auto result = parser.parse(list.body).value()["result"];
  EXPECT_EQ(result["events"].get_array().value().size(), 20U);
  EXPECT_TRUE(result["more"].get_bool().value());
  EXPECT_EQ(ask("/BookieOmega/api/live?sport=1").status, 200);
  EXPECT_EQ(ask("/BookieSigma/api/live?sport=1").status, 404);
  EXPECT_EQ(ask("/BookieSigma").status, 404);
  EXPECT_EQ(ask("/feed/prematch/list?sport=soccer").status, 404);
  EXPECT_EQ(ask("/sim/truth?bookmaker=BookieNobody").status, 404);
  EXPECT_NE(ask("/sim/truth?bookmaker=BookieOmega").body, ask("/sim/truth").body);
}

TEST_F(Houses, PagesHoldEachEventOnce) {
  std::set<std::int64_t> ids;
  std::size_t events = 0;
  bool more = true;
  for (int page = 1; more; ++page) {
    ASSERT_LT(page, 50);
    const Reply list =
        ask("/BookieSigma/feed/prematch/list?sport=soccer&size=30&page=" + std::to_string(page));
    const auto result = parser.parse(list.body).value()["result"];
    const simdjson::dom::array listed = result["events"].get_array().value();
    for (const auto event : listed) {
      ids.insert(event["eventId"].get_int64().value());
      ++events;
    }
    more = result["more"].get_bool().value();
  }
  EXPECT_GT(events, 100U);
  EXPECT_EQ(ids.size(), events);
  const Reply beyond = ask("/BookieSigma/feed/prematch/list?sport=soccer&size=30&page=999999999");
  EXPECT_EQ(beyond.status, 200);
}

TEST_F(Houses, TotalsHaveTheirLineInTheLabelOrInTheKey) {
  const std::string sigma = std::to_string(
      first_id("/BookieSigma/feed/prematch/list?sport=soccer&page=1&size=20", false));
  const std::string labels = ask("/BookieSigma/feed/prematch/odds?ids=" + sigma + "&types=18").body;
  EXPECT_NE(labels.find("\"label\":\"Over/Under 2.5\""), std::string::npos) << labels;
  EXPECT_EQ(labels.find("Match Result"), std::string::npos);
  const std::string omega = std::to_string(first_id("/BookieOmega/api/prematch?sport=1", true));
  const std::string keys =
      ask("/BookieOmega/api/prematch/odds?events=" + omega + "&markets=OU,P1XP2").body;
  EXPECT_NE(keys.find("\"OU@2.5\":{"), std::string::npos) << keys;
  EXPECT_NE(keys.find("\"P1XP2\":{"), std::string::npos);
  EXPECT_EQ(keys.find("BTTS"), std::string::npos);
}

TEST_F(Houses, TooManyIdsAndUnknownOnesAreAnsweredAsTheSitesDo) {
  std::string many;
  for (int i = 0; i < 41; ++i) many += std::to_string(i) + ",";
  EXPECT_EQ(ask("/BookieSigma/feed/live/odds?ids=" + many + "&types=1").status, 422);
  EXPECT_EQ(ask("/BookieOmega/api/live/odds?events=" + many + "&markets=OU").status, 422);
  EXPECT_EQ(ask("/BookieOmega/api/live/odds?events=1,2,400000000,-7&markets=OU").body,
            R"({"code":0,"data":{"game":{}}})");
  EXPECT_EQ(ask("/BookieSigma/feed/live/odds?ids=4,27600020&types=18").body,
            R"({"code":200,"result":{"events":[]}})");
}

TEST_F(Houses, FaultsBefallTheirEventsToo) {
  const std::int64_t id =
      first_id("/BookieSigma/feed/prematch/list?sport=soccer&page=1&size=20", false);
  const std::string target = "/BookieSigma/feed/prematch/odds?types=1&ids=" + std::to_string(id);
  EXPECT_NE(ask(target).body.find("betGroups"), std::string::npos);
  simulator->set_faults(*parse_faults("event:" + std::to_string(id) + "=drop*1"));
  EXPECT_EQ(ask(target).body, R"({"code":200,"result":{"events":[]}})");
  EXPECT_NE(ask(target).body.find("betGroups"), std::string::npos);
}

TEST_F(Houses, OneMatchHasOtherIdsNamesAndPrices) {
  const World world(config.world);
  double sigma_margins = 0, omega_margins = 0;
  std::size_t same = 0, missing = 0, traps = 0, silent = 0;
  for (const Event& event : world.upcoming(kNow)) {
    const auto delta = listing(House::BookieDelta, world, event, Source::Upcoming);
    const auto sigma = listing(House::BookieSigma, world, event, Source::Upcoming);
    const auto omega = listing(House::BookieOmega, world, event, Source::Upcoming);
    ASSERT_TRUE(delta);
    if (!sigma || !omega) {
      ++missing;
      continue;
    }
    EXPECT_NE(sigma->event_id, omega->event_id);
    EXPECT_EQ(sigma->match, delta->match);
    silent += sigma->betradar_id == 0 || omega->betradar_id == 0 ? 1 : 0;
    if (omega->match != delta->match) {
      ++traps;
      EXPECT_NE(omega->home, sigma->home);
      EXPECT_EQ(omega->kickoff, event.kickoff);
      continue;
    }
    ++same;
    const auto at_sigma = offers(House::BookieSigma, world, event, Source::Upcoming, kNow);
    const auto at_omega = offers(House::BookieOmega, world, event, Source::Upcoming, kNow);
    ASSERT_FALSE(at_sigma.empty());
    ASSERT_FALSE(at_omega.empty());
    const auto overround = [](const Offer& offer) {
      double sum = 0;
      for (int i = 0; i < offer.quote.count; ++i)
        sum += 100.0 / offer.quote.selections.at(static_cast<std::size_t>(i)).hundredths;
      return sum;
    };
    sigma_margins += overround(at_sigma.front());
    omega_margins += overround(at_omega.front());
  }
  EXPECT_GT(same, 100U);
  EXPECT_LT(sigma_margins + 0.02 * static_cast<double>(same), omega_margins);
  EXPECT_GT(missing, 20U);
  EXPECT_GT(traps, 2U);
  EXPECT_GT(silent, 10U);
}

TEST_F(Houses, AnEventIsFoundByTheIdItIsListedWith) {
  const World world(config.world);
  for (const House house : {House::BookieSigma, House::BookieOmega})
    for (const Source source : {Source::Live, Source::Upcoming})
      for (const Event& event :
           source == Source::Live ? world.in_play(kNow) : world.upcoming(kNow)) {
        const auto listed = listing(house, world, event, source);
        if (!listed) continue;
        const auto found = event_of(house, world, std::stoll(listed->event_id), source, kNow);
        ASSERT_TRUE(found) << to_string(house) << " " << listed->event_id;
        EXPECT_EQ(found->key, event.key);
        EXPECT_FALSE(event_of(house, world, std::stoll(listed->event_id) + 1, source, kNow));
      }
}

}  // namespace
}  // namespace oddsloom::sim
