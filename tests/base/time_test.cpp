#include "base/time.h"

#include <gtest/gtest.h>

#include <random>

namespace oddsloom {
namespace {

constexpr std::int64_t kEvening = 1'786'303'800'000;  // 2026-08-09T19:30:00Z

ErrorKind kind_of(std::string_view text) {
  const auto time = parse_iso8601(text);
  EXPECT_FALSE(time.has_value()) << text;
  return time ? ErrorKind::Internal : time.error().kind;
}

TEST(ParseIso8601, ReadsTheSameMomentInEveryForm) {
  for (const char* text :
       {"2026-08-09T19:30:00Z", "2026-08-09T19:30:00z", "2026-08-09 19:30:00Z",
        "2026-08-09T19:30:00.0Z", "2026-08-09T19:30:00.000000000Z", "2026-08-09T22:30:00+03:00",
        "2026-08-09T22:30:00+0300", "2026-08-09T14:00:00-05:30", "2026-08-10T09:30:00+14:00",
        "2026-08-09T19:30:00+00:00", "2026-08-09T19:30:00-00:00"}) {
    const auto time = parse_iso8601(text);
    ASSERT_TRUE(time.has_value()) << text << ": " << time.error().text();
    EXPECT_EQ(time->value, kEvening) << text;
  }
}

TEST(ParseIso8601, KeepsMillisecondsOfAFractionOfAnyLengthAndDropsTheRest) {
  EXPECT_EQ(parse_iso8601("2026-08-09T19:30:00.5Z")->value, kEvening + 500);
  EXPECT_EQ(parse_iso8601("2026-08-09T19:30:00.05Z")->value, kEvening + 50);
  EXPECT_EQ(parse_iso8601("2026-08-09T19:30:00.123Z")->value, kEvening + 123);
  EXPECT_EQ(parse_iso8601("2026-08-09T19:30:00.1239Z")->value, kEvening + 123);
  EXPECT_EQ(parse_iso8601("2026-08-09T19:30:00.123999999999999999999Z")->value, kEvening + 123);
  EXPECT_EQ(parse_iso8601("2026-08-09T22:30:00.25+03:00")->value, kEvening + 250);
}

TEST(ParseIso8601, KnowsLeapDays) {
  EXPECT_EQ(parse_iso8601("2028-02-29T00:00:00Z")->value, 1'835'395'200'000);
  EXPECT_TRUE(parse_iso8601("2000-02-29T00:00:00Z").has_value());
  EXPECT_EQ(kind_of("2026-02-29T00:00:00Z"), ErrorKind::OutOfRange);
  EXPECT_EQ(kind_of("2100-02-29T00:00:00Z"), ErrorKind::OutOfRange);
}

TEST(ParseIso8601, TakesALeapSecondAsTheNextMinute) {
  EXPECT_EQ(parse_iso8601("2016-12-31T23:59:60Z")->value,
            parse_iso8601("2017-01-01T00:00:00Z")->value);
}

TEST(ParseIso8601, ReadsTimesBefore1970) {
  EXPECT_EQ(parse_iso8601("1969-12-31T23:59:59.999Z")->value, -1);
  EXPECT_EQ(parse_iso8601("1970-01-01T00:00:00+01:00")->value, -3'600'000);
}

TEST(ParseIso8601, CallsATimeThatCannotBeOutOfRange) {
  for (const char* text : {"2026-13-09T19:30:00Z", "2026-00-09T19:30:00Z", "2026-08-32T19:30:00Z",
                           "2026-08-00T19:30:00Z", "2026-04-31T19:30:00Z", "2026-08-09T24:00:00Z",
                           "2026-08-09T24:61:00Z", "2026-08-09T19:60:00Z", "2026-08-09T19:30:61Z"})
    EXPECT_EQ(kind_of(text), ErrorKind::OutOfRange) << text;
}

TEST(ParseIso8601, CallsWhatIsNoTimeMalformed) {
  for (const char* text : {"",
                           "Z",
                           "now",
                           "2026-08-09",
                           "2026-08-09T19:30Z",
                           "09/08/2026 19:30:00Z",
                           "2026-8-9T19:30:00Z",
                           "2026-08-09T19:30:00.Z",
                           "2026-08-09T19:30:00,5Z",
                           "2026-08-09T19:30:00Z ",
                           " 2026-08-09T19:30:00Z",
                           "2026-08-09T19:30:00+3",
                           "2026-08-09T19:30:00+03:0",
                           "2026-08-09T19:30:00+03:60",
                           "2026-08-09T19:30:00+16:00",
                           "2026-08-09T19:30:00*03:00",
                           "2026-08-09T19:30:00ZZ",
                           "-026-08-09T19:30:00Z",
                           "2026-08-09T+9:30:00Z",
                           "2026/08/09T19:30:00Z",
                           "1786303800"})
    EXPECT_EQ(kind_of(text), ErrorKind::Malformed) << text;
}

TEST(ParseIso8601, RefusesToGuessAZone) {
  EXPECT_EQ(kind_of("2026-08-09T19:30:00"), ErrorKind::Malformed);
  EXPECT_EQ(kind_of("2026-08-09T19:30:00.000"), ErrorKind::Malformed);
}

TEST(ToIso8601, WritesMillisecondsAndZ) {
  EXPECT_EQ(to_iso8601({kEvening}), "2026-08-09T19:30:00.000Z");
  EXPECT_EQ(to_iso8601({kEvening + 7}), "2026-08-09T19:30:00.007Z");
  EXPECT_EQ(to_iso8601({0}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_iso8601({-1}), "1969-12-31T23:59:59.999Z");
}

TEST(ToIso8601, IsReadBackAsTheSameMillisecond) {
  std::mt19937_64 random(20260809);
  std::uniform_int_distribution<std::int64_t> any(-62'167'219'200'000, 253'402'300'799'999);
  for (int i = 0; i < 20'000; ++i) {
    const UtcMillis time{any(random)};
    const auto back = parse_iso8601(to_iso8601(time));
    ASSERT_TRUE(back.has_value()) << to_iso8601(time) << ": " << back.error().text();
    ASSERT_EQ(back->value, time.value) << to_iso8601(time);
  }
}

TEST(ParseDuration, ReadsEveryUnit) {
  EXPECT_EQ(*parse_duration("90ms"), Millis(90));
  EXPECT_EQ(*parse_duration("15s"), Millis(15'000));
  EXPECT_EQ(*parse_duration("2m"), Millis(120'000));
  EXPECT_EQ(*parse_duration("6h"), Millis(21'600'000));
  EXPECT_EQ(*parse_duration("3d"), Millis(259'200'000));
  EXPECT_EQ(*parse_duration("0s"), Millis(0));
  EXPECT_EQ(*parse_duration("366d"), Millis(366 * 86'400'000LL));
}

TEST(ParseDuration, CallsWhatIsNoDurationMalformed) {
  for (const char* text : {"", "15", "s", "-5s", "+5s", "1.5s", "15 s", " 15s", "15s ", "15S",
                           "15sec", "1h30m", "ms", "1e3s", "0x1s"}) {
    const auto span = parse_duration(text);
    ASSERT_FALSE(span.has_value()) << text;
    EXPECT_EQ(span.error().kind, ErrorKind::Malformed) << text;
  }
}

TEST(ParseDuration, CallsMoreThanAYearOutOfRange) {
  for (const char* text : {"367d", "9000h", "9223372036854775807ms", "9223372036854775807d",
                           "99999999999999999999s"}) {
    const auto span = parse_duration(text);
    ASSERT_FALSE(span.has_value()) << text;
    EXPECT_EQ(span.error().kind, ErrorKind::OutOfRange) << text;
  }
}

TEST(DurationText, SaysTheLargestUnitThatIsExact) {
  EXPECT_EQ(to_text(Millis(1500)), "1500ms");
  EXPECT_EQ(to_text(Millis(15'000)), "15s");
  EXPECT_EQ(to_text(Millis(90'000)), "90s");
  EXPECT_EQ(to_text(Millis(120'000)), "2m");
  EXPECT_EQ(to_text(Millis(21'600'000)), "6h");
  EXPECT_EQ(to_text(Millis(0)), "0s");
}

TEST(DurationText, IsReadBackAsTheSameSpan) {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> any(0, 366 * 86'400'000LL);
  for (int i = 0; i < 5'000; ++i) {
    std::int64_t millis = any(random);
    for (const std::int64_t unit : {1LL, 1000LL, 60'000LL, 3'600'000LL, 86'400'000LL}) {
      const Millis span(millis - millis % unit);
      const auto back = parse_duration(to_text(span));
      ASSERT_TRUE(back.has_value()) << to_text(span);
      ASSERT_EQ(*back, span);
    }
  }
}

}  // namespace
}  // namespace oddsloom
