// How fresh a board is, by bookmaker and source.
#include "serve/board_health.h"

#include <gmock/gmock.h>

namespace oddsloom::test {
namespace {

constexpr UtcMillis kNow{1'786'284'000'000};

Catalog catalog() {
  Catalog out;
  out.bookmakers.push_back(
      {"BookieDelta", "bookiedelta", "BookieDelta", {}, Millis(15'000), Millis(180'000), {}});
  return out;
}

BoardMarket market(Millis age, bool usable, bool offered = true) {
  auto record = std::make_shared<Record>();
  record->bookmaker = "BookieDelta";
  record->offered = offered;
  record->outcomes.resize(1);
  record->outcomes[0].usable = usable;
  return {record, kNow - age};
}

std::shared_ptr<const BoardMatch> match(Source source, bool live, Millis to_kick_off,
                                        std::vector<BoardMarket> markets) {
  auto out = std::make_shared<BoardMatch>();
  out->live = live;
  out->start_time = kNow + to_kick_off;
  out->events.push_back({"BookieDelta", source, "1", std::move(markets), {}});
  return out;
}

TEST(BoardHealthTest, CountsMarketsByWhatCanBeSaidOfThem) {
  Board board;
  board.matches = {match(
      Source::Live, true, Millis(-1),
      {market(Millis(1'000), true), market(Millis(2'000), false), market(Millis(15'000), true),
       market(Millis(15'001), true), market(Millis(1), true, false)})};
  const auto health = board_health(board, catalog(), kNow);
  ASSERT_EQ(health.size(), 2u) << "live and upcoming of the one bookmaker";
  EXPECT_EQ(health[0].source, Source::Live);
  EXPECT_EQ(health[0].matches, 1u);
  EXPECT_EQ(health[0].usable, 2u) << "the limit itself is within it";
  EXPECT_EQ(health[0].suspended, 1u);
  EXPECT_EQ(health[0].stale, 1u);
  EXPECT_EQ(health[0].ages.size(), 4u) << "what is not offered has no age";
  EXPECT_EQ(health[0].age(0.5), Millis(2'000));
  EXPECT_EQ(health[0].age(0.99), Millis(15'001));
  EXPECT_EQ(health[0].newest, kNow - Millis(1'000));
  EXPECT_EQ(health[1].matches, 0u);
  EXPECT_EQ(health[1].age(0.5), Millis(0));
}

TEST(BoardHealthTest, WhatIsOverIsLeftOut) {
  Board board;
  board.matches = {match(Source::Live, false, Millis(-1), {market(Millis(300'000), true)}),
                   match(Source::Upcoming, false, Millis(-1), {market(Millis(1), true)}),
                   match(Source::Upcoming, false, Millis(1), {market(Millis(1), true)})};
  const auto health = board_health(board, catalog(), kNow);
  EXPECT_EQ(health[0].matches, 0u);
  EXPECT_EQ(health[1].matches, 1u);
}

}  // namespace
}  // namespace oddsloom::test
