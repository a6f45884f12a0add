#include "store/redis_known_records.h"

#include <gtest/gtest.h>

namespace oddsloom {
namespace {

KnownRecord known(std::string document) {
  KnownRecord out;
  out.document = std::move(document);
  return out;
}

TEST(RedisKnownRecords, WhatIsUsedStaysAndWhatIsNotIsForgotten) {
  RedisKnownRecords records(20);
  const auto key = [](std::uint64_t number) { return ContentHash{0, number}; };
  for (std::uint64_t i = 0; i < 100; ++i) {
    records.remember(key(i), known(std::to_string(i)));
    ASSERT_NE(records.find(key(0)), nullptr) << i;
  }
  EXPECT_EQ(records.find(key(0))->document, "0");
  EXPECT_EQ(records.find(key(99))->document, "99");
  std::size_t left = 0;
  for (std::uint64_t i = 0; i < 100; ++i) left += records.find(key(i)) ? 1 : 0;
  EXPECT_GE(left, 10u);
  EXPECT_LE(left, 20u);
}

TEST(RedisKnownRecords, TheLastThatWasSaidOfARecordCounts) {
  RedisKnownRecords records;
  records.remember({1, 2}, known("first"));
  records.remember({1, 2}, known("second"));
  ASSERT_NE(records.find({1, 2}), nullptr);
  EXPECT_EQ(records.find({1, 2})->document, "second");
  records.forget({1, 2});
  EXPECT_EQ(records.find({1, 2}), nullptr);
}

}  // namespace
}  // namespace oddsloom
