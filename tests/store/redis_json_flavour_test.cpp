// The store on a server with JSON values and search, word for word, against a double: Debian has no
// such server. What a real one makes of these words: interop_stack_test.cpp and the contract suite,
// with ODDSLOOM_TEST_REDIS_STACK.
#include <gmock/gmock.h>

#include <deque>

#include "store/redis_scripts.h"
#include "store/redis_search_index.h"
#include "store/stack_double.h"
#include "store/store_under_test.h"

namespace oddsloom::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Words = std::vector<std::string>;

const std::string kIndex = "idx:lst3way_upcoming";
const std::string kBranch = "$.match_team_objects.BookieDelta";
const std::string kLookup = "idx:lst3way_upcoming:BookieDelta:";
class RedisJsonFlavour : public ::testing::Test {
 protected:
  RedisJsonFlavour() {
    server_.commit = [this](const StackDouble::Commit&) {
      if (answers_.empty()) return resp::bulk("unexpected: the test has no answer");
      const std::string answer = answers_.front();
      answers_.pop_front();
      return answer;
    };
    server_.search = [this](const RespDouble::Command&) { return found_; };
  }

  StoreOptions options(std::vector<std::string> bookmakers = {"BookieDelta"}) {
    StoreOptions options = options_with(clock_.clock());
    options.bet_types = BetTypes({known_bet_types().all().at(0)});
    options.bookmakers = std::move(bookmakers);
    return options;
  }
  Result<void> open(const StoreOptions& options, const std::string& path = "") {
    auto store = open_store(server_.url() + path, options);
    if (!store) return tl::unexpected(store.error());
    store_ = *std::move(store);
    book_ = must(store_->match_book());
    return {};
  }
  // Open, with whatever that took no longer among the commands.
  void be_open(const StoreOptions& options) {
    must(open(options));
    server_.forget_commands();
  }
  Result<std::vector<Committed>> commit(std::vector<Record> records,
                                        const std::vector<Words>& answers) {
    for (const Words& words : answers)
      answers_.push_back(words.size() == 1 ? resp::bulk(words[0]) : resp::bulks(words));
    CommitBatch batch;
    batch.records = std::move(records);
    return oddsloom::commit(*book_, std::move(batch));
  }
  // What each run of the script took its document for, and which that was.
  std::vector<Words> asked() const {
    std::vector<Words> out;
    for (const auto& one : server_.commits()) out.push_back({one.what(), one.document});
    return out;
  }
  static std::string hits(const Words& keys, const std::string& branch) {
    std::vector<std::string> parts{resp::integer(static_cast<std::int64_t>(keys.size()))};
    for (const std::string& key : keys) {
      parts.push_back(resp::bulk(key));
      parts.push_back(resp::bulks({kBranch, branch}));
    }
    return resp::array(parts);
  }
  static std::string new_key(const std::string& event_id) {
    return "BookieDelta_lst-THREE_WAY_upcoming:1935921600-0-" + event_id;
  }

  HandClock clock_;
  std::deque<std::string> answers_;
  std::string found_ = resp::array({resp::integer(0)});
  StackDouble server_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<MatchBook> book_;
};

// ---- opening

TEST_F(RedisJsonFlavour, IndexesAreMadeByTheSeedsNames) {
  must(open(options()));
  EXPECT_THAT(
      server_.sent("FT.CREATE"),
      ElementsAre(ElementsAre("FT.CREATE", "idx:lst3way_live", "ON", "JSON", "PREFIX", "1",
                              "BookieDelta_lst-THREE_WAY_live:", "SCHEMA",
                              kBranch + ".eventId_gameId", "AS", "BookieDelta_eventID", "NUMERIC",
                              kBranch + ".event_id", "AS", "BookieDelta_eventKey", "TAG"),
                  ElementsAre("FT.CREATE", "idx:lst3way_upcoming", "ON", "JSON", "PREFIX", "1",
                              "BookieDelta_lst-THREE_WAY_upcoming:", "SCHEMA",
                              kBranch + ".eventId_gameId", "AS", "BookieDelta_eventID", "NUMERIC",
                              kBranch + ".event_id", "AS", "BookieDelta_eventKey", "TAG")));
  EXPECT_EQ(server_.layout["documents"], "JSON values");
  server_.forget_commands();
  must(open(options()));
  EXPECT_THAT(server_.sent("FT.CREATE"), IsEmpty()) << "the second time they are there";
  EXPECT_THAT(server_.sent("FT.ALTER"), IsEmpty());
}

TEST_F(RedisJsonFlavour, AnIndexHasFieldsAndPrefixesOfAllBookmakers) {
  must(open(options({"BookieDelta", "BookieAlpha"})));
  EXPECT_THAT(server_.indexes[kIndex].prefixes, ElementsAre("BookieDelta_lst-THREE_WAY_upcoming:",
                                                            "BookieAlpha_lst-THREE_WAY_upcoming:"));
  EXPECT_THAT(server_.indexes[kIndex].fields,
              ElementsAre("BookieDelta_eventID", "BookieDelta_eventKey", "BookieAlpha_eventID",
                          "BookieAlpha_eventKey"));
}

TEST_F(RedisJsonFlavour, WithTheSeedsPrefixOneIsEnough) {
  StoreOptions with_prefix = options({"BookieDelta", "BookieAlpha"});
  with_prefix.naming.document_prefix = "sportPesa";
  with_prefix.hash_tags = HashTags::On;
  must(open(with_prefix));
  EXPECT_THAT(server_.indexes[kIndex].prefixes, ElementsAre("sportPesa_{lst-THREE_WAY_upcoming}:"));
}

TEST_F(RedisJsonFlavour, OnlyTheFieldsThatAreMissingAreAdded) {
  server_.indexes["idx:lst3way_live"] = {{"x:"}, {"BookieDelta_eventID"}};
  server_.indexes[kIndex] = {{"x:"}, {"BookieDelta_eventKey", "other", "BookieDelta_eventID"}};
  must(open(options({"BookieDelta", "BookieAlpha"})));
  const std::string alpha = "$.match_team_objects.BookieAlpha";
  const Words of_alpha{alpha + ".eventId_gameId", "AS", "BookieAlpha_eventID",  "NUMERIC",
                       alpha + ".event_id",       "AS", "BookieAlpha_eventKey", "TAG"};
  Words live{"FT.ALTER", "idx:lst3way_live", "SCHEMA", "ADD"}, upcoming = live;
  upcoming[1] = kIndex;
  live.insert(live.end(), of_alpha.begin(), of_alpha.end());
  upcoming.insert(upcoming.end(), of_alpha.begin(), of_alpha.end());
  EXPECT_THAT(server_.sent("FT.ALTER"),
              ElementsAre(Words{"FT.ALTER", "idx:lst3way_live", "SCHEMA", "ADD",
                                kBranch + ".event_id", "AS", "BookieDelta_eventKey", "TAG"},
                          live, upcoming));
  EXPECT_THAT(server_.sent("FT.CREATE"), IsEmpty());
}

TEST_F(RedisJsonFlavour, AnyWordingOfAMissingIndexMakesOne) {
  server_.no_index = "No such index idx:lst3way_live";
  must(open(options()));
  EXPECT_EQ(server_.sent("FT.CREATE").size(), 2u);
}

TEST_F(RedisJsonFlavour, AnIndexThatAnotherProcessMadeMeanwhileIsFine) {
  server_.create_index = [this](const RespDouble::Command& command) {
    server_.indexes[command.at(1)] = {{}, {"BookieDelta_eventID", "BookieDelta_eventKey"}};
    return resp::error("Index already exists");
  };
  must(open(options()));
}

TEST_F(RedisJsonFlavour, WhatTheServerRefusesIsToldWithTheIndexsName) {
  server_.create_index = [](const auto&) {
    return resp::error("NOPERM this user has no permissions to run the 'ft.create' command");
  };
  const auto opened = open(options());
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().text(), HasSubstr("idx:lst3way_live"));
  EXPECT_THAT(opened.error().text(), HasSubstr("'ft.create'"));
}

TEST_F(RedisJsonFlavour, AnIndexIsAwaitedUntilItIsBuilt) {
  server_.indexes["idx:lst3way_live"] = {{}, {"BookieDelta_eventID", "BookieDelta_eventKey"}, 3};
  must(open(options()));
  EXPECT_EQ(server_.indexes["idx:lst3way_live"].building, 0);
  EXPECT_GE(server_.sent("FT.INFO").size(), 4u);
}

TEST_F(RedisJsonFlavour, AnIndexThatIsStillBeingBuiltAtTheDeadlineIsATimeout) {
  server_.indexes["idx:lst3way_live"] = {
      {}, {"BookieDelta_eventID", "BookieDelta_eventKey"}, 1'000'000};
  RedisHouse house{*parse_redis_url(server_.url()), options(), RedisFlavour::Json, true};
  const auto client = must(house.connect());
  const auto ensured = ensure_search_indexes(house, *client, Millis(1));
  ASSERT_FALSE(ensured);
  EXPECT_EQ(ensured.error().kind, ErrorKind::Timeout);
  EXPECT_THAT(ensured.error().text(), HasSubstr("still building"));
}

TEST_F(RedisJsonFlavour, SearchNeedsDatabase0) {
  const auto opened = open(options(), "/1");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::Invalid);
  EXPECT_THAT(opened.error().text(), HasSubstr("database 0"));
}

TEST_F(RedisJsonFlavour, AServerWhoseJsonDoesOtherwiseGetsHashes) {
  server_.merged = R"([{"a":1,"match_team_objects":{"x":{"b":null,"c":3}}}])";
  must(open(options()));
  EXPECT_EQ(server_.layout["documents"], "hashes");
  EXPECT_THAT(server_.sent("FT.CREATE"), IsEmpty());
}

TEST_F(RedisJsonFlavour, AServerWithoutMergeGetsHashes) {
  server_.lacks = {"JSON.MERGE"};
  must(open(options()));
  EXPECT_EQ(server_.layout["documents"], "hashes");
  EXPECT_THAT(server_.sent("JSON.SET"), IsEmpty()) << "nothing to try out";
}

TEST_F(RedisJsonFlavour, AStoreOfTheOtherLayoutIsAConflict) {
  server_.layout = {{"version", "1"}, {"documents", "hashes"}, {"hash_tags", "no"}};
  const auto opened = open(options());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::Conflict);
  EXPECT_THAT(opened.error().text(), HasSubstr("hashes"));
}

// ---- committing

TEST_F(RedisJsonFlavour, AnUnknownEventIsSearchedForOnceAndItsDocumentAdopted) {
  be_open(options());
  found_ = hits({"sportPesa_lst-THREE_WAY_upcoming:7-0"}, R"({"eventId_gameId":9124285})");
  EXPECT_THAT(must(commit({record_of("9124285")}, {{"unknown"}, {"merged"}})),
              ElementsAre(Committed::Merged));
  EXPECT_THAT(asked(), ElementsAre(Words{"ask", new_key("9124285")},
                                   Words{"found", "sportPesa_lst-THREE_WAY_upcoming:7-0"}));
  EXPECT_THAT(
      server_.sent("FT.SEARCH"),
      ElementsAre(ElementsAre("FT.SEARCH", kIndex, "@BookieDelta_eventID:[9124285 9124285]",
                              "RETURN", "1", kBranch, "LIMIT", "0", "100", "DIALECT", "2")));

  server_.forget_commands();
  EXPECT_THAT(must(commit({record_of("9124285", 2'110)}, {{"merged"}})),
              ElementsAre(Committed::Merged));
  EXPECT_THAT(asked(), ElementsAre(Words{"known", "sportPesa_lst-THREE_WAY_upcoming:7-0"}));
  EXPECT_THAT(server_.sent("FT.SEARCH"), IsEmpty());
}

TEST_F(RedisJsonFlavour, WhatTheSearchDoesNotKnowBecomesNew) {
  be_open(options());
  EXPECT_THAT(must(commit({record_of("sr:match:7")}, {{"unknown"}, {"created"}})),
              ElementsAre(Committed::Created));
  EXPECT_THAT(asked(), ElementsAre(Words{"ask", new_key("sr:match:7")},
                                   Words{"new", new_key("sr:match:7")}));
  EXPECT_THAT(server_.sent("FT.SEARCH"),
              ElementsAre(ElementsAre("FT.SEARCH", kIndex, "@BookieDelta_eventKey:{$id}", "RETURN",
                                      "1", kBranch, "LIMIT", "0", "100", "PARAMS", "2", "id",
                                      "sr:match:7", "DIALECT", "2")));
}

TEST_F(RedisJsonFlavour, EachUnknownEventOfABatchIsSearchedForOnce) {
  be_open(options());
  found_ = hits({"theirs"}, R"({"eventId_gameId":2})");
  EXPECT_THAT(
      must(
          commit({record_of("1"), record_of("2"), record_of("3")},
                 {{"unknown"}, {"unknown"}, {"known", "ours"}, {"same"}, {"created"}, {"merged"}})),
      ElementsAre(Committed::Created, Committed::Merged, Committed::Same));
  // Each round is one pipeline of those that are not yet decided.
  EXPECT_THAT(asked(), ElementsAre(Words{"ask", new_key("1")}, Words{"ask", new_key("2")},
                                   Words{"ask", new_key("3")}, Words{"known", "ours"},
                                   Words{"new", new_key("1")}, Words{"found", "theirs"}));
  EXPECT_EQ(server_.sent("FT.SEARCH").size(), 2u);
}

TEST_F(RedisJsonFlavour, AFoundDocumentThatIsGoneIsSearchedForAgain) {
  be_open(options());
  found_ = hits({"theirs"}, R"({"eventId_gameId":1})");
  EXPECT_THAT(must(commit({record_of("1")}, {{"unknown"}, {"gone"}, {"unknown"}, {"merged"}})),
              ElementsAre(Committed::Merged));
  EXPECT_EQ(server_.sent("FT.SEARCH").size(), 2u);
}

TEST_F(RedisJsonFlavour, PartsAndLinesAreNotSearchedFor) {
  be_open(options());
  Record half = record_of("1"), line = record_of("1");
  half.segment = "first_half";
  line.line = Line{2'500};
  must(commit({half, line}, {{"created"}, {"created"}}));
  EXPECT_THAT(asked(),
              ElementsAre(Words{"new", new_key("1@first_half")}, Words{"new", new_key("1@2.5")}));
  EXPECT_THAT(server_.sent("FT.SEARCH"), IsEmpty());
}

TEST_F(RedisJsonFlavour, WithoutBookmakersOrSearchNobodyIsAsked) {
  be_open(options({}));
  must(commit({record_of("1")}, {{"created"}}));
  server_.lacks = {"FT.SEARCH"};
  must(open(options()));
  must(commit({record_of("1")}, {{"created"}}));
  EXPECT_THAT(asked(), ElementsAre(Words{"new", new_key("1")}, Words{"new", new_key("1")}));
  EXPECT_THAT(server_.sent("FT.INFO"), IsEmpty());
}

TEST_F(RedisJsonFlavour, ASearchThatTimesOutFailsTheBatchAndSettlesNothing) {
  be_open(options());
  found_ = resp::error("Timeout limit was reached");
  CommitBatch batch;
  batch.records = {record_of("1")};
  batch.acknowledge = {{stream_of("three_way"), "1-1"}};
  answers_.push_back(resp::bulk("unknown"));
  const auto done = oddsloom::commit(*book_, std::move(batch));
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text(), HasSubstr("Timeout limit was reached"));
  EXPECT_EQ(server_.sent("EVALSHA").size(), 1u) << "nothing was made, nothing acknowledged";
}

TEST_F(RedisJsonFlavour, AnIndexThatIsGoneIsMadeAgainAndAsked) {
  be_open(options());
  server_.indexes.clear();  // FLUSHALL
  server_.search = [this](const RespDouble::Command& command) {
    return server_.indexes.contains(command.at(1)) ? hits({"theirs"}, R"({"eventId_gameId":1})")
                                                   : resp::error(command.at(1) + ": no such index");
  };
  EXPECT_THAT(must(commit({record_of("1"), record_of("2")},
                          {{"unknown"}, {"unknown"}, {"merged"}, {"created"}})),
              ElementsAre(Committed::Merged, Committed::Created));
  EXPECT_EQ(server_.sent("FT.CREATE").size(), 2u) << "live and upcoming, once each";
  EXPECT_EQ(server_.sent("FT.SEARCH").size(), 4u);
}

TEST_F(RedisJsonFlavour, AnIndexThatCannotBeSearchedEvenSoIsToldOnce) {
  be_open(options());
  found_ = resp::error("idx:lst3way_upcoming: no such index");
  const auto done = commit({record_of("1")}, {{"unknown"}});
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text(), HasSubstr("no such index"));
  EXPECT_EQ(server_.sent("FT.SEARCH").size(), 2u);
}

TEST_F(RedisJsonFlavour, ACommitCarriesWhatJsonNeeds) {
  be_open(options({}));
  Record record = record_of("9124285");
  record.outcomes.erase(record.outcomes.begin() + 1);
  record.start_time.reset();
  must(commit({record}, {{"created"}}));
  record.changed_at = record.observed_at;
  const auto one = server_.commits().at(0);
  EXPECT_EQ(one.lookup, kLookup + "9124285");
  EXPECT_EQ(one.document, new_key("9124285"));
  ASSERT_EQ(one.words.size(), 15u);
  EXPECT_EQ(one.words[6], "") << "the document has it";
  EXPECT_EQ(one.words[7], to_json(record, RecordForm::Ours));
  MatchDocument whole{new_key("9124285"), kNoon, kNoon, {}};
  whole.records.emplace("BookieDelta", record);
  EXPECT_THAT(Words(one.words.begin() + 11, one.words.end()),
              ElementsAre(to_json(whole), "", "", ""));

  record.home = "Renamed";
  must(commit({record}, {{"merged"}}));
  const auto next = server_.commits().back();
  EXPECT_EQ(next.words[6], to_json(record));
  EXPECT_EQ(next.words[7], to_json(record, RecordForm::Ours));
  EXPECT_THAT(Words(next.words.begin() + 11, next.words.end()),
              ElementsAre("", outcomes_member(record), "X ", "line start_time"));
}

// ---- reading

TEST_F(RedisJsonFlavour, ADocumentIsReadAtItsRootAndItsSightingFromTheLookup) {
  be_open(options());
  Record record = record_of("9124285");
  record.changed_at = record.observed_at;
  MatchDocument whole{"a key", kNoon, kNoon, {}};
  whole.records.emplace("BookieDelta", record);
  server_.document = [&](const auto&) { return resp::bulk("[" + to_json(whole) + "]"); };
  std::string hash = content_hash(record).hex();
  server_.lookup = [&](const auto&) {
    return resp::bulks({hash, std::to_string(kNoon.value + 9'000)});
  };
  const auto reader = must(store_->reader());
  const auto sighting = [&] {
    return must(reader->document("a key")).value().records.at("BookieDelta").observed_at;
  };
  EXPECT_EQ(sighting(), kNoon + Millis(9'000));
  EXPECT_THAT(server_.sent("JSON.GET"), ElementsAre(ElementsAre("JSON.GET", "a key", "$")));
  EXPECT_THAT(server_.sent("HMGET"),
              ElementsAre(ElementsAre("HMGET", kLookup + "9124285", "h", "ts")));
  hash = std::string(32, '0');
  EXPECT_EQ(sighting(), kNoon) << "the lookup is about other content";
}

TEST_F(RedisJsonFlavour, WhatIsNoDocumentIsNothing) {
  be_open(options());
  const auto reader = must(store_->reader());
  EXPECT_EQ(must(reader->document("not there")), std::nullopt);
  for (const char* words : {"WRONGTYPE Operation against a key holding the wrong kind of value",
                            "Existing key has wrong Redis type"}) {
    server_.document = [&](const auto&) { return resp::error(words); };
    EXPECT_EQ(must(reader->document("a list")), std::nullopt) << words;
  }
  server_.document = [](const auto&) { return resp::error("NOPERM no permissions"); };
  EXPECT_FALSE(reader->document("a secret"));
}

}  // namespace
}  // namespace oddsloom::test
