#include "extract/batch.h"

#include <gtest/gtest.h>

namespace oddsloom {
namespace {

EntryRef ref(int n) { return {{"BookieDelta", "btts", Source::Live, 0}, std::to_string(n)}; }

TEST(Batch, IsDueWhenItIsFull) {
  Batch batch(2, Millis(100));
  EXPECT_FALSE(batch.due({0}));
  EXPECT_FALSE(batch.due_in({0}));
  batch.acknowledge(ref(1), {0});
  EXPECT_FALSE(batch.due({0}));
  batch.bury({ref(2), "reason"}, {0});
  EXPECT_TRUE(batch.due({0}));
  EXPECT_EQ(batch.due_in({0}), Millis(0));
}

TEST(Batch, ThatNeverFillsIsDueAfterItsLinger) {
  Batch batch(50, Millis(100));
  batch.acknowledge(ref(1), {1000});
  batch.acknowledge(ref(2), {1050});
  EXPECT_FALSE(batch.due({1099}));
  EXPECT_EQ(batch.due_in({1040}), Millis(60));
  EXPECT_TRUE(batch.due({1100}));
}

TEST(Batch, CountsItsLingerFromTheEarliestOfWhatItHolds) {
  Batch batch(50, Millis(100));
  batch.acknowledge(ref(1), {1050});
  batch.acknowledge(ref(2), {1000});
  EXPECT_FALSE(batch.due({1099}));
  EXPECT_TRUE(batch.due({1100}));
}

TEST(Batch, StartsItsLingerAnewAfterItWasTaken) {
  Batch batch(50, Millis(100));
  batch.acknowledge(ref(1), {0});
  EXPECT_EQ(batch.take().acknowledge.size(), 1U);
  EXPECT_TRUE(batch.empty());
  batch.delay({ref(2), {500}, true}, {90});
  EXPECT_FALSE(batch.due({100}));
  EXPECT_TRUE(batch.due({190}));
}

TEST(Batch, IsFullOfRecordsEvenWhenTheyAnswerFewEntries) {
  Batch batch(2, Millis(100));
  for (int i = 0; i < 8; ++i) batch.add(Record{}, {0});
  EXPECT_TRUE(batch.full());
}

}  // namespace
}  // namespace oddsloom
