#include "extract/answer_memory.h"

#include <gtest/gtest.h>

namespace oddsloom {
namespace {

Fetch fetch(const std::string& url, const std::string& home = "") {
  Fetch out;
  out.url = url;
  out.events.push_back({});
  out.events[0].work.event_id = "1";
  out.events[0].work.home = home;
  return out;
}

Mapping mapping(std::size_t records) {
  Mapping out;
  out.records.resize(records);
  return out;
}

TEST(AnswerMemory, RecallsAnEqualAnswerToAnEqualQuestionOnly) {
  AnswerMemory memory(100);
  memory.remember(fetch("/a"), "body", mapping(3));
  ASSERT_TRUE(memory.recall(fetch("/a"), "body"));
  EXPECT_EQ(memory.recall(fetch("/a"), "body")->records.size(), 3U);
  EXPECT_FALSE(memory.recall(fetch("/a"), "Body"));
  EXPECT_FALSE(memory.recall(fetch("/b"), "body"));
  EXPECT_FALSE(memory.recall(fetch("/a", "other knowledge of the event"), "body"));
}

TEST(AnswerMemory, KeepsTheNewestAnswerToAQuestion) {
  AnswerMemory memory(100);
  memory.remember(fetch("/a"), "old", mapping(1));
  memory.remember(fetch("/a"), "new", mapping(2));
  EXPECT_FALSE(memory.recall(fetch("/a"), "old"));
  EXPECT_TRUE(memory.recall(fetch("/a"), "new"));
}

TEST(AnswerMemory, ForgetsTheLeastRecentlyUsedWhenItIsFull) {
  AnswerMemory memory(10);
  memory.remember(fetch("/a"), "x", mapping(4));
  memory.remember(fetch("/b"), "x", mapping(4));
  ASSERT_TRUE(memory.recall(fetch("/a"), "x"));
  memory.remember(fetch("/c"), "x", mapping(4));
  EXPECT_TRUE(memory.recall(fetch("/a"), "x"));
  EXPECT_FALSE(memory.recall(fetch("/b"), "x"));
  EXPECT_TRUE(memory.recall(fetch("/c"), "x"));
}

TEST(AnswerMemory, DoesNotKeepWhatIsLargerThanItself) {
  AnswerMemory memory(10);
  memory.remember(fetch("/a"), "x", mapping(50));
  EXPECT_FALSE(memory.recall(fetch("/a"), "x"));
}

}  // namespace
}  // namespace oddsloom
