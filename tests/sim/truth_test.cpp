// The truth against an independent reading of the answers, over a socket, with time frozen.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <map>
#include <tuple>

#include "base/text.h"
#include "raw_client.h"
#include "sim/simulator.h"

namespace oddsloom::sim {
namespace {

using simdjson::dom::element;
using testing::Reply;

constexpr UtcMillis kNow{1'768'467'600'000};

struct Price {
  std::string odds, status;
  bool usable = false;
  bool operator==(const Price&) const = default;
};
struct Market {
  std::int64_t period = 0;
  std::string sport, betradar, home, away, start, competition, status;
  std::map<std::string, Price> outcomes;
  bool operator==(const Market&) const = default;
};
using Key = std::tuple<std::string, std::string, std::string>;  // source, bet type, event
using Markets = std::map<Key, Market>;

std::string text(const element& at) { return std::string(std::string_view(at)); }
std::string number(const element& at) { return std::to_string(at.get_int64().value()); }

// Market ids by (live?, sport id), written out here again from the description of the site.
std::string bet_type(bool live, const std::string& sport, std::int64_t id) {
  static const std::map<std::tuple<bool, std::string, std::int64_t>, std::string> kTable{
      {{false, "1", 10}, "three_way"},       {{false, "1", 43}, "btts"},
      {{false, "1", 46}, "double_chance"},   {{false, "126", 381}, "three_way"},
      {{false, "126", 46}, "double_chance"}, {{false, "6", 10}, "three_way"},
      {{false, "12", 10}, "three_way"},      {{false, "12", 46}, "double_chance"},
      {{true, "1", 194}, "three_way"},       {{true, "1", 138}, "btts"},
      {{true, "1", 147}, "double_chance"},   {{true, "5", 186}, "three_way"},
      {{true, "8", 192}, "three_way"},       {{true, "8", 131}, "double_chance"}};
  const auto found = kTable.find({live, sport, id});
  return found == kTable.end() ? "" : found->second;
}

class Reader {
 public:
  explicit Reader(std::uint16_t port) : port_(port) {}

  Markets read_upcoming() {
    Markets markets;
    std::map<std::string, Market> listed;
    for (const std::string sport : {"1", "126", "6", "12", "5"}) {
      std::int64_t first = 1, total = 1;
      while (first <= total) {
        const Reply page = get("/api/upcoming/games?type=prematch&sportId=" + sport +
                               "&pag_count=50&pag_min=" + std::to_string(first));
        const auto range = split(page.headers.at("content-range"), '/');
        total = *parse_int(range[1]);
        first = *parse_int(split(range[0], '-')[1]) + 2;
        for (const element game : parse(page.body).get_array()) {
          Market market;
          const UtcMillis kickoff{game["dateTimestamp"].get_int64().value()};
          constexpr std::int64_t kDay = 86'400'000, kNairobi = 10'800'000;
          market.period = (kickoff.value + kNairobi) / kDay - (kNow.value + kNairobi) / kDay;
          market.sport = sport;
          market.betradar = number(game["betradarId"]);
          market.home = text(game["competitors"].at(0)["name"]);
          market.away = text(game["competitors"].at(1)["name"]);
          market.start = text(game["date"]);
          market.competition = text(game["competition"]["name"]);
          market.status = "open";
          if (market.period < 5) listed[number(game["id"])] = market;
        }
      }
    }
    for (const auto& [id, listing] : listed) {
      const element all = parse(get("/api/games/markets?markets=all&games=" + id).body);
      for (const element offered : all[id].get_array()) {
        const std::string kind = bet_type(false, listing.sport, offered["id"].get_int64().value());
        if (kind.empty()) continue;
        Market market = listing;
        for (const element s : offered["selections"].get_array()) {
          std::string outcome = text(s["shortName"]);
          if (kind == "btts") outcome = outcome == "Yes" ? "yes" : "no";
          market.outcomes[outcome] = {text(s["odds"]), "open", text(s["odds"]) > "1.00"};
        }
        markets[{"upcoming", kind, id}] = market;
      }
    }
    return markets;
  }

  Markets read_live() {
    Markets markets;
    for (const std::string sport : {"1", "4", "5", "8"}) {
      const Reply list = get("/api/live/sports/" + sport + "/events/started?limit=100");
      const std::string body = list.body;
      simdjson::dom::parser own;
      for (const element event : own.parse(body).value()["events"].get_array()) {
        Market listing;
        listing.sport = sport;
        listing.betradar = number(event["externalId"]);
        listing.home = text(event["competitors"].at(0)["name"]);
        listing.away = text(event["competitors"].at(1)["name"]);
        listing.start = text(event["kickoffTimeUTC"]);
        listing.start.replace(listing.start.size() - 1, 1, ".000Z");
        listing.competition = text(event["tournament"]["name"]);
        const std::string id = number(event["id"]);
        const element all = parse(get("/api/live/event/markets?eventId=" + id).body);
        for (const element answer : all["markets"].get_array())
          for (const element offered : answer["markets"].get_array())
            add(markets, listing, id, offered);
      }
    }
    return markets;
  }

 private:
  Reply get(const std::string& target) { return testing::get(port_, target); }
  element parse(const std::string& body) { return parser_.parse(body).value(); }

  static void add(Markets& markets, Market market, const std::string& id, const element& offered) {
    static const std::map<std::string, std::vector<std::string>> kOrder{
        {"three_way", {"1", "X", "2"}},
        {"btts", {"yes", "no"}},
        {"double_chance", {"1X", "X2", "12"}}};
    const std::string kind = bet_type(true, market.sport, offered["id"].get_int64().value());
    if (kind.empty()) return;
    const bool open = text(offered["status"]) == "Open";
    market.status = open ? "open" : "suspended";
    std::size_t at = 0;
    for (const element s : offered["selections"].get_array()) {
      const bool closed = text(s["status"]) == "Closed";
      market.outcomes[kOrder.at(kind).at(at++)] = {text(s["odds"]),
                                                   closed ? "closed"
                                                   : open ? "open"
                                                          : "suspended",
                                                   open && !closed && text(s["odds"]) > "1.00"};
    }
    markets[{"live", kind, id}] = market;
  }

  std::uint16_t port_;
  simdjson::dom::parser parser_;
};

Markets read_truth(const std::string& json) {
  simdjson::dom::parser parser;
  const element document = parser.parse(json).value();
  Markets markets;
  for (const element m : document["markets"].get_array()) {
    Market market{.period = m["period"].get_int64().value(),
                  .sport = text(m["sport_id"]),
                  .betradar = text(m["betradar_id"]),
                  .home = text(m["home"]),
                  .away = text(m["away"]),
                  .start = text(m["start_time"]),
                  .competition = text(m["competition"]),
                  .status = text(m["market_status"]),
                  .outcomes = {}};
    for (const auto [outcome, price] : m["outcomes"].get_object())
      market.outcomes[std::string(outcome)] = {text(price["price"]), text(price["status"]),
                                               price["usable"].get_bool().value()};
    EXPECT_TRUE(
        markets.emplace(Key{text(m["source"]), text(m["bet_type"]), text(m["event_id"])}, market)
            .second);
  }
  return markets;
}

TEST(Truth, AgreesWithAnIndependentReadingOfTheAnswers) {
  SimulatorConfig config;
  config.world.seed = 11;
  config.world.epoch = kNow;
  config.world.upcoming = 150;
  config.world.live = 40;
  config.world.suspended_share = 0.3;
  config.world.closed_share = 0.2;
  config.clock = [] { return kNow; };
  auto simulator = Simulator::start(config);
  ASSERT_TRUE(simulator) << simulator.error().text();
  (*simulator)->freeze();
  const Markets truth = read_truth((*simulator)->truth_json());
  Reader reader((*simulator)->port());
  Markets read = reader.read_upcoming();
  read.merge(reader.read_live());

  ASSERT_EQ(truth.size(), read.size());
  std::map<std::pair<std::string, std::string>, int> kinds;
  std::map<std::string, int> states;
  for (const auto& [key, market] : truth) {
    const auto found = read.find(key);
    ASSERT_NE(found, read.end()) << std::get<0>(key) << std::get<1>(key) << std::get<2>(key);
    EXPECT_EQ(market, found->second) << std::get<0>(key) << std::get<1>(key) << std::get<2>(key);
    ++kinds[{std::get<0>(key), std::get<1>(key)}];
    for (const auto& [outcome, price] : market.outcomes) ++states[price.status];
  }
  EXPECT_EQ(kinds.size(), 6U) << "both sources, three bet types";
  EXPECT_EQ(states.size(), 3U) << "open, suspended, closed";
}

}  // namespace
}  // namespace oddsloom::sim
