// The embedded store's file: what is made, what is refused and with which words, who can read it.
#include <fstream>

#include "store/sqlite_schema.h"
#include "store/sqlite_store.h"
#include "store/store_under_test.h"

namespace oddsloom::test {
namespace {

class SqliteFile : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Store>> open() {
    return open_store("sqlite:" + path_, options_with(clock_.clock()));
  }
  // Runs SQL on the file as some other program would.
  void run(const char* sql) {
    const auto connection = must(Connection::open(path_));
    connection->execute(sql);
    must(connection->outcome());
  }
  std::int64_t number(const char* sql) {
    const auto connection = must(Connection::open(path_));
    const std::int64_t out = connection->number(sql);
    must(connection->outcome());
    return out;
  }
  Error refusal() {
    const auto store = open();
    return store ? Error{} : store.error();
  }

  HandClock clock_;
  TempDir dir_;
  std::string path_ = dir_.file("state/deep/odds.db");
};

TEST_F(SqliteFile, FolderAndFileAreMadeWithApplicationIdAndVersion) {
  must(open());
  EXPECT_EQ(number("PRAGMA application_id"), kSqliteApplicationId);
  EXPECT_EQ(number("PRAGMA user_version"), newest_schema_version());
}

TEST_F(SqliteFile, OpeningAgainKeepsWhatIsThere) {
  {
    const auto store = must(open());
    must(commit(*must(store->match_book()), {{record_of("1")}, {}, {}, {}}));
  }
  const auto store = must(open());
  EXPECT_EQ(must(must(store->reader())->counts()).documents, 1u);
}

TEST_F(SqliteFile, AFileOfANewerVersionIsRefusedByName) {
  must(open());
  run("PRAGMA user_version = 99");
  const Error error = refusal();
  EXPECT_EQ(error.kind, ErrorKind::Conflict);
  EXPECT_NE(error.text().find("newer version"), std::string::npos) << error.text();
  EXPECT_NE(error.text().find(path_), std::string::npos) << error.text();
}

TEST_F(SqliteFile, AnotherProgramsDatabaseIsRefusedAndLeftAsItWas) {
  path_ = dir_.file("theirs.db");
  run("CREATE TABLE diary (page TEXT)");
  const Error error = refusal();
  EXPECT_EQ(error.kind, ErrorKind::Conflict);
  EXPECT_NE(error.text().find("another program"), std::string::npos) << error.text();
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_master"), 1);
  EXPECT_FALSE(std::filesystem::exists(path_ + "-wal"));
}

TEST_F(SqliteFile, AFileThatIsNoDatabaseIsRefusedAndLeftAsItWas) {
  path_ = dir_.file("notes.txt");
  const std::string notes(5'000, 'n');
  std::ofstream(path_) << notes;
  const Error error = refusal();
  EXPECT_EQ(error.kind, ErrorKind::Corrupt);
  EXPECT_NE(error.text().find("no SQLite database"), std::string::npos) << error.text();
  std::ifstream in(path_);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), notes);
}

TEST_F(SqliteFile, AFolderThatCannotBeMadeIsUnavailable) {
  std::ofstream(dir_.file("state")) << "in the way";
  EXPECT_EQ(refusal().kind, ErrorKind::Unavailable);
  path_ = dir_.path().string();
  EXPECT_EQ(refusal().kind, ErrorKind::Unavailable) << "a folder is no file";
}

TEST_F(SqliteFile, AStoreOfNoKnownKindIsInvalidAndNamesWhatIsKnown) {
  for (const std::string url : {"", "odds.db", "mysql://host/db", "sqlite:", "sqlite::memory:"}) {
    const auto store = open_store(url, {});
    ASSERT_FALSE(store) << url;
    EXPECT_EQ(store.error().kind, ErrorKind::Invalid) << url;
    EXPECT_NE(store.error().text().find("sqlite:PATH"), std::string::npos) << url;
  }
}

TEST_F(SqliteFile, ADamagedRowIsReportedAsCorruptAndOthersCanStillBeRead) {
  const auto store = must(open());
  const auto book = must(store->match_book());
  must(commit(*book, {{record_of("1"), record_of("2")}, {}, {}, {}}));
  run("UPDATE records SET outcomes = 'oops' WHERE event_id = '1'");
  const auto reader = must(store->reader());
  const auto all = reader->documents({});
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().kind, ErrorKind::Corrupt);
  EXPECT_NE(all.error().text().find("BookieDelta three_way upcoming 1"), std::string::npos)
      << all.error().text();
  DocumentFilter second;
  second.event_id = "2";
  EXPECT_EQ(must(reader->documents(second)).size(), 1u);
  Record gone = record_of("1", 2'060, kNoon + Millis(1));
  gone.offered = false;
  EXPECT_FALSE(commit(*book, {{record_of("3"), gone}, {}, {}, {}}));
  EXPECT_EQ(must(reader->find(record_of("3").id())), std::nullopt);
  EXPECT_EQ(must(commit(*book, {{record_of("3")}, {}, {}, {}})).at(0), Committed::Created);
}

TEST_F(SqliteFile, AnEntryThatCannotBeReadIsBuriedAndDoesNotHoldUpTheOthers) {
  const auto store = must(open());
  const auto work = must(store->work_streams());
  const StreamId stream = stream_of("three_way");
  must(work->append(stream, entries_for(1, 3)));
  run("UPDATE entries SET entry = '{' WHERE event_id = '2'");
  const auto entries = must(work->claim({{stream}, "host:1:1"}));
  EXPECT_EQ(events_of(entries), (std::vector<std::string>{"1", "3"}));
  const auto dead = must(work->dead(10));
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_EQ(dead[0].work.event_id, "2");
  EXPECT_NE(dead[0].reason.find("unreadable"), std::string::npos);
}

TEST_F(SqliteFile, AnyShellReadsPricesAndWork) {
  const auto store = must(open());
  must(commit(*must(store->match_book()), {{record_of("1", 2'110)}, {}, {}, {}}));
  must(must(store->work_streams())->append(stream_of("three_way"), entries_for(1, 2)));
  EXPECT_EQ(number("SELECT count(*) FROM prices WHERE outcome = '1' AND price = '2.11' AND usable "
                   "AND home = 'Northgate Rovers'"),
            1);
  EXPECT_EQ(number("SELECT count(*) FROM work WHERE state = 'new'"), 2);
}

TEST_F(SqliteFile, TheLogsKeepSoManyAndTheirSequencesAreNeverReused) {
  StoreOptions options = options_with(clock_.clock());
  options.most_changes = 10;
  const auto store = must(open_store("sqlite:" + path_, options));
  const auto book = must(store->match_book());
  const auto reader = must(store->reader());
  for (int i = 0; i < 25; ++i) must(commit(*book, {{record_of(std::to_string(i))}, {}, {}, {}}));
  must(store->tidy());
  const auto changes = must(reader->changes(0, 100));
  ASSERT_EQ(changes.size(), 10u);
  EXPECT_EQ(changes.front().sequence, 16u);
  EXPECT_EQ(must(reader->counts()).changes, 10u);
  EXPECT_EQ(must(reader->announcements("lst-THREE_WAY_upcoming_stream", 0, 100)).size(), 10u);
  must(commit(*book, {{record_of("99")}, {}, {}, {}}));
  EXPECT_EQ(must(reader->changes(25, 100)).at(0).sequence, 26u);
}

TEST_F(SqliteFile, HistoryGoesBackAsFarAsTheLog) {
  StoreOptions options = options_with(clock_.clock());
  options.most_changes = 10;
  const auto store = must(open_store("sqlite:" + path_, options));
  const auto book = must(store->match_book());
  for (int i = 0; i < 15; ++i)
    must(commit(*book, {{record_of("1", 2'000 + i, kNoon + Millis(i)),
                         record_of("2", 3'000 + i, kNoon + Millis(i))},
                        {},
                        {},
                        {}}));
  must(store->tidy());
  const auto history = must(must(store->reader())->history(record_of("1").id(), 100));
  ASSERT_EQ(history.size(), 5u);
  EXPECT_EQ(history.front().record.outcomes[0].price, Price{2'010});
  EXPECT_EQ(history.back().record.outcomes[0].price, Price{2'014});
}

TEST_F(SqliteFile, MoreExpiredDocumentsThanOneCallRemovesGoInSeveralCalls) {
  const auto store = must(open());
  const auto book = must(store->match_book());
  CommitBatch batch;
  for (int i = 0; i < 1'200; ++i) batch.records.push_back(record_of(std::to_string(i)));
  must(commit(*book, std::move(batch)));
  clock_.advance(std::chrono::hours(100));
  const auto reader = must(store->reader());
  int calls = 0;
  for (; must(reader->counts()).documents > 0 && calls < 10; ++calls) must(store->tidy());
  EXPECT_EQ(must(reader->counts()).documents, 0u);
  EXPECT_EQ(must(reader->counts()).records, 0u);
  EXPECT_GT(calls, 1);
}

}  // namespace
}  // namespace oddsloom::test
