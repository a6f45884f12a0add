#include "extract/answer_memory.h"

#include <gtest/gtest.h>

namespace oddsloom {
namespace {

constexpr ContentHash kStored{1, 2};

Fetch fetch(const std::string& url, std::size_t events = 1, const std::string& home = "") {
  Fetch out;
  out.url = url;
  for (std::size_t i = 0; i < events; ++i) {
    WantedEvent event;
    event.work.event_id = std::to_string(i + 1);
    event.work.home = home;
    event.bet_types = {"btts", "three_way"};
    out.events.push_back(std::move(event));
  }
  return out;
}

Record record(const std::string& event_id, const std::string& bet_type) {
  Record out;
  out.event_id = event_id;
  out.bet_type = bet_type;
  return out;
}

// Both bet types of every event.
Mapping mapping(const Fetch& fetch) {
  Mapping out;
  for (const WantedEvent& event : fetch.events)
    for (const std::string& bet_type : event.bet_types)
      out.records.push_back(record(event.work.event_id, bet_type));
  return out;
}

class AnswerMemoryTest : public testing::Test {
 protected:
  void remember(const Fetch& asked, std::string_view body) {
    memory.remember(AnswerMemory::name(asked), asked, content_hash(body), mapping(asked));
  }
  void store_all(const Fetch& asked) {
    const ContentHash name = AnswerMemory::name(asked);
    for (std::size_t event = 0; event < asked.events.size(); ++event) {
      std::size_t position = 0;
      for (const std::string& bet_type : asked.events[event].bet_types)
        memory.stored(memory.part_of(name, event, position++,
                                     record(asked.events[event].work.event_id, bet_type)),
                      kStored);
    }
  }
  bool recalls(const Fetch& asked, std::string_view body) {
    return memory.recall(AnswerMemory::name(asked), asked, content_hash(body)) != nullptr;
  }

  AnswerMemory memory{1 << 20};
};

TEST_F(AnswerMemoryTest, RecallsAnEqualAnswerToAnEqualQuestionOnly) {
  remember(fetch("/a"), "body");
  store_all(fetch("/a"));
  EXPECT_TRUE(recalls(fetch("/a"), "body"));
  EXPECT_FALSE(recalls(fetch("/a"), "Body"));
  EXPECT_FALSE(recalls(fetch("/b"), "body"));
  EXPECT_FALSE(recalls(fetch("/a", 1, "other knowledge of the event"), "body"));
}

TEST_F(AnswerMemoryTest, RecallsNothingBeforeAllOfItIsKnownToBeStored) {
  const Fetch asked = fetch("/a", 2);
  remember(asked, "body");
  EXPECT_FALSE(recalls(asked, "body"));
  const ContentHash name = AnswerMemory::name(asked);
  for (const auto& [event, position] : {std::pair(0, 0), {0, 1}, {1, 0}}) {
    const auto part =
        memory.part_of(name, static_cast<std::size_t>(event), static_cast<std::size_t>(position),
                       record(std::to_string(event + 1), position == 0 ? "btts" : "three_way"));
    memory.stored(part, kStored);
    memory.stored(part, kStored);  // twice is not two of them
    EXPECT_FALSE(recalls(asked, "body"));
  }
  memory.stored(memory.part_of(name, 1, 1, record("2", "three_way")), kStored);
  EXPECT_TRUE(recalls(asked, "body"));
}

TEST_F(AnswerMemoryTest, WhatIsReportedOfAnOlderAnswerIsNotTakenForTheNewerOne) {
  const Fetch asked = fetch("/a");
  const ContentHash name = AnswerMemory::name(asked);
  remember(asked, "old");
  const auto old_btts = memory.part_of(name, 0, 0, record("1", "btts"));
  const auto old_three_way = memory.part_of(name, 0, 1, record("1", "three_way"));
  remember(asked, "new");
  memory.stored(old_btts, kStored);
  memory.stored(old_three_way, kStored);
  EXPECT_FALSE(recalls(asked, "old"));
  EXPECT_FALSE(recalls(asked, "new"));
  store_all(asked);
  EXPECT_TRUE(recalls(asked, "new"));
}

TEST_F(AnswerMemoryTest, TellsOfEveryEventAndBetTypeInTheirOrder) {
  const Fetch asked = fetch("/a", 3);
  Mapping answer;
  answer.records = {record("2", "three_way")};
  answer.records[0].start_time = UtcMillis{5};
  answer.records.push_back(record("2", "btts"));
  answer.records[1].line = Line{2'500};
  answer.records.push_back(record("2", "btts"));
  answer.records[2].segment = "first_half";
  answer.not_offered = {{"1", "three_way"}, {"1", "btts"}};
  answer.missing_events = {"3"};
  const ContentHash name = AnswerMemory::name(asked);
  memory.remember(name, asked, content_hash("body"), answer);
  EXPECT_FALSE(recalls(asked, "body"));
  for (std::size_t i = 0; i < 3; ++i)
    memory.stored(memory.part_of(name, 1, i == 0 ? 1 : 0, answer.records[i]),
                  {7, static_cast<std::uint64_t>(i)});
  const auto* said = memory.recall(name, asked, content_hash("body"));
  ASSERT_TRUE(said);
  ASSERT_EQ(said->size(), 7U);
  using What = SaidBefore::What;
  const std::vector<std::tuple<int, int, What>> expected{
      {0, 0, What::NotOffered},  {0, 1, What::NotOffered}, {1, 0, What::Record},
      {1, 0, What::Record},      {1, 1, What::Record},     {2, 0, What::MissingEvent},
      {2, 1, What::MissingEvent}};
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(std::tuple(int{(*said)[i].event}, int{(*said)[i].bet_type}, (*said)[i].what),
              expected[i]);
  EXPECT_EQ((*said)[4].content, (ContentHash{7, 0}));
  EXPECT_EQ((*said)[4].start_time, UtcMillis{5});
  std::set<std::pair<std::string, bool>> markets;
  for (const std::size_t i : {2U, 3U})
    markets.emplace(memory.segment((*said)[i].segment), (*said)[i].line == Line{2'500});
  EXPECT_EQ(markets, (std::set<std::pair<std::string, bool>>{{std::string(kFullTime), true},
                                                             {"first_half", false}}));
}

TEST_F(AnswerMemoryTest, DoesNotRememberAnAnswerInWhichAMarketCouldNotBeRead) {
  const Fetch asked = fetch("/a");
  Mapping answer;
  answer.not_offered = {{"1", "btts"}};
  memory.remember(AnswerMemory::name(asked), asked, content_hash("body"), answer);
  EXPECT_FALSE(recalls(asked, "body"));
  EXPECT_EQ(memory.bytes(), 0U);
}

TEST_F(AnswerMemoryTest, ForgetsTheLeastRecentlyUsedWhenItIsFull) {
  remember(fetch("/a", 4), "x");
  memory = AnswerMemory(2 * memory.bytes());
  for (const char* url : {"/a", "/b"}) {
    remember(fetch(url, 4), "x");
    store_all(fetch(url, 4));
  }
  ASSERT_TRUE(recalls(fetch("/a", 4), "x"));
  remember(fetch("/c", 4), "x");
  store_all(fetch("/c", 4));
  EXPECT_TRUE(recalls(fetch("/a", 4), "x"));
  EXPECT_FALSE(recalls(fetch("/b", 4), "x"));
  EXPECT_TRUE(recalls(fetch("/c", 4), "x"));
}

TEST_F(AnswerMemoryTest, DoesNotKeepWhatIsLargerThanItself) {
  memory = AnswerMemory(1'000);
  remember(fetch("/a", 50), "x");
  EXPECT_EQ(memory.bytes(), 0U);
}

TEST_F(AnswerMemoryTest, HoldsAHundredThousandEventsAskedForOneByOneAndForgetsThemAll) {
  memory = AnswerMemory(std::size_t{40} << 20U);
  for (int i = 0; i < 100'000; ++i) remember(fetch("/" + std::to_string(i)), "x");
  store_all(fetch("/0"));
  EXPECT_TRUE(recalls(fetch("/0"), "x"));
  for (int i = 0; i < 100'000; ++i)
    memory.forget(AnswerMemory::name(fetch("/" + std::to_string(i))));
  EXPECT_EQ(memory.bytes(), 0U);
}

}  // namespace
}  // namespace oddsloom
