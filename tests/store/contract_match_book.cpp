// Contract of the match book: what becomes of one record.
#include "store/store_under_test.h"

namespace oddsloom::test {
namespace {

using std::chrono::seconds;

class MatchBookContract : public ContractTest {
 protected:
  std::size_t changes_of(const Record& record) {
    return must(reader_->history(record.id(), 1'000)).size();
  }
};
ODDSLOOM_FOR_EVERY_STORE(MatchBookContract);

TEST_P(MatchBookContract, ANewRecordBecomesADocumentAnnouncedOnce) {
  const Record record = record_of("9124285");
  EXPECT_EQ(commit_one(record), Committed::Created);
  const auto key = must(reader_->find(record.id()));
  const std::string k = GetParam().k("THREE_WAY");
  EXPECT_EQ(key, "BookieDelta_" + k + ":1935921600-0-9124285");
  const auto announced = must(reader_->announcements(k + "_stream", 0, 10));
  ASSERT_EQ(announced.size(), 1u);
  EXPECT_EQ(announced[0].data_key, *key);
  if (GetParam().own_clock)
    EXPECT_NEAR(static_cast<double>(announced[0].at.value), static_cast<double>(now_utc().value),
                60'000);
  else
    EXPECT_EQ(announced[0].at, kNoon);
  EXPECT_EQ(changes_of(record), 1u);
  Record expected = record;
  expected.changed_at = record.observed_at;
  EXPECT_EQ(to_json(stored(record)), to_json(expected));
}

TEST_P(MatchBookContract, TheSameContentOnlyMovesTheSighting) {
  commit_one(record_of("1", 2'060, kNoon));
  EXPECT_EQ(commit_one(record_of("1", 2'060, kNoon + seconds(5))), Committed::Same);
  EXPECT_EQ(stored(record_of("1")).observed_at, kNoon + seconds(5));
  EXPECT_EQ(stored(record_of("1")).changed_at, kNoon);
  EXPECT_EQ(changes_of(record_of("1")), 1u);
  EXPECT_EQ(must(reader_->counts()).announcements, 1u);
}

TEST_P(MatchBookContract, AChangedPriceIsMergedAndLoggedOnce) {
  commit_one(record_of("1", 2'060, kNoon));
  EXPECT_EQ(commit_one(record_of("1", 2'110, kNoon + seconds(5))), Committed::Merged);
  EXPECT_EQ(commit_one(record_of("1", 2'110, kNoon + seconds(6))), Committed::Same);
  const Record now = stored(record_of("1"));
  EXPECT_EQ(now.outcomes[0].price, Price{2'110});
  EXPECT_EQ(now.changed_at, kNoon + seconds(5));
  EXPECT_EQ(now.observed_at, kNoon + seconds(6));
  EXPECT_EQ(changes_of(now), 2u);
  EXPECT_EQ(must(reader_->counts()).announcements, 1u);
}

TEST_P(MatchBookContract, ALateAnswerDoesNotOverwriteANewerOne) {
  commit_one(record_of("1", 2'110, kNoon + seconds(5)));
  EXPECT_EQ(commit_one(record_of("1", 1'500, kNoon + seconds(4))), Committed::Stale);
  EXPECT_EQ(stored(record_of("1")).outcomes[0].price, Price{2'110});
  EXPECT_EQ(stored(record_of("1")).observed_at, kNoon + seconds(5));
  EXPECT_EQ(changes_of(record_of("1")), 1u);
}

TEST_P(MatchBookContract, EqualTimesAreNotOlder) {
  commit_one(record_of("1", 2'060));
  EXPECT_EQ(commit_one(record_of("1", 2'060)), Committed::Same);
  EXPECT_EQ(commit_one(record_of("1", 2'110)), Committed::Merged);
}

TEST_P(MatchBookContract, WhatANewerSightingDoesNotKnowIsKept) {
  commit_one(record_of("1", 2'060));
  Record poorer = record_of("1", 2'060, kNoon + seconds(1));
  poorer.home.clear();
  poorer.start_time.reset();
  poorer.betradar_id.clear();
  EXPECT_EQ(commit_one(poorer), Committed::Same) << "nothing it says is new";
  poorer.outcomes[0].price = Price{2'110};
  poorer.observed_at = kNoon + seconds(2);
  EXPECT_EQ(commit_one(poorer), Committed::Merged);
  const Record now = stored(poorer);
  EXPECT_EQ(now.outcomes[0].price, Price{2'110});
  EXPECT_EQ(now.home, "Northgate Rovers");
  EXPECT_EQ(now.start_time, record_of("1").start_time);
  EXPECT_EQ(now.betradar_id, "771");
}

TEST_P(MatchBookContract, AnOutcomeThatVanishedFromTheFeedVanishesFromTheRecord) {
  commit_one(record_of("1"));
  Record fewer = record_of("1", 2'060, kNoon + seconds(1));
  fewer.outcomes.pop_back();
  EXPECT_EQ(commit_one(fewer), Committed::Merged);
  EXPECT_EQ(stored(fewer).outcomes.size(), 2u);
  fewer.outcomes.clear();
  fewer.observed_at = kNoon + seconds(2);
  EXPECT_EQ(commit_one(fewer), Committed::Merged);
  EXPECT_TRUE(stored(fewer).outcomes.empty());
}

TEST_P(MatchBookContract, AWithdrawnMarketIsNoLongerUsable) {
  commit_one(record_of("1"));
  Record gone = record_of("1", 2'060, kNoon + seconds(5));
  gone.offered = false;
  gone.outcomes.clear();
  EXPECT_EQ(commit_one(gone), Committed::Merged);
  Record now = stored(gone);
  EXPECT_FALSE(now.offered);
  EXPECT_EQ(now.status, Status::Closed);
  EXPECT_EQ(now.observed_at, kNoon + seconds(5));
  ASSERT_EQ(now.outcomes.size(), 3u);
  for (const Outcome& outcome : now.outcomes) EXPECT_FALSE(outcome.usable);
  gone.observed_at = kNoon + seconds(6);
  EXPECT_EQ(commit_one(gone), Committed::Same);
  EXPECT_EQ(changes_of(gone), 2u);
  EXPECT_EQ(commit_one(record_of("1", 2'060, kNoon + seconds(7))), Committed::Merged);
  now = stored(gone);
  EXPECT_TRUE(now.offered);
  EXPECT_TRUE(now.outcomes.at(0).usable);
}

TEST_P(MatchBookContract, ALateWithdrawalIsStaleAndOneOfTheUnknownIsAbsent) {
  commit_one(record_of("1", 2'060, kNoon + seconds(5)));
  Record gone = record_of("1", 2'060, kNoon);
  gone.offered = false;
  EXPECT_EQ(commit_one(gone), Committed::Stale);
  gone.event_id = "2";
  EXPECT_EQ(commit_one(gone), Committed::Absent);
  EXPECT_EQ(must(reader_->counts()).documents, 1u);
  EXPECT_EQ(must(reader_->counts()).changes, 1u);
}

TEST_P(MatchBookContract, AnEventThatMovesFromTomorrowToTodayKeepsItsDocument) {
  Record record = record_of("1");
  record.period = 1;
  commit_one(record);
  const auto key = must(reader_->find(record.id()));
  clock_.advance(seconds(86'400));
  Record today = record_of("1", 2'110, kNoon + seconds(86'400));
  EXPECT_EQ(commit_one(today), Committed::Merged);
  EXPECT_EQ(must(reader_->find(today.id())), key);
  EXPECT_EQ(must(reader_->counts()).documents, 1u);
  EXPECT_EQ(must(reader_->counts()).announcements, 1u);
}

TEST_P(MatchBookContract, EveryPartOfTheIdentityTellsRecordsApart) {
  std::vector<Record> records(7, record_of("1"));
  records[1].event_id = "2";
  records[2].bet_type = "btts";
  records[3].source = Source::Live;
  records[4].segment = "first_half";
  records[5].bet_type = records[6].bet_type = "totals";
  records[5].line = Line{2'500};
  records[6].line = Line{-250};
  EXPECT_EQ(commit_records(records), std::vector<Committed>(7, Committed::Created));
  for (const Record& record : records) EXPECT_EQ(stored(record).id(), record.id());
  EXPECT_EQ(must(reader_->counts()).documents, 7u);
  EXPECT_EQ(commit_records(records), std::vector<Committed>(7, Committed::Same));
}

TEST_P(MatchBookContract, TwoBookmakersWithOneEventIdNeverShareADocumentKey) {
  StoreOptions options = options_with(clock_.clock());
  options.naming.document_prefix = "sportPesa";
  close();
  open(&options);
  Record other = record_of("1");
  other.bookmaker = "OtherBook";
  EXPECT_EQ(commit_records({record_of("1"), other}), std::vector<Committed>(2, Committed::Created));
  const auto first = must(reader_->find(record_of("1").id()));
  const auto second = must(reader_->find(other.id()));
  EXPECT_EQ(first, "sportPesa_" + GetParam().k("THREE_WAY") + ":1935921600-0-1");
  ASSERT_TRUE(second);
  EXPECT_NE(first, second);
  EXPECT_TRUE(second->starts_with(*first)) << *second;
}

TEST_P(MatchBookContract, LongIdsForeignNamesAndOddPricesRoundTripByteForByte) {
  Record record = record_of("9223372036854775807");
  record.home = "Bodø/Glimt \"B\" \\ 日本";
  record.away = "Ñandú's; FC?";
  record.market_id = "12345678901234567890";
  record.outcomes[0] = {"1", std::nullopt, Status::Suspended, false, "9999999999999999999", ""};
  record.outcomes[1].price = Price{1'925};
  record.outcomes[2].price = kHighestPrice;
  record.start_time.reset();
  commit_one(record);
  Record expected = record;
  expected.changed_at = record.observed_at;
  EXPECT_EQ(to_json(stored(record)), to_json(expected));
  EXPECT_EQ(content_hash(stored(record)), content_hash(record));
}

TEST_P(MatchBookContract, ALaterKickOffMovesTheDocument) {
  commit_one(record_of("1"));
  Record moved = record_of("1", 2'060, kNoon + seconds(1));
  moved.start_time = kNoon + seconds(90'000);
  EXPECT_EQ(commit_one(moved), Committed::Merged);
  DocumentFilter filter;
  filter.starts_from = moved.start_time;
  EXPECT_EQ(must(reader_->documents(filter)).size(), 1u);
}

}  // namespace
}  // namespace oddsloom::test
