// Real answers through the real program: a replay server hands out recorded traffic, the binary
// fetches and stores it. The captures are no part of this repository; without ODDSLOOM_CAPTURES
// this suite is skipped.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <filesystem>
#include <map>
#include <set>

#include "sim/replay.h"
#include "support/pipeline.h"
#include "support/program.h"

namespace oddsloom {
namespace {

namespace dom = simdjson::dom;
using test::Pipeline;

// What the files say, read without any of the program's own reading.
struct Recorded {
  struct Seen {
    std::string odds;
    bool usable = false;
    auto operator<=>(const Seen&) const = default;
  };
  // (source, event, bet type) -> selection id -> every odds text and usability recorded for it
  std::map<std::tuple<Source, std::string, std::string>, std::map<std::string, std::set<Seen>>>
      markets;
  std::map<std::pair<Source, std::string>, std::string> sport_of;  // event -> the source's sport id
};

struct Sport {
  std::string upcoming_id, live_id;
  std::map<std::int64_t, std::string> upcoming, live;  // market id -> bet type
};

const std::map<std::string, Sport>& sports() {
  static const std::map<std::string, Sport> all{
      {"football",
       {"1",
        "1",
        {{10, "three_way"}, {43, "btts"}, {46, "double_chance"}},
        {{194, "three_way"}, {138, "btts"}, {147, "double_chance"}}}},
      {"efootball", {"126", "", {{381, "three_way"}, {46, "double_chance"}}, {}}},
      {"handball", {"6", "5", {{10, "three_way"}}, {{186, "three_way"}}}},
      {"rugby",
       {"12",
        "8",
        {{10, "three_way"}, {46, "double_chance"}},
        {{192, "three_way"}, {131, "double_chance"}}}},
      {"icehockey", {"4", "", {{10, "three_way"}}, {}}},
  };
  return all;
}

std::string number(dom::element element) { return std::to_string(element.get_int64().value()); }

void read_market(Recorded& out, Source source, const std::string& event, const Sport& sport,
                 dom::element market) {
  const auto& types = source == Source::Live ? sport.live : sport.upcoming;
  const auto type = types.find(market["id"].get_int64().value());
  if (type == types.end()) return;
  std::string_view status;
  const bool market_open = market["status"].get(status) != simdjson::SUCCESS || status == "Open";
  const dom::array selections = market["selections"].get_array().value();
  for (const dom::element selection : selections) {
    const bool open = selection["status"].get(status) != simdjson::SUCCESS || status == "Open";
    const std::string odds(selection["odds"].get_string().value());
    out.markets[{source, event, type->second}][number(selection["id"])].insert(
        {odds, market_open && open && std::stod(odds) > 1.0});
  }
  out.sport_of[{source, event}] = source == Source::Live ? sport.live_id : sport.upcoming_id;
}

Recorded read_recordings(const std::filesystem::path& folder) {
  Recorded out;
  dom::parser parser;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const std::string name = file.path().filename().string();
    const auto sport = std::find_if(sports().begin(), sports().end(), [&](const auto& known) {
      return name.find("__" + known.first + "__") != std::string::npos;
    });
    if (file.path().extension() != ".json" || sport == sports().end()) continue;
    const dom::element root = parser.load(file.path().string()).value();
    if (name.rfind("prematch-markets", 0) == 0) {
      const dom::object games = root.get_object().value();
      for (const auto [id, markets] : games) {
        const dom::array all = markets.get_array().value();
        for (const dom::element market : all)
          read_market(out, Source::Upcoming, std::string(id), sport->second, market);
      }
    } else if (name.rfind("live-event-markets", 0) == 0) {
      const dom::array events = root["markets"].get_array().value();
      for (const dom::element event : events) {
        const dom::array all = event["markets"].get_array().value();
        for (const dom::element market : all)
          read_market(out, Source::Live, number(event["eventId"]), sport->second, market);
      }
    } else if (name.rfind("live-event-details", 0) == 0) {
      const dom::array all = root["markets"].get_array().value();
      for (const dom::element market : all)
        read_market(out, Source::Live, number(root["event"]["id"]), sport->second, market);
    } else if (name.rfind("prematch-list", 0) == 0) {
      const dom::array games = root.get_array().value();
      for (const dom::element game : games) {
        const dom::array all = game["markets"].get_array().value();
        for (const dom::element market : all)
          read_market(out, Source::Upcoming, number(game["id"]), sport->second, market);
      }
    }
  }
  return out;
}

TEST(Captures, EveryUsablePriceArrivesInTheStoreAndNoUnusableOneDoes) {
  const char* captures = std::getenv("ODDSLOOM_CAPTURES");
  if (!captures) GTEST_SKIP() << "ODDSLOOM_CAPTURES names no folder of captured answers";
  const std::filesystem::path folder = std::filesystem::path(captures) / "bookiedelta";
  const Recorded recorded = read_recordings(folder);
  auto replay = Pipeline::must(sim::Replay::start(folder));
  std::set<std::pair<Source, std::string>> answered;  // ids the replay has market answers for
  for (const std::int64_t id : replay->ids().games_with_markets)
    answered.insert({Source::Upcoming, std::to_string(id)});
  for (const auto& ids : {replay->ids().live_with_markets, replay->ids().live_with_details})
    for (const std::int64_t id : ids) answered.insert({Source::Live, std::to_string(id)});

  Pipeline pipeline;
  for (const Source source : {Source::Upcoming, Source::Live}) {
    const std::string name(to_string(source));
    const std::vector<std::string> where{"--store", "sqlite:" + pipeline.dir.file("odds.db"),
                                         "--base-url", replay->base_url()};
    const auto run = [&](std::vector<std::string> arguments) {
      arguments.insert(arguments.end(), where.begin(), where.end());
      const auto done = test::run_program(arguments, {{{"ODDSLOOM_EXTRACT_RETRY_FIRST", "10ms"},
                                                       {"ODDSLOOM_EXTRACT_RETRY_LONGEST", "50ms"}},
                                                      ""});
      EXPECT_EQ(done.exit_code, 0) << done.err;
    };
    // Step 1 on the recorded lists; what no list holds is put on the stream by hand.
    run({"listen", "BookieDelta", name, "--once"});
    std::vector<WorkEntry> entries;
    for (const auto& [event, sport_id] : recorded.sport_of)
      if (event.first == source && answered.contains(event)) {
        WorkEntry entry;
        entry.event_id = event.second;
        entry.sport_id = sport_id;
        entries.push_back(entry);
      }
    EXPECT_GT(entries.size(), 15U);
    pipeline.push(entries, test::all_bet_types(), source);
    run({"extract", "BookieDelta", "all", name, "--drain"});
  }
  for (const DeadLetter& letter : pipeline.dead()) ADD_FAILURE() << letter.reason;

  std::size_t usable_prices = 0, unusable_slots = 0, usable_markets = 0;
  for (const auto& [key, selections] : recorded.markets) {
    const auto& [source, event, bet_type] = key;
    if (!answered.contains({source, event})) continue;
    const RecordId id{"BookieDelta", bet_type, source, event, std::string(kFullTime), std::nullopt};
    const auto found = Pipeline::must(pipeline.reader->find(id));
    ASSERT_TRUE(found) << id.text() << " is recorded and not in the store";
    const Record record =
        Pipeline::must(pipeline.reader->document(*found))->records.at("BookieDelta");
    EXPECT_EQ(record.outcomes.size(), selections.size()) << id.text();
    ++usable_markets;
    for (const Outcome& outcome : record.outcomes) {
      ASSERT_TRUE(selections.contains(outcome.selection_id)) << id.text() << " " << outcome.key;
      const Recorded::Seen stored{outcome.price ? to_text(*outcome.price) : "", outcome.usable};
      EXPECT_TRUE(selections.at(outcome.selection_id).contains(stored))
          << id.text() << " " << outcome.key << ": " << stored.odds
          << (stored.usable ? " usable" : " unusable");
      ++(outcome.usable ? usable_prices : unusable_slots);
    }
  }
  // And nothing was invented: every record of the store was recorded.
  DocumentFilter everything;
  everything.most = 100'000;
  for (const MatchDocument& document : pipeline.documents(everything)) {
    const Record& record = document.records.at("BookieDelta");
    EXPECT_TRUE(recorded.markets.contains({record.source, record.event_id, record.bet_type}))
        << record.id().text();
  }
  EXPECT_GT(usable_prices, 100U);
  EXPECT_GT(unusable_slots, 0U);
  std::printf("%zu markets: %zu usable prices, %zu slots that are no price\n", usable_markets,
              usable_prices, unusable_slots);
}

}  // namespace
}  // namespace oddsloom
