// Boards follow a real store, also one that others write, restart and trim.
#include "serve/board_keeper.h"

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace oddsloom::test {
namespace {

constexpr UtcMillis kNoon{1'935'921'600'000};  // 2031-05-07T12:00:00Z

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return *std::move(result);
}

Catalog catalog() {
  Catalog out;
  out.bet_types = BetTypes({{"three_way", {"1", "X", "2"}, false, "THREE_WAY", "3way"},
                            {"totals", {"over", "under"}, true, "TOTALS", "totals"}});
  const std::map<std::pair<Source, std::string>, std::string> sports{
      {{Source::Live, "1"}, "football"}, {{Source::Upcoming, "14"}, "football"}};
  out.bookmakers = {{"BookieAlpha",
                     "bookiealpha",
                     "Bookie Alpha",
                     {"ke"},
                     Millis(15'000),
                     Millis(180'000),
                     sports},
                    {"BookieDelta",
                     "bookiedelta",
                     "Bookie Delta",
                     {"ke"},
                     Millis(15'000),
                     Millis(180'000),
                     sports}};
  return out;
}

Record record_of(const std::string& event, std::int32_t price, UtcMillis observed,
                 Source source = Source::Upcoming) {
  Record record;
  record.bookmaker = "BookieDelta";
  record.bet_type = "three_way";
  record.source = source;
  record.event_id = event;
  record.home = "Northgate Rovers";
  record.away = "Southquay United";
  record.start_time = kNoon + Millis(source == Source::Live ? -600'000 : 3'600'000);
  record.competition = "Invented League";
  record.sport_id = source == Source::Live ? "1" : "14";
  record.outcomes = {{"1", Price{price}, Status::Open, true, "501", "Northgate Rovers"},
                     {"X", Price{3'400}, Status::Open, true, "502", "Draw"},
                     {"2", Price{3'925}, Status::Open, true, "503", "Southquay United"}};
  record.observed_at = observed;
  return record;
}

// Links in memory: what the keeper needs of a book.
class PaperLinks : public LinkBook {
 public:
  Result<void> put(const std::vector<Link>& links) override {
    page.links = links;
    ++page.revision;
    return {};
  }
  Result<void> undo(const EventId& event, UtcMillis at) override {
    Link link;
    link.event = event;
    link.undone_at = at;
    page.links = {link};
    ++page.revision;
    return {};
  }
  Result<void> forget(const EventId&) override { return {}; }
  Result<Page> read(std::uint64_t after) override {
    return after == page.revision ? Page{{}, {}, page.revision} : page;
  }
  Page page;
};

class BoardKeeperTest : public ::testing::Test {
 protected:
  BoardKeeperTest() { open(1'000'000); }

  void open(std::uint64_t most_changes) {
    keeper_.reset();
    book_.reset();
    store_.reset();
    StoreOptions options;
    options.bet_types = catalog_.bet_types;
    options.most_changes = most_changes;
    options.clock = [this] { return now_; };
    store_ = must(open_store("sqlite:" + dir_.file("store.db"), options));
    book_ = must(store_->match_book());
  }
  void put(const std::vector<Record>& records) {
    CommitBatch batch;
    batch.records = records;
    must(commit(*book_, std::move(batch)));
  }
  BoardKeeper& keeper() {
    if (!keeper_) {
      auto links = std::make_unique<PaperLinks>();
      links_ = links.get();
      keeper_ = std::make_unique<BoardKeeper>(catalog_, must(store_->reader()), std::move(links));
    }
    return *keeper_;
  }
  // Turns until nothing is left to read at this moment.
  BoardTurn settle() {
    BoardTurn all;
    for (int i = 0; i < 20; ++i) {
      BoardTurn one = keeper().turn(now_);
      EXPECT_EQ(one.trouble, "");
      if (one.board) all.board = one.board;
      all.gap |= one.gap;
      for (auto& change : one.changes) all.changes.push_back(std::move(change));
    }
    return all;
  }

  UtcMillis now_ = kNoon;
  TempDir dir_;
  Catalog catalog_ = catalog();
  std::unique_ptr<Store> store_;
  std::unique_ptr<MatchBook> book_;
  PaperLinks* links_ = nullptr;
  std::unique_ptr<BoardKeeper> keeper_;
};

TEST_F(BoardKeeperTest, AnEmptyStoreMakesAnEmptyBoardOnce) {
  EXPECT_FALSE(keeper().ready());
  const BoardTurn turn = settle();
  ASSERT_TRUE(turn.board);
  EXPECT_TRUE(turn.gap);
  EXPECT_TRUE(turn.board->matches.empty());
  EXPECT_EQ(turn.board->find("nothing"), nullptr);
  EXPECT_FALSE(settle().board);
}

TEST_F(BoardKeeperTest, WhatIsStoredAtTheStartIsOnTheFirstBoard) {
  put({record_of("1", 2'060, kNoon), record_of("2", 1'900, kNoon, Source::Live)});
  const BoardTurn turn = settle();
  ASSERT_TRUE(turn.board);
  ASSERT_EQ(turn.board->matches.size(), 2U);
  const BoardMatch& live = *turn.board->matches[0];
  EXPECT_TRUE(live.live);
  EXPECT_EQ(live.sport, "football");
  EXPECT_EQ(live.home, "Northgate Rovers");
  EXPECT_EQ(live.competition, "Invented League");
  EXPECT_EQ(live.id, match_id_of({"BookieDelta", Source::Live, "2"}));
  EXPECT_FALSE(turn.board->matches[1]->live);
  EXPECT_EQ(turn.board->find(live.id), &live);
  EXPECT_TRUE(turn.changes.empty());
}

TEST_F(BoardKeeperTest, AChangeIsToldAndOnlyItsMatchIsMadeAnew) {
  put({record_of("1", 2'060, kNoon), record_of("2", 1'900, kNoon)});
  const auto before = settle().board;
  now_ = kNoon + Millis(500);
  put({record_of("1", 2'100, now_)});
  const BoardTurn turn = settle();
  ASSERT_TRUE(turn.board);
  EXPECT_FALSE(turn.gap);
  ASSERT_EQ(turn.changes.size(), 1U);
  const BoardChange& change = turn.changes[0];
  EXPECT_EQ(change.match_id, match_id_of({"BookieDelta", Source::Upcoming, "1"}));
  EXPECT_EQ(change.before->outcomes[0].price, Price{2'060});
  EXPECT_EQ(change.after->outcomes[0].price, Price{2'100});
  EXPECT_EQ(turn.board->sequence, change.sequence);
  EXPECT_NE(turn.board->find(change.match_id), before->find(change.match_id));
  const std::string other = match_id_of({"BookieDelta", Source::Upcoming, "2"});
  EXPECT_EQ(turn.board->find(other), before->find(other));
  EXPECT_EQ(turn.board->index, before->index);
}

TEST_F(BoardKeeperTest, ASightingMovesTheTimeAndSharesTheRecord) {
  put({record_of("1", 2'060, kNoon)});
  const auto before = settle().board;
  now_ = kNoon + Millis(20'000);
  put({record_of("1", 2'060, now_)});
  const BoardTurn turn = settle();
  ASSERT_TRUE(turn.board);
  EXPECT_TRUE(turn.changes.empty());
  const BoardMarket& was = before->matches[0]->events[0].markets[0];
  const BoardMarket& is = turn.board->matches[0]->events[0].markets[0];
  EXPECT_EQ(is.record, was.record);
  EXPECT_EQ(was.observed_at, kNoon);
  EXPECT_EQ(is.observed_at, now_);
}

TEST_F(BoardKeeperTest, NoChangeIsLostBetweenTheLogAndTheDocuments) {
  put({record_of("1", 2'060, kNoon)});
  settle();
  std::size_t told = 0;
  for (int i = 1; i <= 40; ++i) {
    now_ = kNoon + Millis(10'000 * i);  // documents are due in every turn
    put({record_of("1", 2'060 + i, now_)});
    for (const BoardChange& change : keeper().turn(now_).changes) {
      ++told;
      EXPECT_EQ(change.after->outcomes[0].price->thousandths, 2'060 + static_cast<int>(told));
    }
  }
  EXPECT_EQ(told, 40U);
}

TEST_F(BoardKeeperTest, MarketsStandByBetTypeSegmentAndLine) {
  std::vector<Record> records{record_of("1", 2'060, kNoon)};
  for (const std::int32_t line : {3'500, 2'500}) {
    Record totals = records[0];
    totals.bet_type = "totals";
    totals.line = Line{line};
    totals.outcomes = {{"over", Price{1'900}, Status::Open, true, "1", "Over"},
                       {"under", Price{1'900}, Status::Open, true, "2", "Under"}};
    records.insert(records.begin(), totals);
  }
  put(records);
  const auto board = settle().board;
  const auto& markets = board->matches.at(0)->events.at(0).markets;
  ASSERT_EQ(markets.size(), 3U);
  EXPECT_EQ(markets[0].record->bet_type, "three_way");
  EXPECT_EQ(markets[1].record->line, Line{2'500});
  EXPECT_EQ(markets[2].record->line, Line{3'500});
}

TEST_F(BoardKeeperTest, LinkedEventsAreOneMatchUntilTheLinkIsUndone) {
  Record other = record_of("77", 2'000, kNoon);
  other.bookmaker = "BookieAlpha";
  other.home = "Northgate R.";
  put({record_of("1", 2'060, kNoon), other});
  ASSERT_EQ(settle().board->matches.size(), 2U);
  const std::string id = match_id_of({"BookieDelta", Source::Upcoming, "1"});
  Link link;
  link.event = {"BookieAlpha", Source::Upcoming, "77"};
  link.match_id = id;
  link.method = "betradar";
  link.evidence = "betradar 61239123, names agree, with BookieDelta upcoming 1";
  link.linked_at = kNoon;
  ASSERT_TRUE(links_->put({link}));
  now_ = now_ + Millis(1'000);
  const auto linked = settle().board;
  ASSERT_TRUE(linked);
  ASSERT_EQ(linked->matches.size(), 1U);
  ASSERT_NE(linked->find(id), nullptr);
  ASSERT_EQ(linked->find(id)->events.size(), 2U);
  EXPECT_EQ(linked->find(id)->events[0].bookmaker, "BookieAlpha");
  ASSERT_TRUE(linked->find(id)->events[0].link);
  EXPECT_EQ(linked->find(id)->events[0].link->method, "betradar");
  EXPECT_EQ(linked->find(id)->events[0].link->evidence, link.evidence);
  EXPECT_EQ(linked->find(id)->events[0].link->linked_at, kNoon);
  EXPECT_FALSE(linked->find(id)->events[1].link);
  EXPECT_EQ(linked->find(id)->home, "Northgate R.");  // the first by name
  ASSERT_TRUE(links_->undo(link.event, now_));
  now_ = now_ + Millis(1'000);
  EXPECT_EQ(settle().board->matches.size(), 2U);
}

TEST_F(BoardKeeperTest, ALiveMatchThatIsNotSeenWhileOthersAreIsOver) {
  put({record_of("2", 1'900, kNoon, Source::Live), record_of("3", 1'900, kNoon, Source::Live)});
  ASSERT_EQ(settle().board->matches.size(), 2U);
  const std::string id = match_id_of({"BookieDelta", Source::Live, "2"});
  now_ = kNoon + Millis(120'000);
  put({record_of("3", 1'900, now_, Source::Live)});
  EXPECT_TRUE(settle().board->find(id)->live);
  now_ = kNoon + Millis(121'000);
  put({record_of("3", 1'900, now_, Source::Live)});
  const auto board = settle().board;
  EXPECT_FALSE(board->find(id)->live);
  EXPECT_TRUE(board->find(id)->was_live);
  EXPECT_EQ(board->matches.back()->id, id);  // live ones first
}

TEST_F(BoardKeeperTest, AnOutageEndsNoMatchForHalfAnHour) {
  put({record_of("2", 1'900, kNoon, Source::Live)});
  ASSERT_TRUE(settle().board->matches.at(0)->live);
  now_ = kNoon + Millis(30 * 60'000);
  EXPECT_FALSE(settle().board);
  now_ = now_ + Millis(1);
  const auto board = settle().board;
  ASSERT_TRUE(board);
  EXPECT_FALSE(board->matches.at(0)->live);
}

TEST_F(BoardKeeperTest, WhatTheStoreRemovesLeavesTheBoard) {
  put({record_of("1", 2'060, kNoon)});
  ASSERT_EQ(settle().board->matches.size(), 1U);
  now_ = kNoon + Millis(3'600'000 * 8);
  ASSERT_TRUE(store_->tidy());
  const auto board = settle().board;
  ASSERT_TRUE(board);
  EXPECT_TRUE(board->matches.empty());
}

TEST_F(BoardKeeperTest, ALogTrimmedPastTheCursorIsReadAnewWithAGap) {
  open(10);
  put({record_of("1", 2'060, kNoon)});
  settle();
  std::vector<Record> moves;
  for (int i = 1; i <= 3'000; ++i) moves.push_back(record_of("1", 2'060 + i, kNoon + Millis(i)));
  put(moves);
  ASSERT_TRUE(store_->tidy());
  now_ = kNoon + Millis(3'000);
  const BoardTurn turn = settle();
  ASSERT_TRUE(turn.board);
  EXPECT_TRUE(turn.gap);
  EXPECT_EQ(turn.board->matches.at(0)->events.at(0).markets.at(0).record->outcomes[0].price,
            Price{5'060});
}

TEST_F(BoardKeeperTest, ATurnReadsABoundedNumberOfChanges) {
  put({record_of("1", 2'060, kNoon)});
  BoardKeeper::Rhythm rhythm;
  rhythm.most_changes = 7;
  keeper_ = std::make_unique<BoardKeeper>(catalog_, must(store_->reader()), nullptr, rhythm);
  settle();
  EXPECT_TRUE(keeper_->ready());
  for (int i = 1; i <= 20; ++i) put({record_of("1", 2'060 + i, kNoon + Millis(i))});
  EXPECT_EQ(keeper_->turn(kNoon).changes.size(), 7U);
  EXPECT_EQ(keeper_->turn(kNoon).changes.size(), 7U);
  EXPECT_EQ(keeper_->turn(kNoon).changes.size(), 6U);
}

}  // namespace
}  // namespace oddsloom::test
