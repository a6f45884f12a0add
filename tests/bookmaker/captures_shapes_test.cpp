// Real answers of the shapes that BookieSigma and BookieOmega are made after, where somebody has
// them: ODDSLOOM_CAPTURES names the folder. What is to be found is counted by walking the JSON by
// hand, not by the interpreter.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "folder.h"

namespace oddsloom::test {
namespace {

namespace sj = simdjson::dom;

constexpr std::string_view kHead = R"(
base_url = "https://other.example"
time_zone = "UTC"
freshness = { live = "5s", upcoming = "60s" }
[endpoints.odds]
source = "upcoming"
url = "/odds?ids={event_ids}"
missing_event = "gone"
)";

Bookmaker declared(std::string_view rest) {
  auto loaded = parse_bookmaker("Other", "other", std::string(kHead).append(rest), bet_types());
  if (!loaded) throw std::runtime_error(all_text(loaded.error()));
  return *std::move(loaded);
}

std::string capture(const std::string& file) {
  const char* folder = std::getenv("ODDSLOOM_CAPTURES");
  if (!folder) return {};
  std::ifstream in(std::string(folder) + "/" + file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string price_of(sj::element price) {
  return to_text(*parse_price(fmt::format("{}", price.get_double().value())));
}

// Games, markets and events are objects whose keys are ids; a market says its line.
TEST(CapturedShapes, DictionariesKeyedById) {
  const std::string body = capture("starcasino/swarm_games_2021-03.json");
  if (body.empty()) GTEST_SKIP() << "ODDSLOOM_CAPTURES names no folder with it";
  const Bookmaker bookmaker = declared(R"(
[sports.football]
upcoming = { id = 1, markets = { three_way = "P1XP2", btts = "BothTeamsToScore", totals = "OverUnder" } }
[readings.market]
market = { id = "type", line = "base", selections = "event{*}" }
selection = { id = "@selection_key", name = "type", odds = "price" }
outcomes.three_way = { by = ["name"], names = { P1 = "1", X = "X", P2 = "2" } }
outcomes.btts = { by = ["name"], names = { Yes = "yes", No = "no" } }
outcomes.totals = { by = ["name"], names = { Over = "over", Under = "under" } }
[forms.games]
source = "upcoming"
root = "list"
events = "@root[*]"
event_id = "id"
markets = "market{*}"
reading = "market"
)");
  const MappingContext context{Source::Upcoming, kNow, nullptr, true, {"three_way", "totals"}, "1"};
  const Mapping mapping = map_answer(bookmaker, bet_types(), context, body);
  ASSERT_EQ(mapping.kind, AnswerKind::Good) << mapping.message;
  EXPECT_TRUE(mapping.problems.empty()) << all_text(mapping.problems);
  std::map<std::string, std::string> expected, found;  // selection id: price
  sj::parser parser;
  const sj::array games = parser.parse(body).value().get_array().value();
  for (const sj::element game : games) {
    const sj::object markets = game["market"].get_object().value();
    for (const auto [id, market] : markets) {
      const std::string_view type = market["type"].get_string().value();
      if (type != "P1XP2" && type != "OverUnder") continue;
      const sj::object events = market["event"].get_object().value();
      for (const auto [key, event] : events) expected[std::string(key)] = price_of(event["price"]);
    }
  }
  for (const Record& record : mapping.records) {
    EXPECT_EQ(record.line.has_value(), record.bet_type == "totals");
    for (const Outcome& outcome : record.outcomes)
      found[outcome.selection_id] = outcome.price ? to_text(*outcome.price) : "none";
  }
  EXPECT_GT(found.size(), 300U);
  EXPECT_EQ(found, expected);
}

// Prices are integers: 132 is 1.32.
TEST(CapturedShapes, IntegerPrices) {
  const std::string body = capture("ladbrokes-be/event_2021-05.json");
  if (body.empty()) GTEST_SKIP() << "ODDSLOOM_CAPTURES names no folder with it";
  const Bookmaker bookmaker = declared(R"(
[sports.football]
upcoming = { id = 1, markets = { three_way = 24, btts = 1550 } }
[readings.group]
market = { id = "betId", selections = "oddGroupList[0].oddList[*]" }
selection = { id = "oddId", name = "boxTitle", odds = "oddValue | shift 2" }
outcomes.three_way = { by = ["name"], names = { "1" = "1", X = "X", "2" = "2" } }
outcomes.btts = { by = ["name"], names = { YES = "yes", NO = "no" } }
[forms.event]
source = "upcoming"
root = "object"
events = "result"
event_id = "eventInfo.programBetradarInfo.matchId"
markets = "betGroupList[*]"
reading = "group"
)");
  const MappingContext context{Source::Upcoming, kNow, nullptr, true, {"three_way", "btts"}, "1"};
  const Mapping mapping = map_answer(bookmaker, bet_types(), context, body);
  ASSERT_EQ(mapping.records.size(), 2U) << mapping.message << all_text(mapping.problems);
  EXPECT_EQ(said(record_of(mapping, "three_way")), "1=1.32 X=4.85 2=9.30");
  EXPECT_EQ(said(record_of(mapping, "btts")), "yes=2.15 no=1.62");
}

}  // namespace
}  // namespace oddsloom::test
