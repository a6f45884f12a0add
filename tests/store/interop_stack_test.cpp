// Programs of other teams beside the store, written in Python as the seed's page has them, on a
// server with JSON values and search: they find ours, we find theirs, and both write into one
// document. Debian has no such server: ODDSLOOM_TEST_REDIS_STACK=HOST:PORT names one, which is
// emptied.
#include <gmock/gmock.h>

#include <cstdlib>

#include "store/python_program.h"
#include "store/store_under_test.h"
#include "support/redis_connection.h"

namespace oddsloom::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Lines = std::vector<std::string>;

const std::string kBranch = "$.match_team_objects.BookieDelta";
const std::string kIndex = "idx:lst3way_live";
const std::string kAnnouncements = "lst-THREE_WAY_live_stream";

Record live_record(const std::string& event_id, std::int32_t home_price = 2'060,
                   UtcMillis observed_at = kNoon) {
  Record record = record_of(event_id, home_price, observed_at);
  record.source = Source::Live;
  return record;
}

class InteropStack : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* place = std::getenv("ODDSLOOM_TEST_REDIS_STACK");
    if (!place)
      GTEST_SKIP() << "ODDSLOOM_TEST_REDIS_STACK=HOST:PORT names no server with JSON and search";
    place_ = place;
    const auto colon = place_.rfind(':');
    ASSERT_NE(colon, std::string::npos) << "expected HOST:PORT";
    port_ = place_.substr(colon + 1);
    server_.emplace(RedisConnection::tcp(place_.substr(0, colon),
                                         static_cast<std::uint16_t>(std::stoi(port_))));
    run({"FLUSHALL"});
  }

  std::string run(const Lines& words) { return server_->run(words); }
  Lines python(const std::string& name, Lines arguments) {
    arguments.insert(arguments.begin(), port_);
    return run_python(name, arguments);
  }
  // At a path of a document, as JSON.GET prints it, without the brackets around all that it found.
  std::string json(const std::string& key, const std::string& path) {
    const std::string all = run({"JSON.GET", key, path});
    return all.starts_with("[") ? all.substr(1, all.size() - 2) : all;
  }
  int announcements() { return std::stoi(run({"XLEN", kAnnouncements})); }
  int documents() {
    int count = 0;
    for (std::size_t at = 0; (at = keys_.find("_lst-THREE_WAY_live:", at)) != std::string::npos;
         ++at)
      ++count;
    return count;
  }
  void look() { keys_ = run({"KEYS", "*_lst-THREE_WAY_live:*"}); }

  StoreOptions options(const std::string& document_prefix = "sportPesa") {
    StoreOptions options = options_with(clock_.clock());
    options.naming.document_prefix = document_prefix;
    options.bookmakers = {"BookieDelta"};
    return options;
  }
  void open(const StoreOptions& options) {
    book_.reset();
    store_ = must(open_store("redis://" + place_, options));
    book_ = must(store_->match_book());
  }
  Committed commit(const Record& record) {
    return must(oddsloom::commit(*book_, {{record}, {}, {}, {}})).at(0);
  }
  std::string key_of(const Record& record) {
    return must(must(store_->reader())->find(record.id())).value_or("");
  }
  void forget_lookup(const Record& record) {
    run({"DEL", Naming().lookup(*known_bet_types().find(record.bet_type), record.id())});
    book_ = must(store_->match_book());  // nor does the session remember
  }

  std::string place_, port_, keys_;
  std::optional<RedisConnection> server_;
  HandClock clock_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<MatchBook> book_;
};

TEST_F(InteropStack, ADocumentOfTheSeedsIsFoundAndMergedInto) {
  const std::string key = python("seed_writer.py", {"9124285"}).at(0);
  open(options());
  EXPECT_EQ(commit(live_record("9124285")), Committed::Merged);
  EXPECT_EQ(key_of(live_record("9124285")), key);
  look();
  EXPECT_EQ(documents(), 1) << keys_;
  EXPECT_EQ(announcements(), 1) << "its maker announced it";

  EXPECT_EQ(json(key, kBranch + ".teams"),
            R"({"Northgate Rovers;Southquay United":{)"
            R"("1":{"odd_value":"2.06","odd_status":"Open","outcome":"1"},)"
            R"("X":{"odd_value":"3.40","odd_status":"Open","outcome":"X"},)"
            R"("2":{"odd_value":"3.925","odd_status":"Open","outcome":"2"}}})")
      << "the seed's spelling of the names must not stand beside ours";
  EXPECT_EQ(json(key, kBranch + ".market_id"), R"("m9124285")");
  EXPECT_EQ(json(key, kBranch + R"(["1"].odd_)"), R"("2.06")");
  EXPECT_EQ(json(key, kBranch + ".line"), "null") << "a member of ours even when it is null";
  EXPECT_EQ(json(key, "$.bookie_updated"), "1935921600");

  const std::string rating = R"({"of":"the writer","stars":[1,2.5,null]})";
  const std::string alpha =
      R"({"bookmaker":"BookieAlpha","eventId_gameId":5,"teams":{},"outcomes":{"1":{}}})";
  const std::string note = R"({"note":"keep me","numbers":[12345678901234567,1.1]})";
  for (int second = 1; second <= 2; ++second) {
    EXPECT_EQ(json(key, kBranch + ".rating"), rating);
    EXPECT_EQ(json(key, "$.match_team_objects.BookieAlpha"), alpha);
    EXPECT_EQ(json(key, "$.operator"), note);
    const UtcMillis later = kNoon + Millis(1'000 * second);
    EXPECT_EQ(commit(live_record("9124285", 2'060 + second, later)), Committed::Merged);
  }
  look();
  EXPECT_EQ(documents(), 1) << keys_;
  EXPECT_EQ(announcements(), 1);

  const auto document = must(must(store_->reader())->document(key));
  ASSERT_TRUE(document);
  EXPECT_EQ(document->records.size(), 1u) << "the other branch is not ours to read";
  EXPECT_EQ(document->records.at("BookieDelta").outcomes.at(0).price, Price{2'062});
}

TEST_F(InteropStack, ADocumentWithoutAnyBranchOfOursIsNotTaken) {
  run({"JSON.SET", "sportPesa_lst-THREE_WAY_live:1-0", "$",
       R"({"match_team_objects":{"BookieAlpha":{"eventId_gameId":9124285}}})"});
  open(options());
  EXPECT_EQ(commit(live_record("9124285")), Committed::Created);
}

TEST_F(InteropStack, TheSeedFindsOursAndWhatItMergesSurvives) {
  open(options(""));
  const Record record = live_record("9124285");
  EXPECT_EQ(commit(record), Committed::Created);
  const std::string key = key_of(record);
  EXPECT_EQ(key, "BookieDelta_lst-THREE_WAY_live:1935921600-0-9124285");
  EXPECT_THAT(
      python("seed_merger.py", {"9124285", R"({"extra":{"of":"python"},"1":{"currency":"KES"}})"}),
      ElementsAre(key));
  EXPECT_EQ(commit(live_record("9124285", 2'060, kNoon + Millis(1'000))), Committed::Same);
  EXPECT_EQ(commit(live_record("9124285", 2'110, kNoon + Millis(2'000))), Committed::Merged);
  EXPECT_EQ(json(key, kBranch + ".extra"), R"({"of":"python"})");
  EXPECT_EQ(json(key, kBranch + R"(["1"].odd_)"), R"("2.11")");
  EXPECT_THAT(python("seed_merger.py", {"9124286", "{}"}), IsEmpty());
  EXPECT_EQ(announcements(), 1);
}

TEST_F(InteropStack, AnOutcomeThatVanishedIsNowhereLeft) {
  const std::string key = python("seed_writer.py", {"9124285"}).at(0);
  open(options());
  commit(live_record("9124285"));
  Record fewer = live_record("9124285", 2'060, kNoon + Millis(1'000));
  fewer.outcomes.pop_back();
  EXPECT_EQ(commit(fewer), Committed::Merged);
  EXPECT_EQ(json(key, kBranch + R"(["2"])"), "");
  EXPECT_EQ(json(key, kBranch + R"(.outcomes["2"])"), "");
  EXPECT_EQ(json(key, kBranch + R"(.teams.*["2"])"), "");
  EXPECT_EQ(json(key, kBranch + R"(["X"].odd_)"), R"("3.40")");
  EXPECT_EQ(json(key, kBranch + R"(.outcomes["X"].price)"), R"("3.40")");
  EXPECT_EQ(json(key, "$.match_team_objects.BookieAlpha.outcomes"), R"({"1":{}})");
}

TEST_F(InteropStack, AWithdrawnMarketKeepsWhatOthersWrote) {
  const std::string key = python("seed_writer.py", {"9124285"}).at(0);
  open(options());
  commit(live_record("9124285"));
  Record gone = live_record("9124285", 2'060, kNoon + Millis(1'000));
  gone.offered = false;
  gone.outcomes.clear();
  EXPECT_EQ(commit(gone), Committed::Merged);
  EXPECT_EQ(json(key, kBranch + ".event_status"), R"("Closed")");
  EXPECT_EQ(json(key, kBranch + ".outcomes.*.usable"), "false,false,false");
  EXPECT_EQ(json(key, kBranch + ".rating.of"), R"("the writer")");
}

TEST_F(InteropStack, TidyingRemovesOurBranchOnly) {
  const std::string key = python("seed_writer.py", {"9124285"}).at(0);
  open(options());
  commit(live_record("9124285"));
  commit(live_record("9124286"));
  const std::string own = key_of(live_record("9124286"));
  must(store_->tidy());
  EXPECT_NE(json(key, kBranch), "");
  clock_.advance(std::chrono::hours(7));
  must(store_->tidy());
  EXPECT_EQ(json(key, kBranch), "");
  EXPECT_NE(json(key, "$.match_team_objects.BookieAlpha"), "");
  EXPECT_EQ(key_of(live_record("9124285")), "");
  EXPECT_EQ(run({"EXISTS", own}), "0");
}

TEST_F(InteropStack, NamesWithHashTagsAreIndexedToo) {
  StoreOptions tags = options();
  tags.hash_tags = HashTags::On;
  open(tags);
  EXPECT_EQ(commit(live_record("7")), Committed::Created);
  EXPECT_EQ(run({"FT.SEARCH", kIndex, "@BookieDelta_eventID:[7 7]", "NOCONTENT"}),
            "1\nsportPesa_{lst-THREE_WAY_live}:1935921600-0-7");
}

TEST_F(InteropStack, LongAndTextIdsAreFoundByTheirKey) {
  open(options());
  const Lines ids{"12345678901234567",
                  "12345678901234568",
                  "1234567890123456789",
                  "9223372036854775807",
                  "sr:match:7*",
                  "AbC",
                  "abc",
                  "a,b",
                  "with space"};
  for (const std::string& id : ids) EXPECT_EQ(commit(live_record(id)), Committed::Created) << id;
  EXPECT_EQ(announcements(), static_cast<int>(ids.size()));
  for (const std::string& id : ids) {
    const std::string key = key_of(live_record(id));
    forget_lookup(live_record(id));
    EXPECT_EQ(commit(live_record(id, 2'110, kNoon + Millis(1'000))), Committed::Merged) << id;
    EXPECT_EQ(key_of(live_record(id)), key) << id;
    EXPECT_EQ(json(key, kBranch + ".event_id"), "\"" + id + "\"");
  }
  EXPECT_EQ(announcements(), static_cast<int>(ids.size()));
}

TEST_F(InteropStack, IdsThatLookAlikeToTheIndexAreToldApart) {
  open(options());
  // Equal as doubles; equal but for the case.
  for (const auto& [one, other] :
       {std::pair("9007199254740993", "9007199254740992"), {"sr:AbC", "sr:abc"}}) {
    EXPECT_EQ(commit(live_record(one)), Committed::Created);
    EXPECT_EQ(commit(live_record(other)), Committed::Created);
    EXPECT_NE(key_of(live_record(one)), key_of(live_record(other)));
  }
}

TEST_F(InteropStack, LongIdsOfTheSeedsDocumentsAreFoundToo) {
  const Lines ids{"12345678901234567", "12345678901234568", "1234567890123456789", "sr:match:7"};
  const Lines keys = python("seed_writer.py", ids);
  open(options());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(commit(live_record(ids[i])), Committed::Merged) << ids[i];
    EXPECT_EQ(key_of(live_record(ids[i])), keys[i]);
  }
  EXPECT_EQ(commit(live_record("12345678901234569")), Committed::Created);
}

TEST_F(InteropStack, APartOfTheMatchIsNotTakenForTheWholeOfIt) {
  open(options());
  Record half = live_record("9124285");
  half.segment = "first_half";
  EXPECT_EQ(commit(half), Committed::Created);
  EXPECT_EQ(commit(live_record("9124285")), Committed::Created);
  EXPECT_NE(key_of(half), key_of(live_record("9124285")));
  EXPECT_EQ(json(key_of(half), kBranch + ".segment"), R"("first_half")");
  half.segment = "second_half";
  EXPECT_EQ(commit(half), Committed::Created) << "nor the whole for a part";
  forget_lookup(live_record("9124285"));
  EXPECT_EQ(commit(live_record("9124285", 2'110)), Committed::Merged);
}

TEST_F(InteropStack, AnIndexOverManyDocumentsIsAwaited) {
  constexpr int kDocuments = 20'000;
  python("fill.py", {std::to_string(kDocuments)});
  open(options());
  const std::string found = run({"FT.SEARCH", kIndex, "*", "LIMIT", "0", "0"});
  EXPECT_EQ(found, std::to_string(kDocuments));
  for (const int event : {1, kDocuments / 2, kDocuments}) {
    const Record record = live_record(std::to_string(event));
    EXPECT_EQ(commit(record), Committed::Merged);
    EXPECT_EQ(key_of(record), "sportPesa_lst-THREE_WAY_live:" + std::to_string(event) + "-0");
  }
  EXPECT_EQ(announcements(), 0);
}

TEST_F(InteropStack, ABookmakerThatComesLaterJoinsTheIndex) {
  python("seed_writer.py", {"9124285"});
  open(options());
  StoreOptions more = options();
  more.bookmakers = {"BookieDelta", "BookieAlpha"};
  open(more);
  Record record = live_record("5");
  record.bookmaker = "BookieAlpha";
  EXPECT_EQ(commit(record), Committed::Merged);
  EXPECT_EQ(commit(live_record("9124285")), Committed::Merged);
  look();
  EXPECT_EQ(documents(), 1) << keys_;
}

TEST_F(InteropStack, AnIndexThatAnotherTeamMadeIsCompleted) {
  run({"FT.CREATE", kIndex, "ON", "JSON", "PREFIX", "1", "sportPesa_lst-THREE_WAY_live:", "SCHEMA",
       kBranch + ".eventId_gameId", "AS", "BookieDelta_eventID", "NUMERIC"});
  open(options());
  EXPECT_EQ(commit(live_record("sr:match:7")), Committed::Created);
  EXPECT_EQ(run({"FT.SEARCH", kIndex, "@BookieDelta_eventKey:{$id}", "NOCONTENT", "PARAMS", "2",
                 "id", "sr:match:7", "DIALECT", "2"}),
            "1\n" + key_of(live_record("sr:match:7")));
}

TEST_F(InteropStack, AnEmptiedServerGetsItsIndexAgain) {
  open(options());
  commit(live_record("1"));
  run({"FLUSHALL"});
  EXPECT_EQ(commit(live_record("2")), Committed::Created);
  EXPECT_EQ(commit(live_record("1")), Committed::Created);
  EXPECT_EQ(run({"FT.SEARCH", kIndex, "@BookieDelta_eventID:[2 2]", "NOCONTENT"}),
            "1\n" + key_of(live_record("2")));
}

}  // namespace
}  // namespace oddsloom::test
