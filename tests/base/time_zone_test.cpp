#include "base/time_zone.h"

#include <gtest/gtest.h>

namespace oddsloom {
namespace {

UtcMillis at(std::string_view iso) { return parse_iso8601(iso).value(); }

// What a clock on the wall shows, as from_local takes it.
std::int64_t wall(std::string_view iso_without_zone) {
  return at(std::string(iso_without_zone) + "Z").value;
}

TimeZone zone(const std::string& name) { return TimeZone::named(name).value(); }

constexpr Millis kHour(3'600'000);

TEST(TimeZone, NairobiIsThreeHoursAheadTheWholeYear) {
  const TimeZone nairobi = zone("Africa/Nairobi");
  EXPECT_EQ(nairobi.name(), "Africa/Nairobi");
  EXPECT_EQ(nairobi.offset_at(at("2026-01-15T12:00:00Z")), 3 * kHour);
  EXPECT_EQ(nairobi.offset_at(at("2026-07-15T12:00:00Z")), 3 * kHour);
  EXPECT_EQ(nairobi.from_local(wall("2026-08-09T22:30:00")), at("2026-08-09T19:30:00Z"));
}

TEST(TimeZone, TheLocalDayTurnsAtLocalMidnight) {
  const TimeZone nairobi = zone("Africa/Nairobi");
  const auto before = nairobi.local_day(at("2026-08-09T20:59:59.999Z"));
  EXPECT_EQ(before, wall("2026-08-09T00:00:00") / 86'400'000);
  EXPECT_EQ(nairobi.local_day(at("2026-08-09T21:00:00Z")), before + 1);
}

TEST(TimeZone, DaysBefore1970CountBackwards) {
  const TimeZone utc = zone("UTC");
  EXPECT_EQ(utc.local_day({0}), 0);
  EXPECT_EQ(utc.local_day({-1}), -1);
  EXPECT_EQ(utc.local_day({-86'400'000}), -1);
  EXPECT_EQ(utc.local_day({-86'400'001}), -2);
  EXPECT_EQ(zone("America/New_York").local_day({0}), -1);
}

TEST(TimeZone, BrusselsGoesForwardInMarch) {
  const TimeZone brussels = zone("Europe/Brussels");
  EXPECT_EQ(brussels.offset_at(at("2026-03-29T00:59:59.999Z")), kHour);
  EXPECT_EQ(brussels.offset_at(at("2026-03-29T01:00:00Z")), 2 * kHour);
  EXPECT_EQ(brussels.from_local(wall("2026-03-29T01:59:59")), at("2026-03-29T00:59:59Z"));
  EXPECT_EQ(brussels.from_local(wall("2026-03-29T03:00:00")), at("2026-03-29T01:00:00Z"));
}

TEST(TimeZone, BrusselsGoesBackInOctober) {
  const TimeZone brussels = zone("Europe/Brussels");
  EXPECT_EQ(brussels.offset_at(at("2026-10-25T00:59:59.999Z")), 2 * kHour);
  EXPECT_EQ(brussels.offset_at(at("2026-10-25T01:00:00Z")), kHour);
  EXPECT_EQ(brussels.from_local(wall("2026-10-25T01:59:59")), at("2026-10-24T23:59:59Z"));
  EXPECT_EQ(brussels.from_local(wall("2026-10-25T03:00:00")), at("2026-10-25T02:00:00Z"));
}

TEST(TimeZone, AnHourShownTwiceMeansTheFirst) {
  const TimeZone brussels = zone("Europe/Brussels");
  EXPECT_EQ(brussels.from_local(wall("2026-10-25T02:00:00")), at("2026-10-25T00:00:00Z"));
  EXPECT_EQ(brussels.from_local(wall("2026-10-25T02:30:00")), at("2026-10-25T00:30:00Z"));
}

TEST(TimeZone, AnHourThatIsSkippedIsReadByTheClockBeforeTheChange) {
  EXPECT_EQ(zone("Europe/Brussels").from_local(wall("2026-03-29T02:30:00")),
            at("2026-03-29T01:30:00Z"));
}

TEST(TimeZone, LocalTimeAndBackIsTheSameMomentOutsideTheHourShownTwice) {
  for (const char* name : {"Africa/Nairobi", "Europe/Brussels", "Asia/Kathmandu", "UTC",
                           "America/St_Johns", "Australia/Lord_Howe"}) {
    const TimeZone here = zone(name);
    for (UtcMillis time = at("2026-01-01T00:10:00Z"); time < at("2027-01-01T00:00:00Z");
         time = time + Millis(30 * 60'000)) {
      const Millis offset = here.offset_at(time);
      const UtcMillis back = here.from_local(time.value + offset.count());
      // Only a moment of the second showing may come back, and then as its twin of the first.
      if (back != time) {
        EXPECT_LT(back, time) << name << " " << to_iso8601(time);
        EXPECT_GT(here.offset_at(back), offset) << name << " " << to_iso8601(time);
      }
    }
  }
}

TEST(TimeZone, ACopyStandsForTheSameZone) {
  const TimeZone original = zone("Europe/Brussels");
  const TimeZone copy = original;  // NOLINT(performance-unnecessary-copy-initialization)
  EXPECT_EQ(copy.name(), "Europe/Brussels");
  EXPECT_EQ(copy.offset_at(at("2026-07-15T12:00:00Z")), 2 * kHour);
}

TEST(TimeZone, AnUnknownNameIsNotFoundAndNamed) {
  for (const char* name : {"", "Africa/Nairoby", "Mars/Olympus", "Etc/Unknown"}) {
    const auto made = TimeZone::named(name);
    ASSERT_FALSE(made.has_value()) << name;
    EXPECT_EQ(made.error().kind, ErrorKind::NotFound);
    EXPECT_NE(made.error().message.find(std::string("'") + name + "'"), std::string::npos);
  }
}

}  // namespace
}  // namespace oddsloom
