// Contract of WorkStreams: order, visibility, redelivery.
#include "store/store_under_test.h"

namespace oddsloom::test {
namespace {

using std::chrono::seconds;

class WorkStreamsContract : public ContractTest {};
ODDSLOOM_FOR_EVERY_STORE(WorkStreamsContract);

const StreamId kStream = stream_of("three_way");

TEST_P(WorkStreamsContract, EntriesComeOutInTheOrderTheyWereAppended) {
  const auto ids = must(work_->append(kStream, entries_for(1, 3)));
  must(work_->append(kStream, entries_for(4, 5)));
  const auto entries = claim({kStream});
  EXPECT_EQ(events_of(entries), (std::vector<std::string>{"1", "2", "3", "4", "5"}));
  ASSERT_EQ(ids.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(entries[i].ref, (EntryRef{kStream, ids[i]}));
  EXPECT_EQ(entries[0].work, entry_for("1"));
  EXPECT_EQ(entries[0].appended_at, kNoon);
  EXPECT_EQ(entries[0].deliveries, 1);
  EXPECT_EQ(entries[0].attempts, 0);
}

TEST_P(WorkStreamsContract, EverythingAnEntryKnowsSurvivesTheStream) {
  WorkEntry entry = entry_for("9223372036854775807");
  entry.away = "Bodø/\"Glimt\" \\ Ü";
  entry.competition = "Copa / São";
  entry.sport_id = "14";
  entry.betradar_id = "12345678901234567";
  WorkEntry by_key;
  by_key.data_key = "sportPesa_lst-THREE_WAY_upcoming:1935921600-0-77";
  must(work_->append(kStream, {entry, by_key}));
  const auto entries = claim({kStream});
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].work, entry);
  EXPECT_EQ(entries[1].work.data_key, by_key.data_key);
}

TEST_P(WorkStreamsContract, AClaimedEntryIsNotGivenToAnother) {
  must(work_->append(kStream, entries_for(1, 4)));
  EXPECT_EQ(events_of(claim({kStream}, 3, "a")), (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(events_of(claim({kStream}, 3, "b")), (std::vector<std::string>{"4"}));
  EXPECT_TRUE(claim({kStream}, 3, "a").empty());
}

TEST_P(WorkStreamsContract, AnAbandonedEntryComesBackFirstWhenItsVisibilityHasEnded) {
  must(work_->append(kStream, entries_for(1, 1)));
  claim({kStream}, 1, "gone", seconds(30));
  must(work_->append(kStream, entries_for(2, 2)));
  clock_.advance(seconds(29));
  EXPECT_EQ(events_of(claim({kStream}, 1, "b")), (std::vector<std::string>{"2"}));
  must(work_->append(kStream, entries_for(3, 3)));
  clock_.advance(seconds(1));
  const auto entries = claim({kStream}, 2, "b");
  ASSERT_EQ(events_of(entries), (std::vector<std::string>{"1", "3"}));
  EXPECT_EQ(entries[0].deliveries, 2);
  EXPECT_EQ(entries[0].attempts, 0);
}

TEST_P(WorkStreamsContract, ExtendingKeepsAnEntryFromBeingTakenForAbandoned) {
  must(work_->append(kStream, entries_for(1, 2)));
  const auto held = claim({kStream}, 2, "a", seconds(30));
  clock_.advance(seconds(20));
  must(work_->extend({held[0].ref}, "a", seconds(30)));
  clock_.advance(seconds(20));
  EXPECT_EQ(events_of(claim({kStream}, 2, "b", seconds(30))), (std::vector<std::string>{"2"}));
}

TEST_P(WorkStreamsContract, ExtendingWhatAnotherHoldsChangesNothing) {
  must(work_->append(kStream, entries_for(1, 1)));
  const auto held = claim({kStream}, 1, "a", seconds(30));
  must(work_->extend(refs_of(held), "thief", seconds(3'000)));
  must(work_->extend({{kStream, "no such id"}, {stream_of("btts"), "1"}}, "a", seconds(30)));
  clock_.advance(seconds(30));
  EXPECT_EQ(claim({kStream}, 1, "b").size(), 1u);
}

TEST_P(WorkStreamsContract, EntriesAndClaimsOutliveTheStoreObject) {
  must(work_->append(kStream, entries_for(1, 3)));
  claim({kStream}, 1, "a", seconds(30));
  reopen();
  EXPECT_EQ(events_of(claim({kStream}, 5, "b", seconds(60))), (std::vector<std::string>{"2", "3"}));
  clock_.advance(seconds(30));
  const auto again = claim({kStream}, 5, "b");
  ASSERT_EQ(events_of(again), (std::vector<std::string>{"1"}));
  EXPECT_EQ(again[0].deliveries, 2);
}

TEST_P(WorkStreamsContract, AnEntryThatNamesNoEventIsRefusedAndNothingOfItsCallIsAppended) {
  const auto appended = work_->append(kStream, {entry_for("1"), WorkEntry{}});
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, ErrorKind::Invalid);
  EXPECT_EQ(must(work_->backlog({kStream})), 0u);
}

TEST_P(WorkStreamsContract, BacklogCountsWhatIsNotAcknowledged) {
  const StreamId other = stream_of("btts", 1);
  must(work_->append(kStream, entries_for(1, 5)));
  must(work_->append(other, entries_for(1, 2)));
  const auto held = claim({kStream}, 2);
  EXPECT_EQ(must(work_->backlog({kStream, other})), 7u);
  settle({{}, {held[0].ref}, {}, {}});
  EXPECT_EQ(must(work_->backlog({kStream})), 4u);
  EXPECT_EQ(must(work_->backlog({stream_of("totals", 4)})), 0u);
}

TEST_P(WorkStreamsContract, StatisticsTellWhereEntriesStand) {
  must(work_->append(kStream, entries_for(1, 5)));
  clock_.advance(seconds(7));
  must(work_->append(kStream, entries_for(6, 6)));
  const auto held = claim({kStream}, 4, "host:1:1");
  settle({{},
          {held[0].ref},
          {{held[1].ref, clock_.now() + seconds(5)}},
          {{held[2].ref, "blocked: challenge page"}}});
  const StreamStatistics statistics = statistics_of(kStream);
  EXPECT_EQ(statistics.length, 4u);
  EXPECT_EQ(statistics.pending, 1u);
  EXPECT_EQ(statistics.delayed, 1u);
  EXPECT_EQ(statistics.dead, 1u);
  EXPECT_EQ(statistics.oldest, kNoon);
  EXPECT_EQ(statistics.consumers, (std::vector<std::string>{"host:1:1"}));
}

TEST_P(WorkStreamsContract, StatisticsNameStreamsThatWereOnlyClaimedFrom) {
  EXPECT_TRUE(claim({kStream}).empty());
  EXPECT_EQ(statistics_of(kStream).length, 0u);
  EXPECT_EQ(statistics_of(kStream).oldest, std::nullopt);
}

}  // namespace
}  // namespace oddsloom::test
