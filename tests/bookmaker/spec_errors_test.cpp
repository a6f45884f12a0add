#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "folder.h"

namespace oddsloom::test {
namespace {

std::string delta_text() {
  std::ifstream in(kBookmakers + "/BookieDelta/bookmaker.toml");
  return {std::istreambuf_iterator<char>(in), {}};
}

void replace(std::string& text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  ASSERT_NE(at, std::string::npos) << what;
  text.replace(at, what.size(), with);
}

int line_with(const std::string& text, std::string_view part) {
  const std::size_t at = text.find(part);
  return static_cast<int>(
             std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n')) +
         1;
}

std::string problems_of(const std::string& text, const std::string& name = "X") {
  const auto loaded = parse_bookmaker(name, "X/bookmaker.toml", text, bet_types());
  return loaded ? std::string("loaded") : all_text(loaded.error());
}

// The program's own file with one thing changed.
std::string changed(std::string_view what, std::string_view with) {
  std::string text = delta_text();
  replace(text, what, with);
  return problems_of(text);
}

TEST(SpecErrors, FiveMistakesAreFiveProblemsWithLineKeyAndSuggestion) {
  std::string text = delta_text();
  replace(text, "Africa/Nairobi\"   #", "Africa/Nairobbi\"   #");
  replace(text, "requests_per_second", "request_per_second");
  replace(text, "ids_per_request = 50", "ids_per_request = \"50\"");
  replace(text, "missing_event = \"not_offered\"", "missing_event = \"not_ofered\"");
  replace(text, "\"status | lower | map status\"", "\"status | lowr | map status\"");
  const auto loaded = parse_bookmaker("X", "X/bookmaker.toml", text, bet_types());
  ASSERT_FALSE(loaded);
  const auto& problems = loaded.error();
  ASSERT_EQ(problems.size(), 5U) << all_text(problems);
  const auto expect = [&](std::size_t i, std::string_view line_of, std::string_view key,
                          std::string_view message) {
    EXPECT_EQ(problems[i].line, line_with(text, line_of)) << problems[i].text();
    EXPECT_EQ(problems[i].key, key);
    EXPECT_NE(problems[i].message.find(message), std::string::npos) << problems[i].text();
  };
  expect(0, "Africa/Nairobbi", "time_zone", "there is no time zone 'Africa/Nairobbi'");
  expect(1, "request_per_second", "host.request_per_second", "did you mean 'requests_per_second'?");
  expect(2, "ids_per_request = \"50\"", "endpoints.upcoming_markets.ids_per_request",
         "expected an integer, found a text");
  expect(3, "not_ofered", "endpoints.live_markets.missing_event", "did you mean 'not_offered'?");
  expect(4, "lowr", "readings.live.market.status",
         "unknown built-in 'lowr'; did you mean 'lower'?");
}

TEST(SpecErrors, WrongReferencesNameWhatThereIs) {
  EXPECT_NE(changed("games={event_ids}", "games={event_id}").find("did you mean '{event_ids}'?"),
            std::string::npos);
  EXPECT_NE(changed("reading = \"prematch\"", "reading = \"prematches\"")
                .find("there is no 'prematches' in readings; did you mean 'prematch'?"),
            std::string::npos);
  EXPECT_NE(changed("| map status\"", "| map state\"").find("there is no [maps.state]"),
            std::string::npos);
  EXPECT_NE(changed("btts = 43", "bts = 43").find("sports.football.upcoming.markets.bts: unknown"),
            std::string::npos);
  EXPECT_NE(changed("codes = { \"1\" = \"1\"", "codes = { \"1\" = \"home\"")
                .find("there is no 'home' in three_way: outcomes"),
            std::string::npos);
  EXPECT_NE(changed("events = \"@root{*}\"", "events = \"@rot{*}\"")
                .find("unknown '@rot'; did you mean '@root'?"),
            std::string::npos);
  EXPECT_NE(changed("event_id = \"@key\"", "event_id = \"@selection_key\"")
                .find("'@selection_key' cannot be reached from here"),
            std::string::npos);
  EXPECT_NE(changed("event_id = \"@key\"", "event_id = \"@key.id\"").find("a key is a text"),
            std::string::npos);
  EXPECT_NE(changed("home = \"competitors[0].name\"", "home = \"competitors[x].name\"")
                .find("is no path"),
            std::string::npos);
}

TEST(SpecErrors, BrokenTomlIsOneProblemWithItsLine) {
  const std::string message = problems_of("base_url = \"x\"\ntime_zone = \n");
  EXPECT_EQ(message.find("X/bookmaker.toml:2: no valid TOML"), 0U) << message;
}

TEST(SpecErrors, WhatABrowserIsShownIsCheckedToo) {
  EXPECT_NE(
      changed("list = \"live_list\"", "list = \"live_lst\"").find("did you mean 'live_list'?"),
      std::string::npos);
  EXPECT_NE(changed("list = \"live_list\"", "list = \"upcoming_list\"").find("of the other source"),
            std::string::npos);
  EXPECT_NE(changed("feed = \"live\"", "feed = \"lve\"").find("did you mean 'live'?"),
            std::string::npos);
  EXPECT_NE(changed("silent_after", "silent_aftr").find("did you mean 'silent_after'?"),
            std::string::npos);
  EXPECT_NE(
      changed("live = [\"/live\"]", "live = [\"live\"]").find("neither a path nor an address"),
      std::string::npos);
  EXPECT_NE(changed("url = \"/api/games/markets?*\"", "url = \"/api/games/{sport}\"")
                .find("unknown '{sport}'"),
            std::string::npos);
  EXPECT_NE(changed("url = \"/api/games/markets?*\"", "url = \"api/games\"")
                .find("browser.responses.upcoming_markets.url"),
            std::string::npos);
}

TEST(SpecErrors, AnEmptyFileIsToldAllItLacks) {
  const std::string message = problems_of("");
  for (const std::string_view key :
       {"base_url: is missing", "time_zone: is missing", "freshness: is missing",
        "sports: is missing", "endpoints: is missing", "forms: is missing"})
    EXPECT_NE(message.find(key), std::string::npos) << message;
}

TEST(SpecErrors, TheFoldersNameIsChecked) {
  EXPECT_NE(problems_of(delta_text(), "Bookie Delta").find("'Bookie Delta' is not made of"),
            std::string::npos);
  const auto loaded = load_bookmaker(kBookmakers + "/NoSuchBookmaker", bet_types());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().front().message, "cannot be read");
}

TEST(SpecErrors, TitleAndRegionsAreReadOrLeftOut) {
  EXPECT_EQ(delta().title, "BookieDelta");
  EXPECT_EQ(delta().regions, (std::vector<std::string>{"ke"}));
  std::string text = delta_text();
  replace(text, "title = \"BookieDelta\"\nregions = [\"ke\"]\n", "");
  const auto bare = parse_bookmaker("X", "X/bookmaker.toml", text, bet_types());
  ASSERT_TRUE(bare) << all_text(bare.error());
  EXPECT_EQ(bare->title, "X");
  EXPECT_TRUE(bare->regions.empty());
  EXPECT_NE(changed("[\"ke\"]", "[\"KE\"]").find("regions: 'KE' is not made of a-z 0-9 _"),
            std::string::npos);
  EXPECT_NE(changed("[\"ke\"]", "[\"ke\", \"ke\"]").find("regions: 'ke' is named twice"),
            std::string::npos);
  EXPECT_NE(changed("\"BookieDelta\"", "\"\"").find("title: expected a text that is not empty"),
            std::string::npos);
  EXPECT_NE(changed("title = \"BookieDelta\"", "title = 7").find("title: expected a text"),
            std::string::npos);
}

TEST(SpecErrors, TheProgramsOwnFolderLoadsAndOffersTheThreeBetTypes) {
  EXPECT_EQ(delta().name, "BookieDelta");
  EXPECT_EQ(delta().bet_types, (std::vector<std::string>{"three_way", "btts", "double_chance"}));
  EXPECT_EQ(delta().base_url, "https://www.ke.bookiedelta.com");
  EXPECT_EQ(delta().fresh_for(Source::Live), Millis(15'000));
  EXPECT_EQ(bet_types().find("three_way")->label, "THREE_WAY");
  EXPECT_EQ(bet_types().find("three_way")->index, "3way");
  EXPECT_TRUE(bet_types().find("totals")->has_line);
}

TEST(SpecErrors, TheExampleOfTheDocumentationLoads) {
  std::ifstream in(ODDSLOOM_SOURCE_DIR "/docs/bookmaker-folder.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  const std::size_t first = page.find("```toml\n", page.find("## Example\n")) + 8;
  EXPECT_EQ(problems_of(page.substr(first, page.find("```\n", first) - first)), "loaded");
}

TEST(SpecErrors, TheFeedOfTheDocumentationLoads) {
  std::ifstream in(ODDSLOOM_SOURCE_DIR "/docs/bookmaker-folder.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  const std::size_t first = page.find("```toml\n", page.find("## A feed")) + 8;
  EXPECT_EQ(problems_of(delta_text().substr(0, delta_text().find("[feeds.live]")) +
                        page.substr(first, page.find("```\n", first) - first)),
            "loaded");
}

TEST(SpecErrors, DaysAreCountedInTheBookmakersZone) {
  const UtcMillis evening = *parse_iso8601("2026-03-08T20:30:00Z");  // 23:30 in Nairobi
  EXPECT_EQ(day_index(delta(), evening, evening), 0);
  EXPECT_EQ(day_index(delta(), evening + std::chrono::hours(1), evening), 1);
  EXPECT_EQ(day_index(delta(), evening - std::chrono::hours(24), evening), -1);
  EXPECT_EQ(local_date(delta(), evening + std::chrono::hours(1)), "2026-03-09");
}

TEST(SpecErrors, APauseNeedsBothWhereItStandsAndWhatMeansIt) {
  EXPECT_NE(
      changed("paused_among = [\"break\"]\n", "").find("events.live.paused_among: is missing"),
      std::string::npos);
  EXPECT_NE(changed("paused = \"status | lower\"\n", "").find("events.live.paused: is missing"),
            std::string::npos);
}

}  // namespace
}  // namespace oddsloom::test
