#include "discover/look_worth.h"

#include <gtest/gtest.h>

namespace oddsloom {
namespace {

TEST(LookWorth, GrowsWithTheTimeSinceTheLastLookAndWithTheRate) {
  for (const double rate : {1e-5, 0.001, 0.03, 0.5, 5.0})
    for (double age = 0.5; age < 200; age *= 1.5) {
      EXPECT_GT(worth_of_look(age * 1.01, rate), worth_of_look(age, rate)) << age << " " << rate;
      EXPECT_GT(worth_of_look(age, rate * 1.1), worth_of_look(age, rate)) << age << " " << rate;
    }
}

TEST(LookWorth, HasNoStepWhereTheFormulaForFewChangesEnds) {
  const double below = worth_of_look(10, 0.00099999), above = worth_of_look(10, 0.00100001);
  EXPECT_NEAR(below / above, 1, 1e-3);
}

TEST(LookWorth, OfAnEventThatAlwaysChangesIsHalfTheSquareOfTheTime) {
  EXPECT_NEAR(worth_of_look(10, 1000), 50, 0.1);
}

TEST(LookWorth, AHintIsWorthMoreThanNoneAndMostWhereTheNewPriceWillLast) {
  EXPECT_GT(worth_of_look_after_hint(5, 0.03), worth_of_look(5, 0.03));
  EXPECT_GT(worth_of_look_after_hint(5, 0.01), worth_of_look_after_hint(5, 0.1));
}

}  // namespace
}  // namespace oddsloom
