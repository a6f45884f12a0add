// Store::examine on every store: a sound one gives no problem. And what only the embedded store's
// file can have, each fault made for real.
#include "store/doctor_helpers.h"
#include "store/sqlite.h"

namespace oddsloom::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DoctorContract : public ContractTest {
 protected:
  Examination examine() { return examined(place_->url(), options_with(clock_.clock())); }
};
ODDSLOOM_FOR_EVERY_STORE(DoctorContract);

TEST_P(DoctorContract, NothingIsWrongWithAStoreThatOnlyThisProgramHasUsed) {
  commit_records(records_of_many_kinds());
  commit_records({record_of("1", 2'100, kNoon + Millis(1))});
  Record gone = record_of("3", 2'000, kNoon + Millis(2));
  gone.offered = false;
  gone.segment = "first_half";
  commit_records({gone});
  must(work_->append(stream_of("three_way"), entries_for(1, 3)));
  claim({stream_of("three_way")}, 2);
  const Examination found = examine();
  EXPECT_EQ(found.problems, 0u) << ::testing::PrintToString(briefly(found));
  EXPECT_EQ(found.documents, 6u);
  EXPECT_THAT(found.more, IsEmpty());
}

TEST_P(DoctorContract, NorWithOneFromWhichTidyingHasRemovedEverything) {
  commit_records(records_of_many_kinds());
  clock_.advance(std::chrono::hours(100));
  for (int i = 0; i < 10; ++i) must(store_->tidy());
  const Examination found = examine();
  EXPECT_EQ(found.problems, 0u) << ::testing::PrintToString(briefly(found));
  EXPECT_EQ(found.documents, 0u);
}

TEST_P(DoctorContract, AStoreThatIsInUseMayBeExamined) {
  for (int i = 0; i < 20; ++i) {
    std::vector<Record> records;
    for (int event = 0; event < 40; ++event)
      records.push_back(record_of(std::to_string(i * 40 + event)));
    book_->submit({records, {}, {}, {}});
    const Examination found = must(store_->examine(
        [&](std::string_view, std::uint64_t, std::uint64_t) { (void)book_->collect(Millis(0)); }));
    EXPECT_EQ(found.problems, 0u) << ::testing::PrintToString(briefly(found));
  }
}

// ---- the embedded store's file

class SqliteDoctor : public ::testing::Test {
 protected:
  SqliteDoctor() {
    store_ = must(open_store(url_, options_with(clock_.clock())));
    book_ = must(store_->match_book());
    commit({record_of("1"), record_of("2"), record_of("3")});
    must(must(store_->work_streams())->append(stream_of("three_way"), entries_for(1, 2)));
  }
  void commit(std::vector<Record> records) {
    must(oddsloom::commit(*book_, {std::move(records), {}, {}, {}}));
  }
  // As some other program would, with its own idea of foreign keys.
  void run(const std::string& sql) {
    const auto connection = must(Connection::open(path_));
    connection->execute("PRAGMA foreign_keys = OFF");
    connection->execute(sql.c_str());
    must(connection->outcome());
  }
  std::string key_of(const std::string& event_id) {
    return must(must(store_->reader())->find(record_of(event_id).id())).value();
  }
  void close() {
    book_.reset();
    store_.reset();
  }
  Examination examine() { return examined(url_, options_with(clock_.clock())); }

  HandClock clock_;
  TempDir dir_;
  std::string path_ = dir_.file("odds.db"), url_ = "sqlite:" + path_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<MatchBook> book_;
};

TEST_F(SqliteDoctor, ADocumentWithoutRecordsIsAnOrphan) {
  const std::string key = key_of("2");
  run("DELETE FROM records WHERE event_id = '2'");
  const Examination found = examine();
  EXPECT_THAT(briefly(found), ElementsAre("problem orphan-document " + key));
  EXPECT_EQ(found.documents, 3u);
  EXPECT_THAT(message_of(found, "orphan-document"), HasSubstr("DELETE FROM documents"));
}

TEST_F(SqliteDoctor, ARecordWithoutItsDocumentLeadsNowhere) {
  run("DELETE FROM documents WHERE key = '" + key_of("2") + "'");
  const Examination found = examine();
  EXPECT_THAT(briefly(found),
              ElementsAre("problem orphan-lookup BookieDelta three_way upcoming 2"));
  EXPECT_EQ(found.documents, 2u);
}

TEST_F(SqliteDoctor, ARecordThatCannotBeReadIsNamedAndTheOthersAreLookedAtToo) {
  const std::string first = key_of("1"), third = key_of("3");
  run("UPDATE records SET outcomes = 'oops' WHERE event_id <> '2'");
  const Examination found = examine();
  EXPECT_THAT(briefly(found), ElementsAre("problem unreadable-document " + first,
                                          "problem unreadable-document " + third));
  EXPECT_THAT(message_of(found, "unreadable-document"), HasSubstr("outcomes"));
}

TEST_F(SqliteDoctor, TwoDocumentsOfOneEventAreFoundWhereTheConstraintIsLost) {
  const std::string first = key_of("1"), second = key_of("2");
  close();
  run("DROP VIEW prices; CREATE TABLE copy AS SELECT * FROM records; DROP TABLE records; ALTER "
      "TABLE copy RENAME TO "
      "records; UPDATE records SET event_id = '1' WHERE event_id = '2'");
  const Examination found = examine();
  EXPECT_THAT(briefly(found), ElementsAre("problem two-documents " + second));
  EXPECT_THAT(message_of(found, "two-documents"), HasSubstr(first));
}

TEST_F(SqliteDoctor, RowsThatNameAStreamWhichIsNotThere) {
  run("DELETE FROM streams");
  const Examination found = examine();
  EXPECT_THAT(briefly(found), ElementsAre("problem broken-reference entries row 1",
                                          "problem broken-reference entries row 2"));
}

TEST_F(SqliteDoctor, ADamagedFileIsSaidToBeDamagedAndNothingElseIsBelieved) {
  std::vector<Record> many;
  for (int i = 0; i < 300; ++i) many.push_back(record_of("9" + std::to_string(i)));
  commit(std::move(many));
  close();
  run("PRAGMA wal_checkpoint(TRUNCATE)");
  {
    // Not the first pages, which opening needs.
    std::fstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
    const std::string noise(4096, '\x5a');
    for (int page = 30; page < 60; ++page) {
      file.seekp(page * 4096);
      file.write(noise.data(), static_cast<std::streamsize>(noise.size()));
    }
  }
  const Examination found = examine();
  ASSERT_FALSE(found.findings.empty());
  EXPECT_EQ(found.problems, found.findings.size());
  for (const Finding& finding : found.findings) EXPECT_EQ(finding.what, "damaged-file");
  EXPECT_THAT(message_of(found, "damaged-file"), HasSubstr(".recover"));
}

TEST_F(SqliteDoctor, AWriteAheadLogThatIsNeverFoldedBackIsAWarning) {
  std::filesystem::resize_file(path_ + "-wal", (std::uintmax_t{1} << 30U) + 1);  // a sparse one
  EXPECT_THAT(briefly(examine()), ElementsAre("warning large-log " + path_ + "-wal"));
}

TEST_F(SqliteDoctor, OfManyFindingsOfAKindSomeAreToldAndTheOthersCounted) {
  std::vector<Record> many;
  for (int i = 0; i < 227; ++i) many.push_back(record_of("9" + std::to_string(i)));
  commit(std::move(many));
  run("DELETE FROM records");
  const Examination found = examine();
  EXPECT_EQ(found.findings.size(), Examination::kMostOfAKind);
  EXPECT_EQ(found.more.at("orphan-document"), 130u);
  EXPECT_EQ(found.problems, 230u);
}

TEST_F(SqliteDoctor, AFileThatIsNotThereIsNotMade) {
  StoreOptions options = options_with(clock_.clock());
  options.look_only = true;
  const auto store = open_store("sqlite:" + dir_.file("typo/odds.db"), options);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::NotFound);
  EXPECT_FALSE(std::filesystem::exists(dir_.file("typo")));
}

}  // namespace
}  // namespace oddsloom::test
