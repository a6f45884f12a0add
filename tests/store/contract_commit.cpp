// Contract of commits as a whole: all or nothing, order of reports, back-pressure.
#include "store/store_under_test.h"

namespace oddsloom::test {
namespace {

using std::chrono::seconds;

class CommitContract : public ContractTest {
 protected:
  static inline const StreamId stream_ = stream_of("three_way");
};
ODDSLOOM_FOR_EVERY_STORE(CommitContract);

TEST_P(CommitContract, RecordsAndAcknowledgementsAreStoredTogether) {
  must(work_->append(stream_, entries_for(1, 2)));
  const auto entries = claim({stream_});
  EXPECT_EQ(
      must(oddsloom::commit(*book_, {{record_of("1"), record_of("2")}, refs_of(entries), {}, {}})),
      std::vector<Committed>(2, Committed::Created));
  EXPECT_EQ(must(work_->backlog({stream_})), 0u);
  EXPECT_EQ(must(reader_->counts()).documents, 2u);
}

TEST_P(CommitContract, OneUnknownBetTypeAndNothingOfTheBatchIsStored) {
  must(work_->append(stream_, entries_for(1, 3)));
  const auto entries = claim({stream_});
  Record odd = record_of("2");
  odd.bet_type = "throw_ins";
  const auto committed = oddsloom::commit(*book_, {{record_of("1"), odd, record_of("3")},
                                                   {entries[0].ref},
                                                   {{entries[1].ref, clock_.now()}},
                                                   {{entries[2].ref, "why"}}});
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().kind, ErrorKind::Invalid);
  EXPECT_NE(committed.error().text().find("throw_ins"), std::string::npos)
      << committed.error().text();
  const StoreCounts counts = must(reader_->counts());
  EXPECT_EQ(counts.documents + counts.records + counts.announcements + counts.changes, 0u);
  EXPECT_EQ(counts.dead, 0u);
  EXPECT_EQ(statistics_of(stream_).pending, 3u);
}

TEST_P(CommitContract, AFailingBatchDoesNotHarmItsNeighbours) {
  Record odd = record_of("2");
  odd.bet_type = "throw_ins";
  book_->submit({{record_of("1")}, {}, {}, {}});
  book_->submit({{odd}, {}, {}, {}});
  book_->submit({{record_of("3")}, {}, {}, {}});
  std::vector<bool> stored;
  while (book_->uncollected() > 0)
    for (const CommitReport& report : book_->collect(seconds(30)))
      stored.push_back(report.result.has_value());
  EXPECT_EQ(stored, (std::vector<bool>{true, false, true}));
  EXPECT_EQ(must(reader_->counts()).documents, 2u);
}

TEST_P(CommitContract, ReportsComeInTheOrderOfSubmissionAndManyMayBeSubmittedWithoutCollecting) {
  std::vector<std::uint64_t> tickets, reported;
  const std::size_t many = 5 * MatchBook::kMostUncollected;
  for (std::size_t i = 0; i < many; ++i)
    tickets.push_back(book_->submit({{record_of(std::to_string(i))}, {}, {}, {}}));
  EXPECT_EQ(book_->uncollected(), many);
  while (book_->uncollected() > 0)
    for (const CommitReport& report : book_->collect(seconds(30))) {
      EXPECT_TRUE(report.result);
      EXPECT_EQ(report.records, std::vector<Committed>{Committed::Created});
      reported.push_back(report.ticket);
    }
  EXPECT_EQ(reported, tickets);
  EXPECT_TRUE(book_->collect(Millis(0)).empty());
}

TEST_P(CommitContract, WhatOneBookSubmitsIsReportedToThatBook) {
  const auto other = must(store_->match_book());
  book_->submit({{record_of("1")}, {}, {}, {}});
  other->submit({{record_of("2")}, {}, {}, {}});
  while (book_->uncollected() > 0) EXPECT_LE(book_->collect(seconds(30)).size(), 1u);
  while (other->uncollected() > 0) EXPECT_LE(other->collect(seconds(30)).size(), 1u);
  EXPECT_EQ(must(reader_->counts()).documents, 2u);
}

TEST_P(CommitContract, WhatWasSubmittedIsStoredEvenIfNobodyCollects) {
  for (int i = 0; i < 6; ++i) book_->submit({{record_of(std::to_string(i))}, {}, {}, {}});
  reopen();
  EXPECT_EQ(must(reader_->counts()).documents, 6u);
}

TEST_P(CommitContract, AnEmptyBatchIsReportedToo) {
  EXPECT_TRUE(must(oddsloom::commit(*book_, {})).empty());
}

TEST_P(CommitContract, TheSameRecordTwiceInABatchIsJudgedInOrder) {
  EXPECT_EQ(
      commit_records({record_of("1", 2'060, kNoon), record_of("1", 2'110, kNoon + seconds(1)),
                      record_of("1", 1'900, kNoon), record_of("1", 2'110, kNoon + seconds(2))}),
      (std::vector<Committed>{Committed::Created, Committed::Merged, Committed::Stale,
                              Committed::Same}));
}

TEST_P(CommitContract, CommittingABatchAgainHasNoFurtherEffect) {
  const std::vector<Record> records{record_of("1"), record_of("2")};
  commit_records(records);
  const StoreCounts before = must(reader_->counts());
  EXPECT_EQ(commit_records(records), std::vector<Committed>(2, Committed::Same));
  const StoreCounts after = must(reader_->counts());
  EXPECT_EQ(before.documents, after.documents);
  EXPECT_EQ(before.changes, after.changes);
  EXPECT_EQ(before.announcements, after.announcements);
}

}  // namespace
}  // namespace oddsloom::test
