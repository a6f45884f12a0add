// Contract of sightings: a record that is told by its content's hash alone.
#include "store/store_under_test.h"

namespace oddsloom::test {
namespace {

using std::chrono::seconds;

class SightingContract : public ContractTest {
 protected:
  static inline const StreamId stream_ = stream_of("three_way");

  CommitReport report_of(CommitBatch batch) {
    book_->submit(std::move(batch));
    const auto reports = book_->collect(Millis(10'000));
    if (reports.size() != 1) throw std::runtime_error("no report");
    must(reports[0].result);
    return reports[0];
  }
  ContentHash committed(const Record& record) {
    return report_of({{record}, {}, {}, {}}).contents.at(0);
  }
  static Sighting sighting_of(const Record& record, const ContentHash& content, UtcMillis at) {
    return {record.id(), content, at, record.period, record.start_time, {}};
  }
  Committed see(const Sighting& sighting) {
    const CommitReport report = report_of({{}, {}, {}, {}, {sighting}});
    EXPECT_TRUE(report.records.empty());
    return report.sightings.at(0);
  }
  std::uint64_t changes() { return must(reader_->counts()).changes; }
};
ODDSLOOM_FOR_EVERY_STORE(SightingContract);

TEST_P(SightingContract, AReportTellsTheContentThatIsStored) {
  Record record = record_of("1");
  EXPECT_EQ(committed(record), content_hash(record));
  Record knows_less = record_of("1", 3'000, kNoon + seconds(1));
  knows_less.home.clear();
  const ContentHash merged = committed(knows_less);
  EXPECT_EQ(merged, content_hash(stored(record)));
  EXPECT_NE(merged, content_hash(knows_less));
  EXPECT_EQ(committed(knows_less), merged);
}

TEST_P(SightingContract, OfWhatIsStoredMovesNothingButItsAge) {
  const Record record = record_of("1");
  const ContentHash content = committed(record);
  const auto before = changes();
  EXPECT_EQ(see(sighting_of(record, content, kNoon + seconds(9))), Committed::Same);
  Record expected = record;
  expected.observed_at = kNoon + seconds(9);
  EXPECT_EQ(stored(record).observed_at, expected.observed_at);
  EXPECT_EQ(stored(record).changed_at, kNoon);
  EXPECT_EQ(content_hash(stored(record)), content);
  EXPECT_EQ(changes(), before);
}

TEST_P(SightingContract, IsKnownToASessionThatDidNotStoreTheRecord) {
  const Record record = record_of("1");
  const ContentHash content = committed(record);
  reopen();
  EXPECT_EQ(see(sighting_of(record, content, kNoon + seconds(9))), Committed::Same);
  EXPECT_EQ(stored(record).observed_at, kNoon + seconds(9));
}

TEST_P(SightingContract, OlderThanTheLastIsStale) {
  const Record record = record_of("1", 2'060, kNoon + seconds(5));
  const ContentHash content = committed(record);
  EXPECT_EQ(see(sighting_of(record, content, kNoon)), Committed::Stale);
  EXPECT_EQ(stored(record).observed_at, kNoon + seconds(5));
}

TEST_P(SightingContract, OfWhatWasNeverStoredOrHasChangedStoresNothing) {
  const Record record = record_of("1");
  EXPECT_EQ(see(sighting_of(record, content_hash(record), kNoon)), Committed::Absent);
  EXPECT_EQ(must(reader_->counts()).documents, 0u);
  const ContentHash old = committed(record);
  const Record changed = record_of("1", 3'000, kNoon + seconds(1));
  committed(changed);
  const auto before = changes();
  EXPECT_EQ(see(sighting_of(record, old, kNoon + seconds(2))), Committed::Absent);
  EXPECT_EQ(content_hash(stored(record)), content_hash(changed));
  EXPECT_EQ(stored(record).observed_at, kNoon + seconds(1));
  EXPECT_EQ(changes(), before);
  // And the refusal stands in nobody's way.
  EXPECT_EQ(commit_one(record_of("1", 4'000, kNoon + seconds(3))), Committed::Merged);
}

TEST_P(SightingContract, OfAWithdrawnMarketStoresNothing) {
  const Record record = record_of("1");
  const ContentHash content = committed(record);
  Record gone = record;
  gone.offered = false;
  gone.outcomes.clear();
  gone.observed_at = kNoon + seconds(1);
  EXPECT_EQ(commit_one(gone), Committed::Merged);
  EXPECT_EQ(see(sighting_of(record, content, kNoon + seconds(2))), Committed::Absent);
  EXPECT_FALSE(stored(record).offered);
}

TEST_P(SightingContract, EntriesOfThoseThatDoNotHoldGoBackAsIfNeverClaimed) {
  must(work_->append(stream_, entries_for(1, 3)));
  const auto claimed = claim({stream_});
  ASSERT_EQ(claimed.size(), 3u);
  const ContentHash content = committed(record_of("1"));
  Sighting holds = sighting_of(record_of("1"), content, kNoon + seconds(1));
  holds.entries = {claimed[0].ref};
  Sighting does_not = sighting_of(record_of("2"), content, kNoon + seconds(1));
  does_not.entries = {claimed[1].ref};
  const CommitReport report =
      report_of({{record_of("3")}, refs_of(claimed), {}, {}, {holds, does_not}});
  EXPECT_EQ(report.records, std::vector{Committed::Created});
  EXPECT_EQ(report.sightings, (std::vector{Committed::Same, Committed::Absent}));
  EXPECT_EQ(report.put_back, 1u);
  EXPECT_EQ(statistics_of(stream_).length, 1u);
  const auto again = claim({stream_});
  ASSERT_EQ(events_of(again), std::vector<std::string>{"2"});
  EXPECT_EQ(again[0].deliveries, 1);
  EXPECT_EQ(again[0].attempts, 0);
}

TEST_P(SightingContract, AnEntryOfSeveralMarketsIsSettledWhenAllOfThemHold) {
  must(work_->append(stream_, entries_for(1, 1)));
  const auto claimed = claim({stream_});
  const ContentHash content = committed(record_of("1"));
  Sighting holds = sighting_of(record_of("1"), content, kNoon + seconds(1));
  Sighting does_not = holds;
  does_not.id.segment = "first_half";
  holds.entries = does_not.entries = refs_of(claimed);
  EXPECT_EQ(report_of({{}, refs_of(claimed), {}, {}, {holds, does_not}}).put_back, 1u);
  EXPECT_EQ(statistics_of(stream_).length, 1u);
}

}  // namespace
}  // namespace oddsloom::test
