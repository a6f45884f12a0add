#include "discover/change_rate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace oddsloom {
namespace {

// Looks at a Poisson process of that rate, every `interval` seconds.
double learnt(double rate, double interval, int looks) {
  std::mt19937 random(3);
  std::bernoulli_distribution changed(1 - std::exp(-rate * interval));
  ChangeRate out(0.03);
  for (int i = 0; i < looks; ++i) out.looked(interval, changed(random));
  return out.per_second();
}

TEST(ChangeRate, UntilALookIsMadeItIsWhatWasExpected) {
  EXPECT_DOUBLE_EQ(ChangeRate(0.03).per_second(), 0.03);
}

TEST(ChangeRate, IsFoundWhetherLooksAreFrequentOrRare) {
  EXPECT_NEAR(learnt(0.05, 2, 2000), 0.05, 0.02);
  // Four changes hide behind every look here; counting looks that found one would say 0.05.
  EXPECT_GT(learnt(0.2, 20, 2000), 0.08);
}

TEST(ChangeRate, FallsWhileNothingChangesAndStaysAboveZero) {
  ChangeRate rate(0.03);
  double before = rate.per_second();
  for (int i = 0; i < 200; ++i) {
    rate.looked(10, false);
    EXPECT_LT(rate.per_second(), before);
    before = rate.per_second();
  }
  EXPECT_GT(before, 0);
}

TEST(ChangeRate, WhatHasLastedLongIsTakenForQuietAndAFreshChangeForBusy) {
  const auto after = [](double seconds) {
    ChangeRate rate(0.03);
    rate.lasted(seconds);
    return rate.per_second();
  };
  EXPECT_LT(after(600), 0.01);
  EXPECT_GT(after(1), 0.03);
  EXPECT_DOUBLE_EQ(after(0), 0.03);  // not known
}

TEST(ChangeRate, ForgetsWhatIsLongAgo) {
  ChangeRate rate(0.03);
  for (int i = 0; i < 500; ++i) rate.looked(2, true);
  const double busy = rate.per_second();
  for (int i = 0; i < 2000; ++i) rate.looked(2, false);
  EXPECT_LT(rate.per_second(), busy / 20);
}

TEST(ChangeRate, ALookAtTheSameMomentTeachesNothing) {
  ChangeRate rate(0.03);
  rate.looked(0, true);
  EXPECT_DOUBLE_EQ(rate.per_second(), 0.03);
}

}  // namespace
}  // namespace oddsloom
