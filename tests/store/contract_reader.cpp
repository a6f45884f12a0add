// Contract of the reader and of tidying up.
#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "store/store_under_test.h"

namespace oddsloom::test {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class ReaderContract : public ContractTest {
 protected:
  std::vector<std::string> events(const DocumentFilter& filter) {
    std::vector<std::string> out;
    for (const MatchDocument& document : must(reader_->documents(filter)))
      out.push_back(representative(document).event_id);
    return out;
  }
  Record starting(const std::string& event_id, std::optional<UtcMillis> start) {
    Record record = record_of(event_id);
    record.start_time = start;
    return record;
  }
};
ODDSLOOM_FOR_EVERY_STORE(ReaderContract);

using Events = std::vector<std::string>;

TEST_P(ReaderContract, DocumentsComeByKickOffThenKeyAndUnknownKickOffsLast) {
  commit_records({starting("4", std::nullopt), starting("3", kNoon + hours(2)),
                  starting("2", kNoon + hours(1)), starting("1", kNoon + hours(2))});
  EXPECT_EQ(events({}), (Events{"2", "1", "3", "4"}));
  DocumentFilter two;
  two.most = 2;
  EXPECT_EQ(events(two), (Events{"2", "1"}));
}

TEST_P(ReaderContract, EveryMemberOfAFilterNarrows) {
  Record other = starting("1", kNoon + hours(1));
  other.bookmaker = "OtherBook";
  other.home = "Westfield ATHLETIC";
  Record live = starting("2", kNoon);
  live.source = Source::Live;
  Record btts = starting("3", kNoon + hours(3));
  btts.bet_type = "btts";
  btts.competition = "Cup of 100%";
  commit_records({other, live, btts, starting("4", std::nullopt)});
  const auto with = [](auto set) {
    DocumentFilter filter;
    set(filter);
    return filter;
  };
  EXPECT_EQ(events(with([](auto& f) { f.bookmaker = "OtherBook"; })), (Events{"1"}));
  EXPECT_EQ(events(with([](auto& f) { f.bet_type = "btts"; })), (Events{"3"}));
  EXPECT_EQ(events(with([](auto& f) { f.source = Source::Live; })), (Events{"2"}));
  EXPECT_EQ(events(with([](auto& f) { f.event_id = "4"; })), (Events{"4"}));
  EXPECT_EQ(events(with([](auto& f) { f.text = "athletic"; })), (Events{"1"}));
  EXPECT_EQ(events(with([](auto& f) { f.text = "100%"; })), (Events{"3"}));
  EXPECT_EQ(events(with([](auto& f) { f.text = "%"; })), (Events{"3"}));
  EXPECT_EQ(events(with([](auto& f) { f.starts_from = kNoon + hours(1); })), (Events{"1", "3"}));
  EXPECT_EQ(events(with([](auto& f) { f.starts_to = kNoon + hours(1); })), (Events{"2", "1"}));
  EXPECT_EQ(events(with([](auto& f) {
              f.event_id = "1";
              f.bookmaker = "BookieDelta";
            })),
            Events{});
}

TEST_P(ReaderContract, WhatIsNotThereIsNothingAndNoError) {
  EXPECT_EQ(must(reader_->find(record_of("1").id())), std::nullopt);
  EXPECT_FALSE(must(reader_->document("no such key")));
  EXPECT_TRUE(must(reader_->documents({})).empty());
  EXPECT_TRUE(must(reader_->changes(0, 10)).empty());
  EXPECT_TRUE(
      must(reader_->announcements(GetParam().k("BTTS", Source::Live) + "_stream", 0, 10)).empty());
}

TEST_P(ReaderContract, ADocumentTellsWhenABranchLastChanged) {
  commit_one(record_of("1", 2'060, kNoon));
  clock_.advance(seconds(9));
  commit_one(record_of("1", 2'110, kNoon + seconds(8)));
  commit_one(record_of("1", 2'110, kNoon + seconds(9)));
  const auto documents = must(reader_->documents({}));
  ASSERT_EQ(documents.size(), 1u);
  EXPECT_EQ(documents[0].created, kNoon);
  EXPECT_EQ(documents[0].bookie_updated, kNoon + seconds(8));
}

TEST_P(ReaderContract, ChangesAreReadWithACursorInCommitOrder) {
  commit_records({record_of("1"), record_of("2")});
  commit_one(record_of("1", 2'110, kNoon + seconds(1)));
  const auto first = must(reader_->changes(0, 2));
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].record.event_id, "1");
  EXPECT_EQ(first[0].document_key, must(reader_->find(record_of("1").id())));
  const auto rest = must(reader_->changes(first[1].sequence, 10));
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_GT(rest[0].sequence, first[1].sequence);
  EXPECT_EQ(rest[0].record.outcomes[0].price, Price{2'110});
  EXPECT_EQ(rest[0].record.changed_at, kNoon + seconds(1));
}

TEST_P(ReaderContract, TheLogEndsWhereItsNewestChangeIs) {
  EXPECT_EQ(must(reader_->change_log()).end, 0u);
  commit_one(record_of("1"));
  const auto changes = must(reader_->changes(0, 10));
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(must(reader_->change_log()).end, changes[0].sequence);
}

TEST_P(ReaderContract, HistoryIsOfOneRecordOldestFirst) {
  Record other = record_of("1");
  other.bet_type = "btts";
  commit_records({record_of("1"), other, record_of("2")});
  for (int i = 1; i <= 3; ++i) commit_one(record_of("1", 2'060 + 10 * i, kNoon + seconds(i)));
  const auto history = must(reader_->history(record_of("1").id(), 100));
  ASSERT_EQ(history.size(), 4u);
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(history[static_cast<std::size_t>(i)].record.outcomes[0].price, Price{2'060 + 10 * i});
}

TEST_P(ReaderContract, AReaderSeesNothingHalfWrittenWhileOthersWrite) {
  // Every price tells its round.
  const auto prices = [](int round) {
    return std::vector<std::optional<Price>>{Price{2'000 + round}, Price{3'000 + round},
                                             Price{4'000 + round}};
  };
  constexpr int kRounds = 40;
  std::atomic<bool> done{false};
  std::thread writer([&] {
    const auto book = must(store_->match_book());
    for (int round = 0; round < kRounds; ++round) {
      CommitBatch batch;
      for (int i = 0; i < 5; ++i) {
        Record record = record_of(std::to_string(i), 0, kNoon + seconds(round));
        for (std::size_t of = 0; of < record.outcomes.size(); ++of)
          record.outcomes[of].price = prices(round)[of];
        batch.records.push_back(record);
      }
      must(oddsloom::commit(*book, std::move(batch)));
    }
    done = true;
  });
  for (bool last = false; !last;) {
    last = done;
    std::set<int> rounds;
    const auto documents = must(reader_->documents({}));
    for (const MatchDocument& document : documents) {
      const Record& record = representative(document);
      std::vector<std::optional<Price>> seen;
      for (const Outcome& outcome : record.outcomes) seen.push_back(outcome.price);
      const int round = seen.at(0).value().thousandths - 2'000;
      EXPECT_EQ(seen, prices(round)) << "of several commits";
      EXPECT_EQ(record.observed_at, kNoon + seconds(round));
      rounds.insert(round);
    }
    if (GetParam().whole_batches) {
      EXPECT_TRUE(documents.empty() || documents.size() == 5u) << documents.size();
      EXPECT_LE(rounds.size(), 1u) << "of several batches";
    }
    if (last) {
      EXPECT_EQ(documents.size(), 5u);
      EXPECT_EQ(rounds, std::set<int>{kRounds - 1});
    }
  }
  writer.join();
}

TEST_P(ReaderContract, LiveDocumentsGoSoLongAfterTheirLastSighting) {
  Record live = record_of("1");
  live.source = Source::Live;
  commit_one(live);
  clock_.advance(hours(5));
  live.observed_at = clock_.now();
  EXPECT_EQ(commit_one(live), Committed::Same);
  clock_.advance(hours(6) - Millis(1));
  must(store_->tidy());
  EXPECT_EQ(must(reader_->counts()).documents, 1u);
  clock_.advance(Millis(1));
  must(store_->tidy());
  EXPECT_EQ(must(reader_->counts()).documents, 0u);
  EXPECT_EQ(must(reader_->counts()).records, 0u);
  EXPECT_EQ(must(reader_->find(live.id())), std::nullopt);
  live.observed_at = clock_.now();
  EXPECT_EQ(commit_one(live), Committed::Created) << "it is a new document now";
}

TEST_P(ReaderContract, UpcomingDocumentsGoSoLongAfterKickOff) {
  commit_records({starting("1", kNoon + hours(1)), starting("2", std::nullopt),
                  starting("3", kNoon + hours(20))});
  clock_.advance(hours(6));
  must(store_->tidy());
  EXPECT_EQ(events({}), (Events{"1", "3"})) << "an unknown kick-off counts from the last sighting";
  clock_.advance(hours(1));
  must(store_->tidy());
  EXPECT_EQ(events({}), (Events{"3"}));
}

TEST_P(ReaderContract, ZeroKeepsDocumentsForEver) {
  StoreOptions options = options_with(clock_.clock());
  options.keep_live = options.keep_upcoming = Millis(0);
  close();
  open(&options);
  Record live = record_of("1");
  live.source = Source::Live;
  commit_records({live, record_of("2"), starting("3", std::nullopt)});
  clock_.advance(hours(24 * 365));
  must(store_->tidy());
  EXPECT_EQ(must(reader_->counts()).documents, 3u);
}

TEST_P(ReaderContract, TheOldestDeadLettersAreForgottenBeyondTheirNumber) {
  StoreOptions options = options_with(clock_.clock());
  options.most_dead_letters = 3;
  close();
  open(&options);
  const StreamId stream = stream_of("three_way");
  must(work_->append(stream, entries_for(1, 5)));
  for (const Entry& entry : claim({stream})) settle({{}, {}, {}, {{entry.ref, "bad"}}});
  must(store_->tidy());
  std::vector<std::string> kept;
  for (const DeadLetter& letter : must(work_->dead(100))) kept.push_back(letter.work.event_id);
  std::sort(kept.begin(), kept.end());
  EXPECT_EQ(kept, (std::vector<std::string>{"3", "4", "5"}));
}

TEST_P(ReaderContract, ForgettingIdleConsumersLeavesThoseThatHoldSomething) {
  const StreamId stream = stream_of("three_way");
  must(work_->append(stream, entries_for(1, 2)));
  const auto held = claim({stream}, 1, "idle");
  claim({stream}, 1, "holding", hours(48));
  settle({{}, refs_of(held), {}, {}});
  clock_.advance(hours(24));
  must(store_->tidy());
  EXPECT_EQ(statistics_of(stream).consumers, (std::vector<std::string>{"holding"}));
}

}  // namespace
}  // namespace oddsloom::test
