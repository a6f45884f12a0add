#include "serve/http_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oddsloom {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::string refusal(std::string_view target) {
  const auto parsed = parse_target(target);
  return parsed ? "accepted as " + parsed->path : parsed.error().message;
}

TEST(HttpTarget, PathAndParametersAreDecodedOnce) {
  const auto target = parse_target("/v4/sports/soccer%20x/odds?a=1%2B2&b=x+y&c=%2525&d&=e&&a=2");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/v4/sports/soccer x/odds");
  EXPECT_THAT(target->query, ElementsAre(Pair("a", "1+2"), Pair("b", "x y"), Pair("c", "%25"),
                                         Pair("d", ""), Pair("", "e"), Pair("a", "2")));
  EXPECT_EQ(parse_target("/a+b")->path, "/a+b");  // a plus is a space in parameters only
  EXPECT_EQ(parse_target("/%C3%B8")->path, "/\xC3\xB8");
}

TEST(HttpTarget, WhatIsMeantForAProxyIsUnderstood) {
  EXPECT_EQ(parse_target("http://odds.example:80/v4/sports?all=1")->path, "/v4/sports");
  EXPECT_EQ(parse_target("HTTPS://odds.example?all=1")->path, "/");
}

TEST(HttpTarget, WhatCouldBeReadInTwoWaysIsRefused) {
  for (const std::string target : {"/../etc/passwd",
                                   "/v4/..",
                                   "/./v4",
                                   "/v4/%2e%2e/x",
                                   "/v4/..%2fx",
                                   "/v4/a%2Fb",
                                   "/v4/a%5Cb",
                                   "/v4/a\\b",
                                   "/a%00b",
                                   "/a%0d%0aSet-Cookie:%20x",
                                   "/%",
                                   "/%2",
                                   "/%zz",
                                   "/%C3",
                                   "/%FF",
                                   "/%C0%AF",
                                   "/%ED%A0%80",
                                   "/x?a=%",
                                   "/x?%4=a",
                                   "/x?a=%00",
                                   "/x?a=%FE",
                                   "/x?a=\x7F",
                                   "/a#b",
                                   "v4/sports",
                                   "*",
                                   "",
                                   "http://host",
                                   "/x?a=%0a"}) {
    EXPECT_THAT(refusal(target), testing::Not(testing::HasSubstr("accepted"))) << target;
  }
}

TEST(HttpTarget, ARefusalRepeatsNothingOfTheTarget) {
  EXPECT_THAT(refusal("/v4/%zz?apiKey=SECRET"), testing::Not(testing::HasSubstr("SECRET")));
  EXPECT_THAT(refusal("/v4?apiKey=SECRET%"), testing::Not(testing::HasSubstr("SECRET")));
}

}  // namespace
}  // namespace oddsloom
