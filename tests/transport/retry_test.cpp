#include "transport/retry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace oddsloom {
namespace {

constexpr RetryPolicy kPolicy{.most_attempts = 8, .first = Millis(500), .longest = Millis(60'000)};

TEST(RetryDelay, StaysBetweenHalfAndWholeOfADoublingBound) {
  std::minstd_rand random(7);
  for (unsigned failed = 1; failed <= 7; ++failed) {
    const Millis whole = Millis(500) * (1 << (failed - 1));
    Millis least = whole, most = whole / 2;
    for (int i = 0; i < 2'000; ++i) {
      const Millis delay = retry_delay(kPolicy, failed, std::nullopt, random);
      ASSERT_GE(delay, whole / 2);
      ASSERT_LE(delay, whole);
      least = std::min(least, delay);
      most = std::max(most, delay);
    }
    EXPECT_LT(least, whole * 6 / 10) << "the jitter does not use its range";
    EXPECT_GT(most, whole * 9 / 10) << "the jitter does not use its range";
  }
}

TEST(RetryDelay, NeverExceedsTheLongestHoweverOftenItFailed) {
  std::minstd_rand random(7);
  for (const unsigned failed : {8U, 20U, 64U, 1'000U, 4'000'000'000U}) {
    const Millis delay = retry_delay(kPolicy, failed, std::nullopt, random);
    EXPECT_GE(delay, Millis(30'000));
    EXPECT_LE(delay, Millis(60'000));
  }
}

TEST(RetryDelay, IsNeverShorterThanTheHostAskedFor) {
  std::minstd_rand random(7);
  EXPECT_EQ(retry_delay(kPolicy, 1, Millis(9'000), random), Millis(9'000));
  EXPECT_EQ(retry_delay(kPolicy, 1, Millis(90'000), random), Millis(90'000))
      << "the host may ask for more than our own longest";
  EXPECT_GE(retry_delay(kPolicy, 4, Millis(1), random), Millis(2'000));
}

TEST(RetryDelay, CapsWhatTheHostAskedForAtAnHour) {
  std::minstd_rand random(7);
  EXPECT_EQ(retry_delay(kPolicy, 1, Millis(86'400'000), random), Millis(3'600'000));
}

TEST(RetryDelay, TakesNoFailureAsTheFirst) {
  std::minstd_rand random(7);
  const Millis delay = retry_delay(kPolicy, 0, std::nullopt, random);
  EXPECT_GE(delay, Millis(250));
  EXPECT_LE(delay, Millis(500));
}

TEST(RetryDelay, DiffersBetweenWorkers) {
  std::set<Millis::rep> delays;
  for (unsigned seed = 1; seed <= 50; ++seed) {
    std::minstd_rand random(seed * 7'919);
    delays.insert(retry_delay(kPolicy, 5, std::nullopt, random).count());
  }
  EXPECT_GT(delays.size(), 30U);
}

TEST(RetryDelay, SurvivesExtremePolicies) {
  std::minstd_rand random(7);
  EXPECT_EQ(retry_delay({.first = Millis(0)}, 9, std::nullopt, random), Millis(0));
  EXPECT_LE(retry_delay({.first = Millis(5'000), .longest = Millis(100)}, 1, std::nullopt, random),
            Millis(100));
}

}  // namespace
}  // namespace oddsloom
