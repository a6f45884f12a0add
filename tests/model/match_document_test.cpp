#include "model/match_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "model/rewrite_json.h"
#include "model/sample.h"

namespace oddsloom {
namespace {

namespace dom = simdjson::dom;
using test::at, test::three_way, test::with_member;

MatchDocument document() {
  MatchDocument out;
  out.key = "BookieDelta_lst-THREE_WAY_upcoming:1786289400-0-4410027";
  out.created = at("2026-08-09T15:30:00Z");
  out.bookie_updated = at("2026-08-09T16:00:05Z");
  Record alpha = three_way();
  alpha.bookmaker = "BookieAlpha";
  alpha.home = "Bodo/Vale \"A\"\n";
  alpha.start_time.reset();
  alpha.target_date.clear();
  out.records = {{"BookieAlpha", alpha}, {"BookieDelta", three_way()}};
  return out;
}

TEST(MatchDocumentJson, LosesNothing) {
  const MatchDocument original = document();
  const auto back = parse_match_document(to_json(original));
  ASSERT_TRUE(back.has_value()) << back.error().text();
  EXPECT_EQ(back->key, original.key);
  EXPECT_EQ(back->created, original.created);
  EXPECT_EQ(back->bookie_updated, original.bookie_updated);
  ASSERT_EQ(back->records.size(), 2U);
  for (const auto& [bookmaker, record] : original.records)
    EXPECT_TRUE(test::same(back->records.at(bookmaker), record)) << bookmaker;
  EXPECT_EQ(to_json(*back), to_json(original));
}

TEST(MatchDocumentJson, KeepsItsOwnTimesToTheSecondAsTheSeedDoes) {
  MatchDocument original = document();
  original.created = at("2026-08-09T15:30:00.999Z");
  const auto back = parse_match_document(to_json(original));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->created, at("2026-08-09T15:30:00Z"));
}

TEST(MatchDocumentJson, HasTheSeedsMembers) {
  dom::parser parser;
  dom::object json;
  const std::string text = to_json(document());
  ASSERT_EQ(parser.parse(text).get(json), simdjson::SUCCESS);
  std::vector<std::string> names, bookmakers;
  for (const auto [name, ignored] : json) names.emplace_back(name);
  for (const auto [name, ignored] : dom::object(json["match_team_objects"]))
    bookmakers.emplace_back(name);
  EXPECT_THAT(names,
              testing::UnorderedElementsAre("data_key", "match_team_objects", "teams", "created",
                                            "arbitrage", "arb_updated", "bookie_updated",
                                            "match_date", "start_time", "arbitrage_opportunities"));
  EXPECT_THAT(bookmakers, testing::ElementsAre("BookieAlpha", "BookieDelta"));
  EXPECT_EQ(std::int64_t(json["created"]), 1'786'289'400);
  EXPECT_EQ(std::int64_t(json["bookie_updated"]), 1'786'291'205);
  EXPECT_EQ(std::string_view(json["teams"]), "Bodo Vale;Luk Rostown");
  EXPECT_EQ(std::string_view(json["match_date"]), "2026-08-09");
  EXPECT_EQ(std::string_view(json["start_time"]), "2026-08-09T19:30:00.000Z");
  EXPECT_EQ(std::int64_t(json["match_team_objects"]["BookieDelta"]["eventId_gameId"]), 4410027);
  EXPECT_EQ(std::int64_t(json["arbitrage"]), 0);
  EXPECT_EQ(std::int64_t(json["arb_updated"]), 0);
  EXPECT_EQ(dom::array(json["arbitrage_opportunities"]).size(), 0U);
}

TEST(Representative, IsTheFirstThatKnowsTheKickOff) {
  MatchDocument match = document();
  EXPECT_EQ(representative(match).bookmaker, "BookieDelta");
  match.records.at("BookieDelta").start_time.reset();
  EXPECT_EQ(representative(match).bookmaker, "BookieAlpha");
  EXPECT_NE(to_json(match).find(R"("start_time":null,"arbitrage_opportunities")"),
            std::string::npos);
}

void expect_error(const std::string& path, const std::optional<std::string>& value,
                  ErrorKind kind) {
  const auto match = parse_match_document(with_member(to_json(document()), path, value));
  const std::string what = path + " = " + value.value_or("(left out)");
  ASSERT_FALSE(match.has_value()) << what;
  EXPECT_EQ(match.error().kind, kind) << what << ": " << match.error().text();
  EXPECT_EQ(match.error().where, path) << what;
}

TEST(ParseMatchDocument, TellsMissingNullAndWrongTypeApart) {
  for (const char* member : {"data_key", "created", "bookie_updated", "match_team_objects"}) {
    expect_error(member, std::nullopt, ErrorKind::Missing);
    expect_error(member, "null", ErrorKind::Null);
    expect_error(member, "true", ErrorKind::WrongType);
  }
}

TEST(ParseMatchDocument, CallsTimesAndBranchesThatCannotBeOutOfRange) {
  expect_error("created", "9223372036854775807", ErrorKind::OutOfRange);
  expect_error("created", "-9223372036854775808", ErrorKind::OutOfRange);
  expect_error("bookie_updated", "9223372036854775807", ErrorKind::OutOfRange);
  expect_error("match_team_objects", "{}", ErrorKind::OutOfRange);
}

TEST(ParseMatchDocument, NamesTheMemberOfTheBranchThatIsWrong) {
  const auto match = parse_match_document(with_member(
      to_json(document()), "match_team_objects.BookieDelta.outcomes.X.price", "\"evens\""));
  ASSERT_FALSE(match.has_value());
  EXPECT_EQ(match.error().kind, ErrorKind::Malformed);
  EXPECT_EQ(match.error().where, "match_team_objects.BookieDelta: outcomes.X.price");
}

TEST(ParseMatchDocument, WhatIsNoJsonObjectIsMalformed) {
  for (const char* json : {"", "[]", "null", "17", "{", "{}x"}) {
    const auto match = parse_match_document(json);
    ASSERT_FALSE(match.has_value()) << json;
    EXPECT_EQ(match.error().kind, ErrorKind::Malformed) << json;
  }
}

}  // namespace
}  // namespace oddsloom
