// Contract of lines: a market with a line is kept per line, and lines that an answer no longer
// holds are withdrawn by those it does.
#include <algorithm>

#include "store/store_under_test.h"

namespace oddsloom::test {
namespace {

using std::chrono::seconds;

class LinesContract : public ContractTest {
 protected:
  static Record total(std::int32_t line, UtcMillis at = kNoon, const std::string& event = "1") {
    Record record = record_of(event, 2'060, at);
    record.bet_type = "totals";
    record.line = Line{line};
    record.outcomes.resize(2);
    record.outcomes[0].key = "over";
    record.outcomes[1].key = "under";
    return record;
  }
  static LinesOffered only(std::vector<Line> lines, UtcMillis at, const std::string& event = "1") {
    RecordId id = total(0, at, event).id();
    id.line.reset();
    return {std::move(id), std::move(lines), at, 0};
  }
  void keep(std::vector<LinesOffered> lines, std::vector<Record> records = {}) {
    CommitBatch batch;
    batch.records = std::move(records);
    batch.lines = std::move(lines);
    settle(std::move(batch));
  }
  bool is_offered(std::int32_t line, const std::string& event = "1") {
    return stored(total(line, kNoon, event)).offered;
  }
  std::uint64_t changes() { return must(reader_->counts()).changes; }
};
ODDSLOOM_FOR_EVERY_STORE(LinesContract);

TEST_P(LinesContract, ALineThatIsNotAmongThoseOfferedIsWithdrawn) {
  commit_records({total(1'500), total(2'500), total(3'500), total(2'500, kNoon, "2")});
  const auto before = changes();
  keep({only({Line{2'500}}, kNoon + seconds(5))}, {total(2'500, kNoon + seconds(5))});
  EXPECT_TRUE(is_offered(2'500));
  EXPECT_TRUE(is_offered(2'500, "2"));
  for (const std::int32_t line : {1'500, 3'500}) {
    const Record record = stored(total(line));
    EXPECT_FALSE(record.offered) << line;
    EXPECT_EQ(record.status, Status::Closed);
    EXPECT_EQ(record.observed_at, kNoon + seconds(5));
    EXPECT_EQ(record.changed_at, kNoon + seconds(5));
    EXPECT_TRUE(std::none_of(record.outcomes.begin(), record.outcomes.end(),
                             [](const Outcome& outcome) { return outcome.usable; }));
  }
  EXPECT_EQ(changes(), before + 2);
}

TEST_P(LinesContract, LinesThatCameInTheSameCommitStay) {
  keep({only({Line{1'500}, Line{-250}}, kNoon)}, {total(1'500), total(-250)});
  EXPECT_TRUE(is_offered(1'500));
  EXPECT_TRUE(is_offered(-250));
}

TEST_P(LinesContract, NoneOfferedWithdrawsAllOfThem) {
  commit_records({total(1'500), total(2'500)});
  keep({only({}, kNoon + seconds(1))});
  EXPECT_FALSE(is_offered(1'500));
  EXPECT_FALSE(is_offered(2'500));
}

TEST_P(LinesContract, AWithdrawalWithoutALineIsOfAllOfThem) {
  commit_records({total(1'500), total(2'500)});
  Record gone = total(0, kNoon + seconds(1));
  gone.line.reset();
  gone.offered = false;
  gone.outcomes.clear();
  EXPECT_EQ(commit_one(gone), Committed::Absent);
  EXPECT_FALSE(is_offered(1'500));
  EXPECT_FALSE(is_offered(2'500));
}

TEST_P(LinesContract, ALineSeenLaterThanTheAnswerIsKept) {
  commit_records({total(1'500, kNoon + seconds(9)), total(2'500)});
  keep({only({}, kNoon + seconds(5))});
  EXPECT_TRUE(is_offered(1'500));
  EXPECT_FALSE(is_offered(2'500));
}

TEST_P(LinesContract, AWithdrawnLineStaysWithdrawnAndAnOlderSightingDoesNotBringItBack) {
  commit_records({total(1'500)});
  keep({only({}, kNoon + seconds(5))});
  const auto before = changes();
  keep({only({}, kNoon + seconds(9))});
  EXPECT_EQ(changes(), before);
  EXPECT_EQ(commit_one(total(1'500, kNoon + seconds(7))), Committed::Stale);
  EXPECT_FALSE(is_offered(1'500));
  EXPECT_EQ(commit_one(total(1'500, kNoon + seconds(10))), Committed::Merged);
  EXPECT_TRUE(is_offered(1'500));
}

TEST_P(LinesContract, LinesThatAnotherSessionStoredAreKnown) {
  commit_records({total(1'500), total(2'500)});
  reopen();
  keep({only({Line{2'500}}, kNoon + seconds(5))});
  EXPECT_FALSE(is_offered(1'500));
  EXPECT_TRUE(is_offered(2'500));
}

TEST_P(LinesContract, OfWhatIsNotStoredNothingIsMade) {
  keep({only({Line{2'500}}, kNoon)});
  const StoreCounts counts = must(reader_->counts());
  EXPECT_EQ(counts.documents + counts.records + counts.changes, 0u);
}

TEST_P(LinesContract, OtherBetTypesAndSourcesAreLeftAlone) {
  Record live = total(1'500);
  live.source = Source::Live;
  commit_records({record_of("1"), live});
  keep({only({}, kNoon + seconds(5))});
  EXPECT_TRUE(stored(record_of("1")).offered);
  EXPECT_TRUE(stored(live).offered);
}

}  // namespace
}  // namespace oddsloom::test
