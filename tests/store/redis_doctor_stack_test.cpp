// Store::examine where documents are JSON values and indexed. Debian has no such server:
// ODDSLOOM_TEST_REDIS_STACK=HOST:PORT names one, which is emptied.
#include <cstdlib>

#include "store/doctor_helpers.h"
#include "support/redis_connection.h"
#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RedisDoctorStack : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* place = std::getenv("ODDSLOOM_TEST_REDIS_STACK");
    if (!place)
      GTEST_SKIP() << "ODDSLOOM_TEST_REDIS_STACK=HOST:PORT names no server with JSON and search";
    place_ = place;
    const auto colon = place_.rfind(':');
    ASSERT_NE(colon, std::string::npos) << "expected HOST:PORT";
    server_.emplace(RedisConnection::tcp(
        place_.substr(0, colon), static_cast<std::uint16_t>(std::stoi(place_.substr(colon + 1)))));
    run({"FLUSHALL"});
    store_ = must(open_store("redis://" + place_, options()));
    must(oddsloom::commit(*must(store_->match_book()), {records_of_many_kinds(), {}, {}, {}}));
  }
  std::string run(const Lines& words) { return server_->run(words); }
  StoreOptions options() {
    StoreOptions options = options_with(clock_.clock());
    options.bookmakers = {"BookieDelta"};
    return options;
  }
  // Without what the server's own settings give: this server is not the test's.
  Lines examine() {
    found_ = examined("redis://" + place_, options());
    Lines lines = briefly(found_);
    std::erase_if(lines, [](const std::string& line) {
      return line.starts_with("warning no-persistence") ||
             line.starts_with("warning search-timeout");
    });
    return lines;
  }
  std::string key_of(const std::string& event_id) {
    return run({"HGET", "idx:lst3way_upcoming:BookieDelta:" + event_id, "key"});
  }
  // As the seed does it; `id` as JSON.
  std::string seed_document(const std::string& writer, const std::string& id) {
    const std::string key =
        writer + "_lst-THREE_WAY_upcoming:" + std::to_string(1'700'000'000 + made_++) + "-0";
    EXPECT_EQ(
        run({"JSON.SET", key, "$",
             R"({"match_team_objects":{"BookieDelta":{"bookmaker":"BookieDelta",)"
             R"("eventId_gameId":)" +
                 id + R"(,"teams":{}},"BookieAlpha":{"bookmaker":"BookieAlpha","eventId_gameId":)" +
                 std::to_string(500 + made_) + R"(,"teams":{}}},"created":1700000000.5})"}),
        "OK");
    return key;
  }

  HandClock clock_;
  std::string place_;
  std::optional<RedisConnection> server_;
  std::unique_ptr<Store> store_;
  Examination found_;
  int made_ = 0;
};

TEST_F(RedisDoctorStack, ASoundStoreGivesNothing) {
  EXPECT_THAT(examine(), IsEmpty());
  EXPECT_EQ(found_.documents, 6u);
}

TEST_F(RedisDoctorStack, ASecondDocumentThatAPythonProgramMade) {
  const std::string twin = seed_document("sportPesa", "1");
  EXPECT_THAT(examine(), ElementsAre("problem two-documents " + twin));
  EXPECT_THAT(message_of(found_, "two-documents"),
              AllOf(HasSubstr(key_of("1") + " is the one that counts"),
                    HasSubstr("JSON.DEL " + twin + " $.match_team_objects.BookieDelta")));
}

TEST_F(RedisDoctorStack, ADocumentWithoutALookupIsTakenOverIfTheIndexHasIt) {
  const std::string covered = seed_document("BookieDelta", "70");
  const std::string elsewhere = seed_document("sportPesa", "71");
  const std::string hidden = seed_document("BookieDelta", "\"72\"");
  EXPECT_THAT(examine(), ElementsAre("problem index-failures idx:lst3way_upcoming",
                                     "problem orphan-document " + hidden,
                                     "problem orphan-document " + elsewhere,
                                     "warning orphan-document " + covered));
  EXPECT_THAT(message_of(found_, "index-failures"), HasSubstr("Invalid JSON type"));
  must(oddsloom::commit(*must(store_->match_book()), {{record_of("70")}, {}, {}, {}}));
  EXPECT_EQ(key_of("70"), covered) << "it is, at the next sighting";
}

TEST_F(RedisDoctorStack, WhatCannotBeReadOrHoldsNothing) {
  const std::string first = key_of("1"), number = "BookieDelta_lst-THREE_WAY_upcoming:1000000001-0",
                    hash = "BookieDelta_lst-THREE_WAY_upcoming:1000000002-0",
                    empty = "BookieDelta_lst-THREE_WAY_upcoming:1000000003-0";
  run({"JSON.SET", first, "$.match_team_objects.BookieDelta.outcomes", "5"});
  run({"JSON.SET", number, "$", R"({"match_team_objects":5})"});
  run({"HSET", hash, "a", "b"});
  run({"JSON.SET", empty, "$", R"({"teams":"a;b"})"});
  EXPECT_THAT(
      examine(),
      ElementsAre("problem orphan-document " + empty, "problem unreadable-document " + number,
                  "problem unreadable-document " + hash, "problem unreadable-document " + first));
}

TEST_F(RedisDoctorStack, ALookupWhoseBranchIsGone) {
  run({"JSON.SET", key_of("1"), "$.match_team_objects", R"({"BookieAlpha":{"eventId_gameId":1}})"});
  EXPECT_THAT(examine(), ElementsAre("problem orphan-lookup idx:lst3way_upcoming:BookieDelta:1"));
}

TEST_F(RedisDoctorStack, AnIndexThatIsMissingOrCoversTooLittle) {
  run({"FT.DROPINDEX", "idx:lst3way_upcoming"});
  EXPECT_THAT(examine(), ElementsAre("problem index-missing idx:lst3way_upcoming"));
  run({"FT.CREATE", "idx:lst3way_upcoming", "ON", "JSON", "PREFIX", "1", "other:", "SCHEMA",
       "$.match_team_objects.BookieDelta.eventId_gameId", "AS", "BookieDelta_eventID", "NUMERIC"});
  // Until it is built that is told too.
  ASSERT_TRUE(wait_until([&] { return examine().size() == 1; }));
  EXPECT_THAT(examine(), ElementsAre("problem index-incomplete idx:lst3way_upcoming"));
}

TEST_F(RedisDoctorStack, AnotherDatabaseIsAProblemWhereDocumentsAreIndexed) {
  const Examination found = examined("redis://" + place_ + "/3", options());
  EXPECT_THAT(briefly(found), Contains("problem database database 3"));
}

}  // namespace
}  // namespace oddsloom::test
