#include "bookmaker/url_pattern.h"

#include <gtest/gtest.h>

namespace oddsloom {
namespace {

constexpr std::string_view kBase = "https://www.example.com";

UrlPattern pattern(std::string_view text) {
  auto compiled = UrlPattern::compile(text);
  if (!compiled) throw std::runtime_error(compiled.error().text());
  return *compiled;
}

bool fits(std::string_view text, std::string_view url) {
  std::string sport_id;
  return pattern(text).matches(url, kBase, sport_id);
}

TEST(UrlPattern, APathIsOneOfTheBookmakersOwnAddress) {
  EXPECT_TRUE(fits("/api/list", "https://www.example.com/api/list"));
  EXPECT_FALSE(fits("/api/list", "https://www.example.com/api/list?x=1"));
  EXPECT_FALSE(fits("/api/list", "https://elsewhere.com/api/list"));
  EXPECT_FALSE(fits("/api/list", "http://www.example.com/api/list"));
  EXPECT_FALSE(fits("/api*", "https://www.example.community/api/list"));
  EXPECT_FALSE(fits("*/api", "https://www.example.com/other"));
}

TEST(UrlPattern, AStarIsAnyText) {
  EXPECT_TRUE(fits("/api/*/games?*", "https://www.example.com/api/todays/games?type=prematch"));
  EXPECT_TRUE(fits("/api/list*", "https://www.example.com/api/list"));
  EXPECT_TRUE(fits("wss://feed.*/socket/*", "wss://feed.ke.example.com/socket/?EIO=3"));
  EXPECT_FALSE(fits("/api/*/games", "https://www.example.com/api/games"));
}

TEST(UrlPattern, AFragmentDoesNotCount) {
  EXPECT_TRUE(fits("/live", "https://www.example.com/live#football"));
}

TEST(UrlPattern, TheSportIsReadFromTheAddress) {
  std::string sport_id;
  EXPECT_TRUE(
      pattern("/api/sports/{sport_id}/events*")
          .matches("https://www.example.com/api/sports/12/events?limit=5", kBase, sport_id));
  EXPECT_EQ(sport_id, "12");
  EXPECT_TRUE(
      pattern("/api/markets?*sportId={sport_id}*")
          .matches("https://www.example.com/api/markets?a=1&sportId=8&b=2", kBase, sport_id));
  EXPECT_EQ(sport_id, "8");
  EXPECT_FALSE(pattern("/api/sports/{sport_id}/events")
                   .matches("https://www.example.com/api/sports//events", kBase, sport_id));
  EXPECT_FALSE(pattern("/api/sports/{sport_id}/events")
                   .matches("https://www.example.com/api/sports/1/2/events", kBase, sport_id));
}

TEST(UrlPattern, AHostileAddressTakesNoLongTime) {
  const std::string url = "https://www.example.com/" + std::string(16'000, 'a');
  EXPECT_FALSE(fits("/*a*a*a*a*a*a*a*b", url));
  EXPECT_FALSE(fits("/*", url + std::string(16'000, 'a')));  // nobody's address is so long
}

TEST(UrlPattern, WhatCannotBeMeantIsAnError) {
  EXPECT_EQ(UrlPattern::compile("/api/{sport}/x").error().message,
            "unknown '{sport}'; known is {sport_id}");
  EXPECT_FALSE(UrlPattern::compile("www.example.com/x"));
  EXPECT_FALSE(UrlPattern::compile(""));
}

}  // namespace
}  // namespace oddsloom
