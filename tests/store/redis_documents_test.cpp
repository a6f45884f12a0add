// Documents read back from what HGETALL and JSON.GET answer: ours, other programs', damaged ones.
// Pure.
#include "store/redis_documents.h"

#include <gtest/gtest.h>

#include "model/match_document.h"
#include "store/parsed_reply.h"
#include "store/store_under_test.h"
#include "support/resp_double.h"

namespace oddsloom::test {
namespace {

using resp::bulks;

Record changed_record(const std::string& bookmaker, UtcMillis changed_at) {
  Record record = record_of("9124285");
  record.bookmaker = bookmaker;
  record.observed_at = record.changed_at = changed_at;
  return record;
}

// As JSON.GET KEY $ answers it.
std::string json_of(const MatchDocument& document) { return "[" + to_json(document) + "]"; }

TEST(RedisDocuments, AJsonValueIsReadBackAsItWasWritten) {
  MatchDocument written{"the key", kNoon, kNoon, {}};
  for (const std::string name : {"BookieDelta", "BookieAlpha"})
    written.records.emplace(name, changed_record(name, kNoon + Millis(7'000)));
  const auto read = read_json_document("the key", json_of(written));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->key, "the key");
  EXPECT_EQ(read->created, kNoon);
  EXPECT_EQ(read->bookie_updated, kNoon + Millis(7'000)) << "the last change";
  ASSERT_EQ(read->records.size(), 2u);
  for (const auto& [name, record] : written.records)
    EXPECT_EQ(to_json(read->records.at(name)), to_json(record));
}

TEST(RedisDocuments, MembersOfOtherProgramsDoNotDisturb) {
  const std::string ours = to_json(changed_record("BookieDelta", kNoon));
  const auto read = read_json_document(
      "k", R"([{"created":1935921600.75,"operator":{"a":[1,null]},"match_team_objects":{)"
           R"("BookieAlpha":{"bookmaker":"BookieAlpha","odds":[]},"note":7,"BookieDelta":)" +
               ours.substr(0, ours.size() - 1) + R"(,"rating":{"stars":2.5}}}}])");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->created, kNoon) << "whole seconds of a time with a fraction";
  ASSERT_EQ(read->records.size(), 1u) << "what is no branch of ours is left out";
  EXPECT_EQ(to_json(read->records.at("BookieDelta")), ours);
}

TEST(RedisDocuments, WithoutATimeOfCreationItIsStillADocument) {
  const std::string branch = to_json(changed_record("BookieDelta", kNoon));
  for (const std::string created :
       {"", R"("created":"today",)", R"("created":-1,)", R"("created":9e99,)"}) {
    const auto read = read_json_document(
        "k", "[{" + created + R"("match_team_objects":{"BookieDelta":)" + branch + "}}]");
    ASSERT_TRUE(read) << created;
    EXPECT_EQ(read->created, UtcMillis{0}) << created;
  }
}

TEST(RedisDocuments, WhatIsNoDocumentOfOursIsNothing) {
  for (const char* json :
       {"", "[]", "{}", "[7]", "[{}]", "[{", R"([{"match_team_objects":{}}])",
        R"([{"match_team_objects":[]}])", R"([{"match_team_objects":{"BookieAlpha":{}}}])"})
    EXPECT_FALSE(read_json_document("k", json)) << json;
  EXPECT_FALSE(read_json_document("k", parsed_reply(resp::nil()).text())) << "no such key";
  EXPECT_FALSE(read_hash_document("k", parsed_reply(resp::array({})).view())) << "no such key";
  EXPECT_FALSE(read_hash_document("k", parsed_reply(bulks({"bk:BookieDelta", "{}"})).view()));
}

TEST(RedisDocuments, AHashIsReadBackWithItsSightings) {
  const Record ours = changed_record("BookieDelta", kNoon);
  const Reply reply =
      parsed_reply(bulks({"ts:BookieDelta", std::to_string(kNoon.value + 5'000), "created",
                          std::to_string(kNoon.value), "bk:BookieDelta", to_json(ours),
                          "bk:BookieAlpha", "{}", "ts:BookieAlpha", "soon", "arb", "1"}));
  const auto read = read_hash_document("k", reply.view());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->created, kNoon);
  EXPECT_EQ(read->bookie_updated, kNoon);
  ASSERT_EQ(read->records.size(), 1u);
  EXPECT_EQ(read->records.at("BookieDelta").observed_at, kNoon + Millis(5'000));
  EXPECT_EQ(read->records.at("BookieDelta").changed_at, kNoon);
}

}  // namespace
}  // namespace oddsloom::test
