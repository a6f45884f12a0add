// No price is told past its limit, however the answer was kept.
#include <libdeflate.h>

#include "serve/odds_fixture.h"

namespace oddsloom::test {
namespace {

constexpr std::string_view kOdds = "/v4/sports/soccer/odds?regions=ke,ng";

TEST_F(OddsApiTest, APriceIsToldAtExactlyItsLimitAndNotAfter) {
  const UtcMillis limit = kNow - Millis(2'000) + Millis(15'000);
  const std::string price = R"("name":"Gor Mahia","price":2.1)";
  EXPECT_NE(body(kOdds, limit).find(price), std::string::npos);
  const std::string after = body(kOdds, limit + Millis(1));
  EXPECT_EQ(after.find(price), std::string::npos);
  EXPECT_NE(after.find(kLiveId), std::string::npos);  // the match is told, without bookmakers
  EXPECT_NE(after.find(R"("price":1.5)"), std::string::npos);
}

TEST_F(OddsApiTest, AKeptAnswerDoesNotOutliveAPriceInIt) {
  const UtcMillis limit = kNow + Millis(13'000);
  const WebResponse first = get(kOdds, limit - Millis(100));
  EXPECT_EQ(get(kOdds, limit).body, first.body);  // kept
  const WebResponse after = get(kOdds, limit + Millis(1));
  EXPECT_NE(after.etag, first.etag);
  EXPECT_EQ(after.body->find("Gor Mahia\",\"price\""), std::string::npos);
}

TEST_F(OddsApiTest, AKeptTextOfAMatchDoesNotOutliveAPriceInIt) {
  get(kOdds);
  get(kOdds, kNow + Millis(12'000));
  EXPECT_EQ(body(kOdds, kNow + Millis(13'001)).find(R"("price":2.1)"), std::string::npos);
}

TEST_F(OddsApiTest, AnAnswerIsKeptForItsAgeAndThenTheNewBoardIsTold) {
  const WebResponse first = get(kOdds);
  api_.publish(board({}));
  EXPECT_EQ(get(kOdds, kNow + Millis(500)).body, first.body);
  EXPECT_EQ(body(kOdds, kNow + Millis(501)), "[]");
}

TEST_F(OddsApiTest, TheSameContentHasTheSameTagAndBody) {
  const WebResponse first = get(kOdds);
  const WebResponse later = get(kOdds, kNow + Millis(1'000));
  EXPECT_EQ(first.etag, later.etag);
  EXPECT_EQ(first.body, later.body);
  EXPECT_EQ(get("/v4/sports/soccer/odds/?regions=ke,ng").body, later.body);
}

TEST_F(OddsApiTest, AnUpcomingPriceEndsWithTheKickOff) {
  const Fixture soon{"Arsenal", "Chelsea", "", "1", kNow + Millis(10'000)};
  api_.publish(board({match(catalog_, kNextId,
                            {listing("BookieAlpha", Source::Upcoming, "a2", soon,
                                     {market("three_way", {{{"1", 1'500}}})})})}));
  EXPECT_NE(body(kOdds, kNow + Millis(9'999)).find(R"("price":1.5)"), std::string::npos);
  EXPECT_EQ(body(kOdds, kNow + Millis(10'000)).find(R"("price":1.5)"), std::string::npos);
}

TEST_F(OddsApiTest, LivePricesStandBeforeUpcomingOnesOfTheSameBookmaker) {
  const Fixture fixture;
  api_.publish(board({match(
      catalog_, kLiveId,
      {listing("BookieAlpha", Source::Live, "l", fixture, {market("btts", {{{"yes", 1'700}}})}),
       listing("BookieAlpha", Source::Upcoming, "u", fixture,
               {market("btts", {{{"yes", 1'800}}}), market("three_way", {{{"1", 1'900}}})})},
      true)}));
  const std::string odds =
      body("/v4/sports/soccer/events/" + kLiveId + "/odds?regions=ke&markets=btts,h2h");
  EXPECT_NE(odds.find(R"("price":1.7})"), std::string::npos) << odds;
  EXPECT_EQ(odds.find(R"("price":1.8})"), std::string::npos);
  EXPECT_NE(odds.find(R"("price":1.9})"), std::string::npos);
}

TEST_F(OddsApiTest, AgesAreNeverKept) {
  const std::string target = "/v4/sports/soccer/odds?regions=ke&include=age";
  EXPECT_NE(body(target).find(R"("age_ms":2000)"), std::string::npos);
  EXPECT_NE(body(target, kNow + Millis(7)).find(R"("age_ms":2007)"), std::string::npos);
}

TEST_F(OddsApiTest, ABookmakerThatTheCatalogDoesNotKnowHasNoPrice) {
  api_.publish(board({match(catalog_, kNextId,
                            {listing("BookieGamma", Source::Upcoming, "g", {},
                                     {market("three_way", {{{"1", 1'500}}})})})}));
  EXPECT_EQ(body(kOdds).find("price"), std::string::npos);
}

TEST_F(OddsApiTest, CompressedBodiesAreMadeOnceAndSayTheSame) {
  WebRequest asked = request(kOdds);
  const WebResponse plain = api_.answer(asked).response;
  EXPECT_FALSE(plain.gzip);
  asked.headers.emplace_back("accept-encoding", "gzip, deflate");
  const WebResponse first = api_.answer(asked).response;
  ASSERT_TRUE(first.gzip);
  EXPECT_EQ(first.body, plain.body);
  asked.now = kNow + Millis(1'000);
  EXPECT_EQ(api_.answer(asked).response.gzip, first.gzip);
  std::string text(first.body->size(), '\0');
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> undo(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  std::size_t size = 0;
  ASSERT_EQ(libdeflate_gzip_decompress(undo.get(), first.gzip->data(), first.gzip->size(),
                                       text.data(), text.size(), &size),
            LIBDEFLATE_SUCCESS);
  EXPECT_EQ(text, *first.body);
}

TEST_F(OddsApiTest, WhatIsKeptIsBounded) {
  OddsApiConfig config;
  config.most_bytes = 20'000;
  OddsApi api(catalog_, nullptr, config);
  api.publish(board(matches_));
  std::string last;
  for (int i = 0; i < 2'000; ++i) {
    const std::string target = fmt::format("/v4/sports/soccer/odds?regions=ke,ng&x={}", i);
    last = *api.answer(request(target, kNow + Millis(i / 100))).response.body;
  }
  EXPECT_EQ(last, body(kOdds));
}

}  // namespace
}  // namespace oddsloom::test
