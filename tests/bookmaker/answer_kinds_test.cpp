#include <gtest/gtest.h>

#include "answers.h"
#include "folder.h"

namespace oddsloom::test {
namespace {

Mapping upcoming_of(std::string_view body) {
  return map(Source::Upcoming, {wanted("9000001")}, body);
}

const std::string kGood =
    upcoming("9000001", {upcoming_three_way("\"2.06\"", "\"3.40\"", "\"3.00\"")});

std::string with(std::string text, std::string_view what, std::string_view instead) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + instead.size()))
    text.replace(at, what.size(), instead);
  return text;
}

TEST(AnswerKinds, EveryWayToFailHasItsOwnNameAndMessage) {
  const std::pair<std::string, AnswerKind> cases[]{
      {"<html><title>Challenge Validation</title></html>", AnswerKind::Blocked},
      {"<HTML><BODY>Access Denied</BODY></HTML>", AnswerKind::Blocked},
      {"{\"error\":\"Access denied\"}", AnswerKind::Blocked},
      {"<html><head><title>Down for maintenance</title></head></html>", AnswerKind::Page},
      {kGood.substr(0, kGood.size() / 2), AnswerKind::Truncated},
      {kGood.substr(0, kGood.size() - 1), AnswerKind::Truncated},
      {"service unavailable", AnswerKind::NotJson},
      {"", AnswerKind::NotJson},
      {"{\"a\":1}}", AnswerKind::NotJson},
      {"{\"games\":[{\"identifier\":9000001}]}", AnswerKind::OtherShape},
      {"\"a text\"", AnswerKind::OtherShape},
      {"17", AnswerKind::OtherShape}};
  std::set<std::string> messages;
  for (const auto& [body, kind] : cases) {
    const Mapping mapping = upcoming_of(body);
    EXPECT_EQ(to_string(mapping.kind), to_string(kind)) << body;
    EXPECT_TRUE(mapping.records.empty() && mapping.missing_events.empty()) << body;
    messages.insert(mapping.message);
  }
  EXPECT_EQ(messages.size(), std::size(cases));
}

TEST(AnswerKinds, AnyCutOfAGoodAnswerIsTruncatedAndNeverMapped) {
  ASSERT_EQ(upcoming_of(kGood).records.size(), 1U);
  for (std::size_t length = 1; length < kGood.size(); ++length)
    EXPECT_EQ(upcoming_of(kGood.substr(0, length)).kind, AnswerKind::Truncated) << length;
}

TEST(AnswerKinds, ARenamedMemberIsAChangedFormatNotAnEmptyAnswer) {
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"\"odds\"", "\"price\""},
                                                        {"\"selections\"", "\"outcomes\""},
                                                        {"\"id\":10,", "\"key\":10,"}}) {
    const Mapping mapping = upcoming_of(with(kGood, from, to));
    EXPECT_EQ(mapping.kind, AnswerKind::OtherShape) << from;
    EXPECT_TRUE(mapping.records.empty() && mapping.not_offered.empty()) << from;
  }
  const std::string good_live =
      live({live_event("1900001", {live_market(138, "Open", {{"yes", "1.80"}, {"no", "1.90"}})})});
  ASSERT_EQ(map_any(Source::Live, good_live).records.size(), 1U);
  for (const std::string from : {"\"eventId\"", "\"markets\"", "\"odds\"", "\"status\""})
    EXPECT_EQ(map_any(Source::Live, with(good_live, from, "\"renamed\"")).kind,
              AnswerKind::OtherShape)
        << from;
}

TEST(AnswerKinds, AChangedFormatIsToldByWhatWasExpectedAndWhatWasFound) {
  const Mapping mapping = upcoming_of(R"({"games":[{"identifier":9000001,"odds":[1.5]}]})");
  EXPECT_NE(mapping.message.find("expected upcoming_by_id"), std::string::npos) << mapping.message;
  EXPECT_NE(mapping.message.find("found {games: [{identifier: number, odds: [number]}]}"),
            std::string::npos)
      << mapping.message;
  const Mapping prices = upcoming_of(with(kGood, "\"odds\"", "\"price\""));
  EXPECT_NE(prices.message.find("3 of 3 selections have no price"), std::string::npos)
      << prices.message;
}

TEST(AnswerKinds, OneBadEventAmongGoodOnesIsAProblemNotAChangedFormat) {
  std::string body = kGood;
  body.insert(1, R"("note":[{"id":1}],"9000002":{},)");
  body.insert(1, upcoming("9000003", {upcoming_three_way("\"2.06\"", "\"3.40\"", "\"3.00\"")})
                     .substr(1, std::string::npos));
  body.erase(body.find("]}\"note\"") + 1, 1);
  body.insert(body.find("]\"note\"") + 1, ",");
  const Mapping mapping =
      map(Source::Upcoming, {wanted("9000001"), wanted("9000002"), wanted("9000003")}, body);
  EXPECT_EQ(mapping.kind, AnswerKind::Good) << mapping.message;
  EXPECT_EQ(mapping.records.size(), 2U);
  EXPECT_FALSE(mapping.problems.empty());
  // What could not be read is not "not offered": that would withdraw prices that may well stand.
  for (const MarketNotOffered& market : mapping.not_offered) EXPECT_NE(market.event_id, "9000002");
}

TEST(AnswerKinds, AWordOfAChallengeInsideAGoodAnswerDoesNotBlockIt) {
  const Mapping mapping = upcoming_of(with(kGood, "Anvil Town", "Access Denied United"));
  EXPECT_EQ(mapping.kind, AnswerKind::Good);
  EXPECT_EQ(mapping.records.size(), 1U);
}

TEST(AnswerKinds, DeepAndLargeNonsenseIsRefused) {
  EXPECT_EQ(upcoming_of(std::string(5000, '[')).kind, AnswerKind::Truncated);
  EXPECT_EQ(upcoming_of(std::string(5000, '[') + std::string(5000, ']')).kind, AnswerKind::NotJson);
  EXPECT_EQ(upcoming_of("{\"9000001\":\"\xff\xfe\"}").kind, AnswerKind::NotJson);
}

}  // namespace
}  // namespace oddsloom::test
