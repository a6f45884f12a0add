// The text that Prometheus reads; promtool, which is Prometheus' own reader, judges it where it is
// installed (tests/app/metrics_test.cpp has it judge a whole page).
#include "serve/metric_families.h"

#include <gmock/gmock.h>

#include <array>

namespace oddsloom::test {
namespace {

using ::testing::HasSubstr;

TEST(MetricFamiliesTest, SamplesOfOneNameStandTogetherUnderOneHelp) {
  MetricFamilies families;
  families.counter("requests_total", "Requests.", {{"bookmaker", "A"}}, 1);
  families.gauge("held", "Held.", {}, 2);
  families.counter("requests_total", "Requests.", {{"bookmaker", "B"}}, 3);
  const std::string text = families.text();
  EXPECT_THAT(text, HasSubstr("# HELP oddsloom_requests_total Requests.\n"
                              "# TYPE oddsloom_requests_total counter\n"
                              "oddsloom_requests_total{bookmaker=\"A\"} 1\n"
                              "oddsloom_requests_total{bookmaker=\"B\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("oddsloom_held 2\n"));
}

TEST(MetricFamiliesTest, BucketsAreSummedUp) {
  MetricFamilies families;
  const std::array bounds{0.1, 1.0};
  const std::array<std::uint64_t, 3> buckets{2, 3, 4};
  families.histogram("took_seconds", "Took.", {}, bounds, buckets, 12.5);
  const std::string text = families.text();
  EXPECT_THAT(text, HasSubstr("oddsloom_took_seconds_count 9\n"));
  EXPECT_THAT(text, HasSubstr("oddsloom_took_seconds_sum 12.5\n"));
  EXPECT_THAT(text, HasSubstr("oddsloom_took_seconds_bucket{le=\"0.1\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("oddsloom_took_seconds_bucket{le=\"1\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("oddsloom_took_seconds_bucket{le=\"+Inf\"} 9\n"));
}

TEST(MetricFamiliesTest, LabelsAreEscaped) {
  MetricFamilies families;
  families.gauge("odd", "Odd.", {{"what", "a\"b\\c\nd"}}, 1);
  EXPECT_THAT(families.text(), HasSubstr(R"(oddsloom_odd{what="a\"b\\c\nd"} 1)"));
}

TEST(MetricFamiliesTest, TheProcessTellsOfItself) {
  MetricFamilies families;
  families.process();
  ASSERT_EQ(families.all().size(), 4u);
  for (const auto& family : families.all()) {
    const auto& sample = family.metric.front();
    EXPECT_GT(sample.counter.value + sample.gauge.value, 0) << family.name;
  }
}

}  // namespace
}  // namespace oddsloom::test
