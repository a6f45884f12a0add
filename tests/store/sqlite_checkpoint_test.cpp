// The write-ahead log of the embedded store stays short: folded back beside the writers, and by a
// commit itself where that does not keep up.
#include "store/sqlite_checkpoint.h"

#include <gtest/gtest.h>

#include <thread>

#include "store/sqlite_schema.h"
#include "store/store_under_test.h"
#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

constexpr int kFoldedFrom = 2'000;  // pages, as sqlite_checkpoint.cpp

class SqliteCheckpointTest : public ::testing::Test {
 protected:
  SqliteCheckpointTest() {
    must(prepare_sqlite_file(path_));
    writer_ = must(connect_sqlite(path_, {.durable = false}));
    write("CREATE TABLE weight (id INTEGER PRIMARY KEY, load BLOB)");
  }
  void write(const char* sql) {
    Transaction transaction(*writer_, turn_);
    writer_->execute(sql);
    transaction.commit();
    must(writer_->outcome());
  }
  void write_some() { write("INSERT INTO weight (load) VALUES (zeroblob(400000))"); }
  void write_until_it_is_to_be_folded() {
    while (writer_->log_pages() < kFoldedFrom) write_some();
  }

  TempDir dir_;
  std::string path_ = dir_.file("odds.db");
  WriteTurn turn_;
  std::unique_ptr<Connection> writer_;
};

TEST_F(SqliteCheckpointTest, FoldsALongLogBackSoThatItStartsAnew) {
  const auto checkpoint = must(SqliteCheckpoint::open(path_, turn_));
  std::jthread folding([&](const std::stop_token& stop) { checkpoint->run(stop); });
  for (int round = 0; round < 3; ++round) {
    write_until_it_is_to_be_folded();
    EXPECT_TRUE(wait_until([&] { return turn_.log_pages() == 0; }));
    write_some();
    EXPECT_LT(writer_->log_pages(), kFoldedFrom / 2);
  }
}

TEST_F(SqliteCheckpointTest, AReaderPutsItOffAndIsNotWaitedFor) {
  const auto reader = must(connect_sqlite(path_, {.query_only = true}));
  reader->execute("BEGIN");
  reader->number("SELECT count(*) FROM weight");
  const auto checkpoint = must(SqliteCheckpoint::open(path_, turn_));
  std::jthread folding([&](const std::stop_token& stop) { checkpoint->run(stop); });
  write_until_it_is_to_be_folded();
  write_some();  // the turn is to be had
  EXPECT_GE(turn_.log_pages(), kFoldedFrom);
  EXPECT_EQ(reader->number("SELECT count(*) FROM weight"), 0);
  reader->rollback();
  EXPECT_TRUE(wait_until([&] { return turn_.log_pages() == 0; }));
}

TEST_F(SqliteCheckpointTest, ACommitBeyondTheBoundFoldsTheLogBackItself) {
  constexpr int kBound = 300;
  writer_->bound_log(kBound);
  int longest = 0;
  for (int i = 0; i < 20; ++i) {
    write_some();
    longest = std::max(longest, writer_->log_pages());
  }
  EXPECT_GT(longest, kBound);
  EXPECT_LT(longest, 2 * kBound);
}

TEST_F(SqliteCheckpointTest, StopsWhileThereIsNothingToFold) {
  const auto checkpoint = must(SqliteCheckpoint::open(path_, turn_));
  std::jthread folding([&](const std::stop_token& stop) { checkpoint->run(stop); });
  folding.request_stop();
  folding.join();
}

}  // namespace
}  // namespace oddsloom::test
