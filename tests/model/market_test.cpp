#include "model/market.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oddsloom {
namespace {

TEST(Source, ItsTextIsReadBack) {
  for (const Source source : {Source::Live, Source::Upcoming})
    EXPECT_EQ(parse_source(to_string(source)), source);
  for (const char* text : {"", "Live", "prematch", "upcoming "}) {
    const auto source = parse_source(text);
    ASSERT_FALSE(source.has_value()) << text;
    EXPECT_NE(source.error().message.find("live or upcoming"), std::string::npos);
  }
}

TEST(Status, ItsTextIsReadBack) {
  for (const Status status : {Status::Open, Status::Suspended, Status::Closed})
    EXPECT_EQ(parse_status(to_string(status)), status);
  for (const char* text : {"", "Open", "active"}) EXPECT_FALSE(parse_status(text).has_value());
}

TEST(Status, TheWorseOneIsTheGreater) {
  EXPECT_EQ(std::max(Status::Open, Status::Suspended), Status::Suspended);
  EXPECT_EQ(std::max(Status::Closed, Status::Suspended), Status::Closed);
}

TEST(BetTypes, AreFoundByNameAndKeepTheirOrder) {
  const BetTypes types({{"three_way", {"1", "X", "2"}, false, "THREE_WAY", "3way"},
                        {"btts", {"yes", "no"}, false, "BTTS", "btts"}});
  ASSERT_NE(types.find("btts"), nullptr);
  EXPECT_EQ(types.find("btts")->label, "BTTS");
  EXPECT_EQ(types.find("BTTS"), nullptr);
  EXPECT_EQ(types.find(""), nullptr);
  EXPECT_THAT(types.names(), testing::ElementsAre("three_way", "btts"));
}

}  // namespace
}  // namespace oddsloom
