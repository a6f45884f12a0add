#include "app/watch_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "watch_fixture.h"

namespace oddsloom {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> shown(WatchModel& model, UtcMillis now, const std::string& text = "") {
  std::vector<std::string> out;
  for (const WatchRow* row : model.visible(now, "", text)) out.push_back(row->id.event_id);
  return out;
}

TEST(WatchModel, LiveMatchesComeFirstThenTheNearestKickOff) {
  WatchModel model(fifteen_seconds_live());
  Record late = record("late", Source::Upcoming, "three_way", {outcome("1", 2000)});
  late.start_time = kNoon + Millis(5 * 3'600'000);
  model.see("k1", late, kNoon);
  model.see("k2", record("soon", Source::Upcoming, "three_way", {outcome("1", 2000)}), kNoon);
  model.see("k3", record("on", Source::Live, "three_way", {outcome("1", 2000)}), kNoon);
  EXPECT_THAT(shown(model, kNoon), ElementsAre("on", "soon", "late"));
  EXPECT_THAT(shown(model, kNoon, "HOME SOON"), ElementsAre("soon"));
}

TEST(WatchModel, AChangedPriceIsAMoveAndTheSamePriceIsNone) {
  WatchModel model(fifteen_seconds_live());
  EXPECT_THAT(model.see("k", record("a", Source::Live, "three_way", {outcome("1", 2000)}), kNoon),
              IsEmpty());
  const UtcMillis later = kNoon + Millis(1000);
  const auto moves =
      model.see("k", record("a", Source::Live, "three_way", {outcome("1", 2100)}, later), later);
  ASSERT_EQ(moves.size(), 1U);
  EXPECT_EQ(moves[0].outcome, "1");
  EXPECT_EQ(moves[0].from, Price{2000});
  EXPECT_EQ(moves[0].to, Price{2100});
  EXPECT_THAT(
      model.see("k", record("a", Source::Live, "three_way", {outcome("1", 2100)}, later), later),
      IsEmpty());
}

TEST(WatchModel, AnOlderSightingChangesNothing) {
  WatchModel model(fifteen_seconds_live());
  model.see("k", record("a", Source::Live, "three_way", {outcome("1", 2000)}), kNoon);
  EXPECT_THAT(
      model.see("k",
                record("a", Source::Live, "three_way", {outcome("1", 1500)}, kNoon - Millis(1)),
                kNoon),
      IsEmpty());
  EXPECT_EQ(model.visible(kNoon, "", "")[0]->markets.at("three_way").prices.at("1").price,
            Price{2000});
}

TEST(WatchModel, FreshnessIsJudgedWhenShown) {
  WatchModel model(fifteen_seconds_live());
  model.see("k", record("a", Source::Live, "three_way", {outcome("1", 2000)}), kNoon);
  EXPECT_TRUE(model.visible(kNoon + Millis(15'000), "", "")[0]->markets.at("three_way").fresh);
  EXPECT_FALSE(model.visible(kNoon + Millis(15'001), "", "")[0]->markets.at("three_way").fresh);
}

TEST(WatchModel, WhatIsOverIsNotShown) {
  WatchModel model(fifteen_seconds_live());
  model.see("k1", record("live", Source::Live, "three_way", {outcome("1", 2000)}), kNoon);
  model.see("k2", record("next", Source::Upcoming, "three_way", {outcome("1", 2000)}), kNoon);
  EXPECT_THAT(shown(model, kNoon + Millis(121'000)), ElementsAre("next"));
  EXPECT_THAT(shown(model, kNoon + Millis(91 * 60'000)), IsEmpty());
}

TEST(WatchModel, ForgottenDocumentsTakeTheirMatchWithThemOnceAllAreGone) {
  WatchModel model(fifteen_seconds_live());
  model.see("k1", record("a", Source::Live, "three_way", {outcome("1", 2000)}), kNoon);
  model.see("k2", record("a", Source::Live, "btts", {outcome("yes", 2000)}), kNoon);
  model.forget("k1");
  EXPECT_THAT(shown(model, kNoon), ElementsAre("a"));
  model.keep_only({"another"});
  EXPECT_THAT(shown(model, kNoon), IsEmpty());
}

Record total(int line, int over, int under) {
  Record out =
      record("a", Source::Live, "totals", {outcome("over", over), outcome("under", under)});
  out.line = Line{line};
  return out;
}

TEST(WatchModel, OfSeveralLinesTheOneWithTheNearestPricesStandsForThem) {
  WatchModel model(fifteen_seconds_live());
  model.see("k1", total(1500, 1200, 4500), kNoon);
  model.see("k2", total(2500, 1800, 2000), kNoon);
  model.see("k3", total(3500, 2900, 1400), kNoon);
  EXPECT_EQ(main_market(*model.visible(kNoon, "", "")[0], "totals")->line, Line{2500});
  EXPECT_EQ(main_market(*model.visible(kNoon, "", "")[0], "btts"), nullptr);
  Record gone = total(2500, 1800, 2000);
  gone.offered = false;
  model.see("k2", gone, kNoon);
  EXPECT_EQ(main_market(*model.visible(kNoon, "", "")[0], "totals")->line, Line{3500});
  const auto moves = model.see("k3", total(3500, 2950, 1400), kNoon);
  ASSERT_EQ(moves.size(), 1U);
  EXPECT_EQ(moves[0].market, "totals 3.5");
}

TEST(WatchModel, MarketsOfASegmentAreNotTakenForTheFullTimeOne) {
  WatchModel model(fifteen_seconds_live());
  Record half = record("a", Source::Live, "three_way", {outcome("1", 9000)});
  half.segment = "first_half";
  model.see("k", half, kNoon);
  EXPECT_THAT(shown(model, kNoon), IsEmpty());
}

}  // namespace
}  // namespace oddsloom
