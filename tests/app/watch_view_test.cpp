#include "app/watch_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/text_width.h"
#include "watch_fixture.h"

namespace oddsloom {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::Not;

struct WatchViewTest : testing::Test {
  WatchModel model{fifteen_seconds_live()};
  WatchHealth health;
  UtcMillis now = kNoon;

  WatchViewTest() {
    use_utc();
    health.queue = 12;
    health.pending = 3;
    health.oldest = Millis(4000);
    health.documents = 7;
  }

  WatchFrame frame() { return {model.visible(now, "", ""), health, "sqlite:odds.db", now}; }
  std::string screen(std::size_t width, std::size_t height, bool colour = false) {
    std::string out;
    for (std::string line : draw(frame(), three_bet_types(), {width, height, colour})) {
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + "\n";
    }
    return out;
  }
  std::string row(std::size_t width, bool colour = false) {
    return draw(frame(), three_bet_types(), {width, 24, colour})[2];
  }

  void some_matches() {
    model.see("a3",
              record("a", Source::Live, "three_way",
                     {outcome("1", 2060), outcome("X", 3200), outcome("2", 16'500)}),
              kNoon - Millis(2000));
    model.see("a3",
              record("a", Source::Live, "three_way",
                     {outcome("1", 2100), outcome("X", 3100), outcome("2", 16'500)}),
              kNoon);
    model.see(
        "ab",
        record("a", Source::Live, "btts",
               {outcome("yes", 1800, Status::Suspended), outcome("no", 1925, Status::Suspended)},
               kNoon - Millis(3000)),
        kNoon);
    model.see("ad",
              record("a", Source::Live, "double_chance",
                     {outcome("1X", 1200), outcome("12", 0, Status::Closed), outcome("X2", 1500)}),
              kNoon);
    Record known = record("b", Source::Upcoming, "three_way",
                          {outcome("1", 1010), outcome("X", 12'000), outcome("2", 101'000)});
    known.home = "Møllevik Athletic Football Club";
    known.away = "Zürich & Hove Rangers";
    model.see("b3", known, kNoon);
  }
};

TEST_F(WatchViewTest, LinesAndBookmakersHaveColumnsWhereThereAreSome) {
  some_matches();
  EXPECT_THAT(screen(160, 10), Not(HasSubstr("BOOKMAKER")));
  EXPECT_THAT(screen(160, 10), Not(HasSubstr("line")));
  Record total =
      record("a", Source::Live, "totals", {outcome("over", 1800), outcome("under", 2000)});
  total.line = Line{2500};
  model.see("at", total, kNoon);
  Record elsewhere = record("a", Source::Live, "three_way", {outcome("1", 2000)});
  elsewhere.bookmaker = "Other";
  model.see("other", elsewhere, kNoon);
  const std::string shown = screen(160, 10);
  EXPECT_THAT(shown, HasSubstr("KICK-OFF   BOOKMAKER"));
  EXPECT_THAT(shown, HasSubstr("line    over   under"));
  EXPECT_THAT(shown, HasSubstr("    2.5    1.80    2.00"));
  EXPECT_THAT(shown, HasSubstr("live 11:26 Acme"));
  EXPECT_THAT(shown, HasSubstr("live 11:26 Other"));
  EXPECT_THAT(screen(60, 10), Not(HasSubstr("BOOKMAKER")));
}

TEST_F(WatchViewTest, EightyColumnsHoldTheThreeWayPrices) {
  some_matches();
  EXPECT_EQ(screen(80, 9),
            R"(oddsloom  12:00:00  1 live, 1 upcoming  sqlite:odds.db
KICK-OFF   COMPETITION   MATCH                            1       X       2  AGE
live 11:26 Premier Leag… Home a - Away a            ▲  2.10 ▼  3.10   16.50   0s
13:30      Premier Leag… Møllevik Athletic Footbal…    1.01   12.00  101.00   0s



0 changes/s, queue 12 (3 pending, oldest 4s), 7 documents

)");
}

TEST_F(WatchViewTest, AHundredAndFortyColumnsHoldEveryBetTypeWithoutALine) {
  some_matches();
  const std::string expected_heading = "KICK-OFF   COMPETITION          MATCH";
  const std::string text = screen(140, 9);
  EXPECT_THAT(text, HasSubstr(expected_heading));
  EXPECT_THAT(text,
              HasSubstr("      1       X       2     yes      no      1X      12      X2  AGE"));
  EXPECT_THAT(text,
              HasSubstr(" ▲  2.10 ▼  3.10   16.50 s  1.80 s 1.925    1.20       -    1.50   3s"));
  EXPECT_THAT(text, Not(HasSubstr("over")));
}

TEST_F(WatchViewTest, EveryLineIsExactlyAsWideAsTheScreenAtMost) {
  some_matches();
  for (const std::size_t width : {40U, 60U, 80U, 97U, 120U, 140U, 200U})
    for (const std::string& line : draw(frame(), three_bet_types(), {width, 10, false}))
      EXPECT_LE(text_width(line), width) << width << ": " << line;
}

TEST_F(WatchViewTest, TheScreenIsNeverHigherThanTheTerminal) {
  for (int i = 0; i < 50; ++i)
    model.see("k" + std::to_string(i),
              record(std::to_string(100 + i), Source::Upcoming, "three_way", {outcome("1", 2000)}),
              kNoon);
  for (const std::size_t height : {1U, 4U, 10U, 24U})
    EXPECT_EQ(draw(frame(), three_bet_types(), {80, height, false}).size(), height);
  EXPECT_THAT(screen(80, 10), HasSubstr("... and 45 more"));
}

TEST_F(WatchViewTest, AMoveIsGreenOrRedAndFadesAfterAWhile) {
  some_matches();
  EXPECT_THAT(row(80, true), HasSubstr("\x1b[32m▲  2.10\x1b[0m"));
  EXPECT_THAT(row(80, true), HasSubstr("\x1b[31m▼  3.10\x1b[0m"));
  now = kNoon + Millis(11'000);
  EXPECT_THAT(row(80, true), Not(HasSubstr("▲")));
}

TEST_F(WatchViewTest, ASuspendedPriceIsDimAndStruck) {
  some_matches();
  EXPECT_THAT(row(140, true), HasSubstr("\x1b[2;9m   1.80\x1b[0m"));
}

TEST_F(WatchViewTest, APricePastItsFreshnessLimitIsNotShownAsOne) {
  some_matches();
  now = kNoon + Millis(15'001);
  EXPECT_THAT(row(80), Not(HasSubstr("2.10")));
  EXPECT_THAT(row(80), testing::EndsWith("-       -       -  15s"));
}

TEST_F(WatchViewTest, AVeryHighPriceLosesItsDecimalsNotItsSize) {
  model.see("k", record("a", Source::Live, "three_way", {outcome("1", 1'001'500)}), kNoon);
  EXPECT_THAT(row(80), HasSubstr("   1001  "));
}

TEST_F(WatchViewTest, AMarketNoLongerOfferedShowsNoPrice) {
  Record gone = record("a", Source::Live, "three_way", {outcome("1", 2000)});
  model.see("k", gone, kNoon);
  model.see("k2", record("a", Source::Live, "btts", {outcome("yes", 1500)}), kNoon);
  model.see("k", withdrawn(gone, kNoon), kNoon);
  EXPECT_THAT(row(80), Not(HasSubstr("2.00")));
}

TEST_F(WatchViewTest, NoColourMeansNoEscapeSequences) {
  some_matches();
  EXPECT_THAT(screen(140, 12, false), Not(HasSubstr("\x1b")));
}

TEST_F(WatchViewTest, ANameCannotDrawOnTheScreen) {
  Record evil = record("a", Source::Live, "three_way", {outcome("1", 2000)});
  evil.home = "\x1b[2JEvil\r\nTeam";
  model.see("k", evil, kNoon);
  EXPECT_THAT(screen(80, 10, false), HasSubstr("?[2JEvil??Team"));
  EXPECT_THAT(
      move_line({{"Acme", Source::Live, "a"}, evil.home, "btts", "yes", {1500}, {1600}}, kNoon),
      Not(HasSubstr("\x1b")));
}

TEST_F(WatchViewTest, TroubleIsSaidAtTheBottom) {
  health.dead = 2;
  health.parts = WatchHealth::Parts{31.6, 120, 4, {{"timeout", 3}}, {"Acme (breaker) 5s"}, {}};
  const std::string text = screen(140, 8);
  EXPECT_THAT(text, HasSubstr("32 events/s, 120 requests (4 in flight), "));
  EXPECT_THAT(text, HasSubstr("waiting: Acme (breaker) 5s; 2 dead letters; failures: 3 timeout"));
}

TEST_F(WatchViewTest, OutputThatIsNoTerminalGetsLines) {
  some_matches();
  EXPECT_EQ(summary_line(frame()),
            "12:00:00 1 live, 1 upcoming; 0 changes/s, queue 12 (3 pending, oldest 4s), 7 "
            "documents");
  EXPECT_EQ(
      move_line({{"Acme", Source::Live, "a"}, "A - B", "three_way", "X", {3200}, {3100}}, kNoon),
      "12:00:00 Acme live A - B three_way X: 3.20 -> 3.10");
}

TEST_F(WatchViewTest, ABudgetThatDoesNotReachIsSaidInPlainWords) {
  health.parts.emplace(WatchHealth::Parts{});
  EXPECT_EQ(trouble_text(health), "");
  health.parts->late.push_back("BookieDelta live: 12.5 requests/s keep 150 events fresh");
  EXPECT_THAT(screen(120, 30), HasSubstr("budget too small: BookieDelta live: 12.5 requests/s"));
}

}  // namespace
}  // namespace oddsloom
