// Contract of Reader::seen: when records were last seen and last changed, without the records.
#include <algorithm>
#include <map>

#include "store/store_under_test.h"

namespace oddsloom::test {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class SeenContract : public ContractTest {
 protected:
  using Times = std::map<std::string, std::pair<UtcMillis, UtcMillis>>;  // by event: seen, changed
  Times times(const std::string& bookmaker = "", std::optional<UtcMillis> since = std::nullopt,
              Source source = Source::Upcoming) {
    Times out;
    for (const Seen& seen : must(reader_->seen(bookmaker, source, since, 1'000'000)))
      EXPECT_TRUE(
          out.emplace(seen.id.event_id, std::pair(seen.observed_at, seen.changed_at)).second)
          << "twice: " << seen.id.text();
    return out;
  }
};
ODDSLOOM_FOR_EVERY_STORE(SeenContract);

TEST_P(SeenContract, TellsTheLastSightingAndTheLastChangeOfEachRecord) {
  commit_records({record_of("1"), record_of("2"), record_of("3")});
  EXPECT_EQ(commit_one(record_of("1", 2'060, kNoon + seconds(5))), Committed::Same);
  EXPECT_EQ(commit_one(record_of("2", 2'110, kNoon + seconds(6))), Committed::Merged);
  EXPECT_EQ(times(), (Times{{"1", {kNoon + seconds(5), kNoon}},
                            {"2", {kNoon + seconds(6), kNoon + seconds(6)}},
                            {"3", {kNoon, kNoon}}}));
}

TEST_P(SeenContract, TellsOnlyWhatWasAskedFor) {
  Record other = record_of("9", 2'060, kNoon + seconds(1));
  other.bookmaker = "OtherBook";
  Record live = record_of("7");
  live.source = Source::Live;
  commit_records({record_of("1"), record_of("2", 2'060, kNoon + seconds(2)), other, live});
  EXPECT_EQ(times("OtherBook").size(), 1u);
  EXPECT_EQ(times("Nobody").size(), 0u);
  EXPECT_EQ(times("", std::nullopt, Source::Live), (Times{{"7", {kNoon, kNoon}}}));
  EXPECT_EQ(times("", kNoon).size(), 2u) << "after it, not at it";
  EXPECT_EQ(times("BookieDelta", kNoon).size(), 1u);
  EXPECT_EQ(times("", kNoon + seconds(2)).size(), 0u);
}

TEST_P(SeenContract, WhatWasNotSeenForLongestComesFirstAndOnlySoMany) {
  for (int i = 0; i < 5; ++i)
    commit_one(record_of(std::to_string(i), 2'060, kNoon + seconds((i * 3) % 5)));
  std::vector<std::string> events;
  for (const Seen& seen : must(reader_->seen("", Source::Upcoming, std::nullopt, 3)))
    events.push_back(seen.id.event_id);
  EXPECT_EQ(events, (std::vector<std::string>{"0", "2", "4"}));
}

TEST_P(SeenContract, NamesEachRecordInFull) {
  Record totals = record_of("sr:match:1");
  totals.bet_type = "totals";
  totals.line = Line{2'500};
  totals.outcomes.resize(2);
  totals.outcomes[0].key = "over";
  totals.outcomes[1].key = "under";
  Record half = totals;
  half.segment = "first_half";
  half.line = Line{-750};
  Record three_way = record_of("sr:match:1");
  three_way.segment = "first_half";
  commit_records({totals, half, three_way});
  std::vector<RecordId> ids;
  for (const Seen& seen : must(reader_->seen("", Source::Upcoming, std::nullopt, 100)))
    ids.push_back(seen.id);
  std::sort(ids.begin(), ids.end());
  std::vector<RecordId> expected{totals.id(), half.id(), three_way.id()};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(ids, expected);
}

TEST_P(SeenContract, TellsNothingOfWhatExpired) {
  Record live = record_of("1");
  live.source = Source::Live;
  commit_one(live);
  clock_.advance(hours(7));
  must(store_->tidy());
  EXPECT_EQ(times("", std::nullopt, Source::Live).size(), 0u);
}

TEST_P(SeenContract, LosesNothingOfManyThatWereSeenAtOnce) {
  std::vector<Record> records;
  for (int i = 0; i < 6'100; ++i) records.push_back(record_of(std::to_string(i)));
  for (std::size_t from = 0; from < records.size(); from += 500)
    commit_records(
        {records.begin() + static_cast<std::ptrdiff_t>(from),
         records.begin() + static_cast<std::ptrdiff_t>(std::min(from + 500, records.size()))});
  EXPECT_EQ(times().size(), 6'100u);
}

}  // namespace
}  // namespace oddsloom::test
