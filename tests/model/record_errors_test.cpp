// Missing, null, wrong type and out of range are four different errors, each naming its member.
#include <gtest/gtest.h>

#include <random>

#include "model/rewrite_json.h"
#include "model/sample.h"

namespace oddsloom {
namespace {

using test::three_way, test::with_member;

enum class Holds { Text, TextOrNull, Truth, Object };

struct Member {
  const char* path;
  Holds holds;
};

constexpr Member kMembers[] = {{"bookmaker", Holds::Text},
                               {"bet_type", Holds::Text},
                               {"source", Holds::Text},
                               {"segment", Holds::Text},
                               {"line", Holds::TextOrNull},
                               {"event_id", Holds::Text},
                               {"home", Holds::Text},
                               {"away", Holds::Text},
                               {"start_time", Holds::TextOrNull},
                               {"competition_name", Holds::Text},
                               {"sport_id", Holds::Text},
                               {"betradar_id", Holds::Text},
                               {"target_date", Holds::Text},
                               {"market_id", Holds::Text},
                               {"market_status", Holds::Text},
                               {"offered", Holds::Truth},
                               {"outcomes", Holds::Object},
                               {"outcomes.X", Holds::Object},
                               {"outcomes.X.price", Holds::TextOrNull},
                               {"outcomes.X.status", Holds::Text},
                               {"outcomes.X.usable", Holds::Truth},
                               {"outcomes.X.selection_id", Holds::Text},
                               {"outcomes.X.name", Holds::Text},
                               {"observed_at", Holds::Text},
                               {"changed_at", Holds::Text}};

void expect_error(const std::string& path, const std::optional<std::string>& value,
                  ErrorKind kind) {
  const auto record = parse_record(with_member(to_json(three_way()), path, value));
  const std::string what = path + " = " + value.value_or("(left out)");
  ASSERT_FALSE(record.has_value()) << what;
  EXPECT_EQ(record.error().kind, kind) << what << ": " << record.error().text();
  EXPECT_EQ(record.error().where, path) << what;
  EXPECT_FALSE(record.error().message.empty()) << what;
}

TEST(ParseRecord, AMemberThatIsNotThereIsMissing) {
  for (const Member& member : kMembers)
    if (std::string(member.path) != "outcomes.X")  // an outcome more or less is no error
      expect_error(member.path, std::nullopt, ErrorKind::Missing);
}

TEST(ParseRecord, AMemberThatIsNullIsNullUnlessItMayBe) {
  for (const Member& member : kMembers) {
    if (member.holds != Holds::TextOrNull)
      expect_error(member.path, "null", ErrorKind::Null);
    else
      EXPECT_TRUE(parse_record(with_member(to_json(three_way()), member.path, "null")).has_value())
          << member.path;
  }
}

TEST(ParseRecord, AMemberOfAnotherTypeIsOfTheWrongType) {
  for (const Member& member : kMembers)
    for (const char* value : {"\"text\"", "1", "2.06", "true", "[]", "{}"}) {
      const bool fits =
          (value[0] == '"' && (member.holds == Holds::Text || member.holds == Holds::TextOrNull)) ||
          (value[0] == 't' && member.holds == Holds::Truth) ||
          (value[0] == '{' && member.holds == Holds::Object);
      if (!fits) expect_error(member.path, value, ErrorKind::WrongType);
    }
}

TEST(ParseRecord, ATextThatSaysSomethingImpossibleIsOutOfRange) {
  expect_error("source", "\"dead\"", ErrorKind::OutOfRange);
  expect_error("market_status", "\"half-open\"", ErrorKind::OutOfRange);
  expect_error("outcomes.X.status", "\"Open\"", ErrorKind::OutOfRange);
  expect_error("outcomes.X.price", "\"-2.06\"", ErrorKind::OutOfRange);
  expect_error("outcomes.X.price", "\"1.2345\"", ErrorKind::OutOfRange);
  expect_error("outcomes.X.price", "\"100001\"", ErrorKind::OutOfRange);
  expect_error("line", "\"99999\"", ErrorKind::OutOfRange);
  expect_error("start_time", "\"2026-13-09T19:30:00Z\"", ErrorKind::OutOfRange);
  expect_error("observed_at", "\"2026-08-09T25:30:00Z\"", ErrorKind::OutOfRange);
  expect_error("changed_at", "\"2026-02-30T19:30:00Z\"", ErrorKind::OutOfRange);
}

TEST(ParseRecord, ATextThatCannotBeReadIsMalformed) {
  expect_error("outcomes.X.price", "\"evens\"", ErrorKind::Malformed);
  expect_error("outcomes.X.price", "\"\"", ErrorKind::Malformed);
  expect_error("line", "\"two\"", ErrorKind::Malformed);
  expect_error("start_time", "\"tonight\"", ErrorKind::Malformed);
  expect_error("observed_at", "\"2026-08-09T19:30:00\"", ErrorKind::Malformed);
}

TEST(ParseRecord, WhatIsNoJsonObjectIsMalformed) {
  const std::string good = to_json(three_way());
  for (const std::string& json :
       {std::string(), std::string("[]"), std::string("null"), std::string("1"),
        good.substr(0, good.size() - 1), good + "x", "\xFF" + good}) {
    const auto record = parse_record(json);
    ASSERT_FALSE(record.has_value()) << json;
    EXPECT_EQ(record.error().kind, ErrorKind::Malformed) << json;
  }
}

TEST(ParseRecord, TheSeedsMembersAreForOthersAndNotRead) {
  for (const char* member : {"teams", "event_status", "eventId_gameId", "create_date", "1", "X"}) {
    const auto record = parse_record(with_member(to_json(three_way()), member, std::nullopt));
    ASSERT_TRUE(record.has_value()) << member << ": " << record.error().text();
    EXPECT_TRUE(test::same(*record, three_way())) << member;
  }
}

TEST(ParseRecord, AnyBytesAreSurvived) {
  std::mt19937_64 random(61);
  const std::string good = to_json(three_way());
  for (int i = 0; i < 20'000; ++i) {
    std::string bent = good;
    for (auto changes = random() % 3 + 1; changes > 0; --changes)
      bent[random() % bent.size()] = static_cast<char>(random() % 256);
    if (i % 5 == 0) bent.resize(random() % bent.size());
    if (const auto record = parse_record(bent)) {
      const auto again = parse_record(to_json(*record));
      ASSERT_TRUE(again.has_value()) << again.error().text() << "\n" << bent;
      ASSERT_TRUE(test::same(*again, *record)) << bent;
    }
  }
}

}  // namespace
}  // namespace oddsloom
