// Contract of a store's identity, and where each kind keeps it.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>
#include <thread>

#include "store/redis_session.h"
#include "store/sqlite.h"
#include "support/redis_server.h"

namespace oddsloom::test {
namespace {

std::string identity_at(const std::string& url) {
  const auto store = must(open_store(url, options_with(system_clock())));
  return must(must(store->reader())->identity());
}

class IdentityContract : public ContractTest {};
ODDSLOOM_FOR_EVERY_STORE(IdentityContract);

TEST_P(IdentityContract, IsShortTextThatMayStandInAFeedId) {
  const std::string identity = must(reader_->identity());
  EXPECT_GE(identity.size(), 8u);
  EXPECT_LE(identity.size(), 16u);
  EXPECT_TRUE(std::all_of(identity.begin(), identity.end(), [](unsigned char c) {
    return std::isalnum(c) != 0;
  })) << identity;
}

TEST_P(IdentityContract, IsTheSameForAllWhoOpenTheStoreNowAndLater) {
  const std::string identity = must(reader_->identity());
  EXPECT_EQ(identity_at(place_->url()), identity) << "beside it";
  reopen();
  EXPECT_EQ(must(reader_->identity()), identity);
}

TEST_P(IdentityContract, ThoseWhoMakeTheStoreAtOnceAgree) {
  close();
  place_.reset();
  place_ = GetParam().make_place();
  std::vector<std::string> told(4);
  std::vector<std::thread> openers;
  for (std::string& one : told)
    openers.emplace_back([&one, url = place_->url()] { one = identity_at(url); });
  for (std::thread& opener : openers) opener.join();
  EXPECT_EQ(std::set<std::string>(told.begin(), told.end()).size(), 1u);
}

TEST_P(IdentityContract, AStoreBegunAnewIsAnother) {
  const std::string identity = must(reader_->identity());
  close();
  place_.reset();
  place_ = GetParam().make_place();
  open();
  EXPECT_NE(must(reader_->identity()), identity);
}

TEST_P(IdentityContract, OutlastsWhatTheStoreHolds) {
  StoreOptions options = options_with(clock_.clock());
  options.most_changes = 10;
  close();
  open(&options);
  const std::string identity = must(reader_->identity());
  for (int i = 0; i < 300; ++i) commit_one(record_of("1", 2'000 + i, kNoon + Millis(i)));
  clock_.advance(std::chrono::hours(100));
  must(store_->tidy());
  EXPECT_GT(must(reader_->change_log()).begin, 0u) << "trimmed";
  EXPECT_EQ(must(reader_->counts()).documents, 0u);
  reopen();
  EXPECT_EQ(must(reader_->identity()), identity);
}

TEST(SqliteIdentity, AFileOfAnEarlierVersionIsGivenOneAndADeletedFileHadAnother) {
  const TempDir dir;
  const std::string path = dir.file("odds.db"), url = "sqlite:" + path;
  const std::string first = identity_at(url);
  {
    const auto connection = must(Connection::open(path));
    connection->execute("DROP TABLE store; PRAGMA user_version = 2");
    must(connection->outcome());
  }
  const std::string migrated = identity_at(url);
  EXPECT_NE(migrated, first);
  EXPECT_EQ(identity_at(url), migrated);
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
  EXPECT_NE(identity_at(url), migrated);
}

TEST(RedisIdentity, AStoreOfAnEarlierVersionIsGivenOneAndAnEmptiedServerTellsNone) {
  const RedisServer server;
  const std::string first = identity_at(server.url());
  EXPECT_EQ(server.cli("HDEL", "lst_layout", "identity"), "1");
  const RedisSession session(server.url(), system_clock());
  const std::string given = must(session.reader->identity());
  EXPECT_NE(given, first);
  server.cli("FLUSHALL");
  const auto emptied = session.reader->identity();
  ASSERT_FALSE(emptied);
  EXPECT_EQ(emptied.error().kind, ErrorKind::NotFound) << emptied.error().text();
  EXPECT_NE(identity_at(server.url()), given);
}

TEST(RedisIdentity, StoresOfOtherPrefixesOnOneServerAreOthers) {
  const RedisServer server;
  StoreOptions options = options_with(system_clock());
  options.naming.prefix = "other";
  const RedisSession other(server.url(), options);
  EXPECT_NE(must(other.reader->identity()), identity_at(server.url()));
}

}  // namespace
}  // namespace oddsloom::test
