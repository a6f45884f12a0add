// Contract of Reader::as_of, against the plainest way to put a moment together: the whole log, from
// its begin, change by change.
#include <fmt/format.h>

#include <map>
#include <random>

#include "store/redis_session.h"
#include "store/sqlite.h"
#include "support/redis_server.h"

namespace oddsloom::test {
namespace {

using std::chrono::seconds;
using Told = std::map<std::string, std::string>;  // "document key, bookmaker" -> record

std::string name_of(const std::string& key, const std::string& bookmaker) {
  return fmt::format("{}, {}", key, bookmaker);
}

Told replayed(const std::vector<Change>& log, UtcMillis at) {
  Told out;
  for (const Change& change : log)
    if (change.record.changed_at <= at)
      out.insert_or_assign(name_of(change.document_key, change.record.bookmaker),
                           to_json(change.record));
  return out;
}

// Nothing: it does not reach back so far.
Told told(Reader& reader, UtcMillis at) {
  const auto documents = reader.as_of(at);
  if (!documents) {
    EXPECT_EQ(documents.error().kind, ErrorKind::NotFound) << documents.error().text();
    return {};
  }
  EXPECT_FALSE(documents->empty());
  Told out;
  std::string last;
  for (const MatchDocument& document : *documents) {
    EXPECT_LT(last, document.key) << "by key, each once";
    last = document.key;
    UtcMillis changed;
    for (const auto& [bookmaker, record] : document.records) {
      out[name_of(document.key, bookmaker)] = to_json(record);
      changed = std::max(changed, record.changed_at);
    }
    EXPECT_EQ(document.bookie_updated, changed);
  }
  return out;
}

class AsOfContract : public ContractTest {
 protected:
  // Prices move, markets go and come back, lines come and go; often several at one time, and often
  // a market twice.
  void live_through(int steps, unsigned seed) {
    std::mt19937 random(seed);
    const auto any = [&](int below) { return static_cast<int>(random() % unsigned(below)); };
    UtcMillis now = kNoon;
    for (int i = 0; i < steps; ++i) {
      now = now + Millis(any(3));
      Record record = record_of(std::to_string(any(6)), 2'000 + 10 * any(50), now);
      record.bookmaker = any(3) == 0 ? "OtherBook" : "BookieDelta";
      record.source = any(2) == 0 ? Source::Live : Source::Upcoming;
      if (any(3) == 0) {
        record.bet_type = "totals";
        record.line = Line{500 + 1'000 * any(3)};
        record.outcomes = {{"over", Price{1'500 + any(50)}, Status::Open, true, "1", "Over"},
                           {"under", Price{2'100}, Status::Open, true, "2", "Under"}};
      }
      record.offered = any(8) != 0;
      commit_one(record);
    }
    end_ = now;
  }
  std::vector<Change> log() { return must(reader_->changes(0, 100'000)); }
  void expect_moments_as_replayed(Millis step) {
    const auto changes = log();
    for (UtcMillis at = kNoon - Millis(1); at <= end_ + step; at = at + step)
      ASSERT_EQ(told(*reader_, at), replayed(changes, at)) << (at - kNoon).count();
  }

  UtcMillis end_;
};
ODDSLOOM_FOR_EVERY_STORE(AsOfContract);

TEST_P(AsOfContract, EveryMomentIsAsTheLogHasIt) {
  live_through(200, 7);
  ASSERT_GT(log().size(), 100u);
  expect_moments_as_replayed(Millis(1));
}

TEST_P(AsOfContract, OfATrimmedLogWhatItStillHas) {
  StoreOptions options = options_with(clock_.clock());
  options.most_changes = 20;
  close();
  open(&options);
  live_through(1'200, 11);
  must(store_->tidy());
  ASSERT_GT(must(reader_->change_log()).begin, 0u);
  ASSERT_LT(log().size(), 1'000u);
  EXPECT_TRUE(told(*reader_, kNoon).empty());
  expect_moments_as_replayed(Millis(29));
}

TEST_P(AsOfContract, MoreChangesThanAPage) {
  constexpr int kRounds = 26, kEvents = 100;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<Record> records;
    for (int event = 0; event < kEvents; ++event)
      records.push_back(record_of(std::to_string(event), 2'000 + round, kNoon + seconds(round)));
    commit_records(std::move(records));
  }
  const auto changes = log();
  ASSERT_EQ(changes.size(), std::size_t{kRounds} * kEvents);
  for (const int round : {0, 12, kRounds - 1}) {
    const UtcMillis at = kNoon + seconds(round);
    const Told then = told(*reader_, at);
    EXPECT_EQ(then.size(), std::size_t{kEvents});
    EXPECT_EQ(then, replayed(changes, at));
  }
}

TEST_P(AsOfContract, OfEqualTimesTheOneLoggedLast) {
  commit_one(record_of("1", 2'000, kNoon));
  commit_one(record_of("1", 2'010, kNoon));
  commit_one(record_of("1", 2'020, kNoon + Millis(1)));
  const auto documents = must(reader_->as_of(kNoon));
  ASSERT_EQ(documents.size(), 1u);
  EXPECT_EQ(representative(documents[0]).outcomes[0].price, Price{2'010});
}

TEST_P(AsOfContract, WithdrawnAndExpiredOnesAreAmongThem) {
  Record record = record_of("1", 2'000, kNoon);
  record.source = Source::Live;
  commit_one(record);
  record.offered = false;
  record.observed_at = kNoon + seconds(5);
  commit_one(record);
  clock_.advance(std::chrono::hours(100));
  must(store_->tidy());
  ASSERT_EQ(must(reader_->counts()).documents, 0u);
  EXPECT_TRUE(representative(must(reader_->as_of(kNoon + seconds(4))).at(0)).offered);
  EXPECT_FALSE(representative(must(reader_->as_of(kNoon + seconds(5))).at(0)).offered);
}

TEST_P(AsOfContract, AnEmptyLogReachesBackToNothing) { EXPECT_TRUE(told(*reader_, kNoon).empty()); }

// What no store makes by itself here: a document with two bookmakers.
void expect_both_bookmakers(Reader& reader, const std::string& key) {
  const auto before = must(reader.as_of(kNoon));
  ASSERT_EQ(before.size(), 1u);
  EXPECT_EQ(before[0].records.size(), 1u);
  const auto after = must(reader.as_of(kNoon + seconds(1)));
  ASSERT_EQ(after.size(), 1u);
  EXPECT_EQ(after[0].key, key);
  ASSERT_EQ(after[0].records.size(), 2u);
  EXPECT_EQ(after[0].records.at("BookieDelta").outcomes[0].price, Price{2'000});
  EXPECT_EQ(after[0].records.at("OtherBook").outcomes[0].price, Price{2'500});
  EXPECT_EQ(after[0].bookie_updated, kNoon + seconds(1));
}

Record of_the_other() {
  Record record = record_of("7", 2'500, kNoon + seconds(1));
  record.bookmaker = "OtherBook";
  record.changed_at = record.observed_at;
  return record;
}

TEST(SqliteAsOf, BookmakersInOneDocument) {
  const TempDir dir;
  const std::string path = dir.file("odds.db");
  const auto store = must(open_store("sqlite:" + path, options_with(system_clock())));
  must(commit(*must(store->match_book()), {{record_of("1", 2'000), of_the_other()}, {}, {}, {}}));
  {
    const auto connection = must(Connection::open(path));
    connection->execute(
        "UPDATE changes SET document_key = (SELECT document_key FROM changes WHERE event_id = '1') "
        "WHERE event_id = '7'");
    must(connection->outcome());
  }
  const auto reader = must(store->reader());
  expect_both_bookmakers(*reader, must(reader->find(record_of("1").id())).value());
}

TEST(RedisAsOf, BookmakersInOneDocument) {
  const RedisServer server;
  RedisSession session(server.url(), system_clock());
  session.commit_one(record_of("1", 2'000));
  const std::string key = session.key_of(record_of("1"));
  server.cli("XADD", "lst-THREE_WAY_upcoming_changes", "*", "data_key", key, "bookmaker",
             "OtherBook", "event_id", "7", "record", to_json(of_the_other()));
  expect_both_bookmakers(*session.reader, key);
}

TEST(RedisAsOf, AChangeThatCannotBeReadIsNamedWhereItMatters) {
  const RedisServer server;
  RedisSession session(server.url(), system_clock());
  const std::string stream = "lst-THREE_WAY_upcoming_changes";
  const std::string id = server.cli("XADD", stream, "*", "data_key", "doc", "bookmaker",
                                    "BookieDelta", "event_id", "1", "record", "{");
  const auto read = session.reader->as_of(kNoon);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().text().find(fmt::format("{} {}", stream, id)), std::string::npos)
      << read.error().text();
}

}  // namespace
}  // namespace oddsloom::test
