// The words of a search and what its answers say, in the shapes that servers of the 7.2 and the 8
// generation send over RESP2. Pure.
#include "store/redis_search_index.h"

#include <gmock/gmock.h>

#include "store/parsed_reply.h"
#include "support/resp_double.h"

namespace oddsloom::test {
namespace {

using resp::array;
using resp::bulk;
using resp::bulks;
using resp::integer;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kPath = "$.match_team_objects.BookieDelta";

std::vector<std::string> search(const std::string& event_id) {
  return words_of(search_for_event("idx:lst3way_live", "BookieDelta", event_id));
}

TEST(RedisSearch, ASmallNumberIsAskedForAsTheSeedDoes) {
  EXPECT_THAT(search("9124285"),
              ElementsAre("FT.SEARCH", "idx:lst3way_live", "@BookieDelta_eventID:[9124285 9124285]",
                          "RETURN", "1", kPath, "LIMIT", "0", "100", "DIALECT", "2"));
  EXPECT_EQ(search("-5").at(2), "@BookieDelta_eventID:[-5 -5]");
  EXPECT_EQ(search("999999999999999").at(2),
            "@BookieDelta_eventID:[999999999999999 999999999999999]");
}

TEST(RedisSearch, ALongNumberIsAskedForAsBoth) {
  EXPECT_THAT(search("1234567890123456789"),
              ElementsAre("FT.SEARCH", "idx:lst3way_live",
                          "(@BookieDelta_eventID:[1234567890123456789 1234567890123456789]) | "
                          "(@BookieDelta_eventKey:{$id})",
                          "RETURN", "1", kPath, "LIMIT", "0", "100", "PARAMS", "2", "id",
                          "1234567890123456789", "DIALECT", "2"));
}

TEST(RedisSearch, TextIsAskedForAsAParameterThatNeedsNoEscapes) {
  EXPECT_THAT(search("sr:match-7*|{x}"),
              ElementsAre("FT.SEARCH", "idx:lst3way_live", "@BookieDelta_eventKey:{$id}", "RETURN",
                          "1", kPath, "LIMIT", "0", "100", "PARAMS", "2", "id", "sr:match-7*|{x}",
                          "DIALECT", "2"));
  for (const std::string id : {"007", "+5", "99999999999999999999", "1.5", ""})
    EXPECT_EQ(search(id).at(2), "@BookieDelta_eventKey:{$id}") << id << " is no number of ours";
}

std::string hit(const std::string& key, const std::string& branch) {
  return bulk(key) + bulks({kPath, branch});
}

// Of a reply made of `hits`.
std::string found(const std::string& event_id, const std::vector<std::string>& hits) {
  std::string bytes = "*" + std::to_string(1 + 2 * hits.size()) + "\r\n" +
                      integer(static_cast<std::int64_t>(hits.size()));
  for (const std::string& one : hits) bytes += one;
  const Reply reply = parsed_reply(bytes);
  const auto key = first_found(reply.view(), event_id);
  return key ? key->value_or("none") : key.error().text();
}

TEST(RedisSearch, AHitNamesItsDocument) {
  EXPECT_EQ(found("7", {}), "none");
  EXPECT_EQ(found("7", {hit("a", R"({"eventId_gameId":7})")}), "a");
  EXPECT_EQ(found("7", {hit("a", R"({"eventId_gameId":7.0,"event_id":""})")}), "a");
  EXPECT_EQ(found("7", {hit("a", R"({"event_id":"7","segment":"full_time","line":null})")}), "a");
  EXPECT_EQ(found("sr:7", {hit("a", R"({"event_id":"sr:7"})")}), "a");
}

TEST(RedisSearch, HitsThatOnlyLookAlikeArePassedOver) {
  EXPECT_EQ(found("9007199254740993", {hit("a", R"({"eventId_gameId":9007199254740992})"),
                                       hit("b", R"({"eventId_gameId":9007199254740993})")}),
            "b");
  EXPECT_EQ(found("AbC", {hit("a", R"({"event_id":"abc"})"), hit("b", R"({"event_id":"AbC"})")}),
            "b");
  EXPECT_EQ(found("9007199254740993", {hit("a", R"({"eventId_gameId":9007199254740992.0})")}),
            "none");
  EXPECT_EQ(found("7", {hit("a", R"({"eventId_gameId":7.5})")}), "none");
}

TEST(RedisSearch, PartsOfAMatchAndLinesAreNotTheMatch) {
  EXPECT_EQ(found("7", {hit("a", R"({"event_id":"7","segment":"first_half"})"),
                        hit("b", R"({"event_id":"7","segment":"full_time","line":"2.5"})"),
                        hit("c", R"({"event_id":"7","segment":"full_time","line":null})")}),
            "c");
}

TEST(RedisSearch, HitsWithoutAReadableBranchAreNoHits) {
  for (const std::string branch : {"", "{", "[]", "7", "null", R"({"event_id":["7"]})"})
    EXPECT_EQ(found("7", {hit("a", branch)}), "none") << branch;
  // A document that expired while it was looked for; keys alone.
  const Reply expired = parsed_reply(array({integer(1), bulk("a"), resp::nil()}));
  EXPECT_EQ(*first_found(expired.view(), "7"), std::nullopt);
  const Reply keys = parsed_reply(array({integer(2), bulk("a"), bulk("b")}));
  EXPECT_EQ(*first_found(keys.view(), "7"), std::nullopt);
}

TEST(RedisSearch, AnErrorIsToldInTheServersWords) {
  const Reply reply = parsed_reply(resp::error("Timeout limit was reached"));
  const auto key = first_found(reply.view(), "7");
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().text(), "FT.SEARCH: Timeout limit was reached");
  EXPECT_FALSE(says_no_index(reply.view()));
}

TEST(RedisSearch, AMissingIndexIsKnownByAnyOfItsWordings) {
  for (const char* words :
       {"Unknown index name", "Unknown Index name", "idx:lst3way_live: no such index",
        "No such index idx:lst3way_live", "SEARCH_INDEX_NOT_FOUND Index not found: x"})
    EXPECT_TRUE(says_no_index(parsed_reply(resp::error(words)).view())) << words;
  EXPECT_FALSE(says_no_index(parsed_reply(bulk("no such index")).view())) << "no error";
}

// ---- FT.INFO

std::string attribute(const std::string& path, const std::string& name, const std::string& type) {
  return bulks({"identifier", path, "attribute", name, "type", type});
}

TEST(RedisIndexState, OfThe72Generation) {
  const Reply reply = parsed_reply(array(
      {bulk("index_name"), bulk("idx:lst3way_live"), bulk("index_options"), array({}),
       bulk("index_definition"),
       array({bulk("key_type"), bulk("JSON"), bulk("prefixes"),
              bulks({"sportPesa_lst-THREE_WAY_live:", "x:"}), bulk("default_score"), bulk("1")}),
       bulk("attributes"),
       array({attribute(kPath + ".eventId_gameId", "BookieDelta_eventID", "NUMERIC"),
              bulks({"identifier", kPath + ".event_id", "attribute", "BookieDelta_eventKey", "type",
                     "TAG", "SEPARATOR", ""})}),
       bulk("num_docs"), bulk("23"), bulk("hash_indexing_failures"), bulk("1"), bulk("indexing"),
       bulk("0"), bulk("percent_indexed"), bulk("1"), bulk("number_of_uses"), integer(30)}));
  const IndexState state = read_index_state(reply.view());
  EXPECT_TRUE(state.exists);
  EXPECT_FALSE(state.building);
  EXPECT_EQ(state.documents, 23);
  EXPECT_EQ(state.failures, 1);
  EXPECT_THAT(state.fields, ElementsAre("BookieDelta_eventID", "BookieDelta_eventKey"));
  EXPECT_THAT(state.prefixes, ElementsAre("sportPesa_lst-THREE_WAY_live:", "x:"));
}

TEST(RedisIndexState, OfThe8Generation) {
  const Reply reply = parsed_reply(array(
      {bulk("index_name"), bulk("idx:lst3way_live"), bulk("index_options"), array({}),
       bulk("index_definition"),
       array({bulk("key_type"), bulk("JSON"), bulk("prefixes"),
              bulks({"BookieDelta_lst-THREE_WAY_live:"}), bulk("default_score"), bulk("1"),
              bulk("indexes_all"), bulk("false")}),
       bulk("attributes"),
       array({bulks({"identifier", kPath + ".eventId_gameId", "attribute", "BookieDelta_eventID",
                     "type", "NUMERIC", "SORTABLE", "UNF"}),
              bulks({"identifier", kPath + ".event_id", "attribute", "BookieDelta_eventKey", "type",
                     "TAG", "SEPARATOR", "", "CASESENSITIVE"})}),
       bulk("num_docs"), integer(200'000), bulk("hash_indexing_failures"), integer(0),
       bulk("indexing"), integer(1), bulk("percent_indexed"), bulk("0.25"), bulk("Index Errors"),
       array({bulk("indexing failures"), integer(0), bulk("last indexing error"), bulk("N/A"),
              bulk("background indexing status"), bulk("OK")})}));
  const IndexState state = read_index_state(reply.view());
  EXPECT_TRUE(state.building);
  EXPECT_EQ(state.documents, 200'000);
  EXPECT_EQ(state.failures, 0);
  EXPECT_THAT(state.fields, ElementsAre("BookieDelta_eventID", "BookieDelta_eventKey"));
  EXPECT_THAT(state.prefixes, ElementsAre("BookieDelta_lst-THREE_WAY_live:"));
}

TEST(RedisIndexState, WhatIsNotSaidIsNothing) {
  const IndexState state = read_index_state(parsed_reply(array({})).view());
  EXPECT_TRUE(state.exists);
  EXPECT_FALSE(state.building);
  EXPECT_THAT(state.fields, IsEmpty());
  EXPECT_THAT(state.prefixes, IsEmpty());
}

}  // namespace
}  // namespace oddsloom::test
