#include "model/work_entry.h"

#include <gtest/gtest.h>

#include <random>

namespace oddsloom {
namespace {

UtcMillis at(std::string_view iso) { return parse_iso8601(iso).value(); }

WorkEntry read(std::string_view json) {
  auto entry = parse_work_entry(json);
  EXPECT_TRUE(entry.has_value()) << json << ": " << (entry ? "" : entry.error().text());
  return entry ? *entry : WorkEntry{};
}

TEST(ParseWorkEntry, ReadsWhatToJsonWrote) {
  const WorkEntry full{"4410027",         "Bodø \"Vale\"",
                       "Łuk\\Rostown\n",  at("2026-08-09T19:30:00.25Z"),
                       "Northern/League", "1",
                       "70441122",        "BookieDelta_k:1-0-4410027"};
  EXPECT_EQ(read(to_json(full)), full);
  const WorkEntry least{"7", "", "", std::nullopt, "", "", "", ""};
  EXPECT_EQ(to_json(least), R"({"event_id":"7"})") << "what is not known is left out";
  EXPECT_EQ(read(to_json(least)), least);
  const WorkEntry pointer{"", "", "", std::nullopt, "", "", "", "k:9"};
  EXPECT_EQ(read(to_json(pointer)), pointer);
}

TEST(ParseWorkEntry, ReadsAnIdInEveryFormOtherProgramsWrite) {
  EXPECT_EQ(read(R"({"event_id":"4410027"})").event_id, "4410027");
  EXPECT_EQ(read(R"({"event_id":4410027})").event_id, "4410027");
  EXPECT_EQ(read(R"({"eventId":"4410027"})").event_id, "4410027");
  EXPECT_EQ(read(R"({"eventId":4410027})").event_id, "4410027");
  EXPECT_EQ(read(R"({"eventId":9223372036854775807})").event_id, "9223372036854775807");
  EXPECT_EQ(read(R"({"eventId":18446744073709551615})").event_id, "18446744073709551615");
  EXPECT_EQ(read(R"({"key_path":"events:upcoming:4410027"})").event_id, "4410027");
  EXPECT_EQ(read(R"({"key_path":"4410027"})").event_id, "4410027");
}

TEST(ParseWorkEntry, TheFirstIdThatSaysSomethingWins) {
  EXPECT_EQ(read(R"({"key_path":"a:3","eventId":2,"event_id":1})").event_id, "1");
  EXPECT_EQ(read(R"({"key_path":"a:3","eventId":2,"event_id":""})").event_id, "2");
  EXPECT_EQ(read(R"({"key_path":"a:3","eventId":null})").event_id, "3");
}

TEST(ParseWorkEntry, KeepsADataKeyForTheStoreToLookUp) {
  const WorkEntry alone = read(R"({"data_key":"lst:doc:17"})");
  EXPECT_EQ(alone.event_id, "") << "the document it names knows the id";
  EXPECT_EQ(alone.data_key, "lst:doc:17");
  const WorkEntry both = read(R"({"data_key":"lst:doc:17","event_id":"5"})");
  EXPECT_EQ(both.event_id, "5");
  EXPECT_EQ(both.data_key, "lst:doc:17");
}

TEST(ParseWorkEntry, ReadsAKickOffAsTextSecondsOrMilliseconds) {
  const auto start = [](std::string_view value) {
    return read(R"({"event_id":"1","start_time":)" + std::string(value) + "}").start_time;
  };
  const UtcMillis kick_off = at("2026-08-09T19:30:00Z");
  EXPECT_EQ(start(R"("2026-08-09T19:30:00Z")"), kick_off);
  EXPECT_EQ(start(R"("2026-08-09T22:30:00+03:00")"), kick_off);
  EXPECT_EQ(start("1786303800"), kick_off);
  EXPECT_EQ(start("1786303800000"), kick_off);
  EXPECT_EQ(start("1786303800250"), kick_off + Millis(250));
  EXPECT_EQ(start("null"), std::nullopt);
  EXPECT_EQ(start(R"("")"), std::nullopt);
  EXPECT_EQ(read(R"({"event_id":"1"})").start_time, std::nullopt);
}

TEST(ParseWorkEntry, AKickOffThatCannotBeIsOutOfRange) {
  for (const char* value : {"-9223372036854775808", "9223372036854775807", "18446744073709551615",
                            "-1000000000000", R"("2026-13-09T19:30:00Z")"}) {
    const auto entry =
        parse_work_entry(R"({"event_id":"1","start_time":)" + std::string(value) + "}");
    ASSERT_FALSE(entry.has_value()) << value;
    EXPECT_EQ(entry.error().kind, ErrorKind::OutOfRange) << value;
    EXPECT_EQ(entry.error().where, "start_time");
  }
}

TEST(ParseWorkEntry, NamesTheMemberThatHasTheWrongType) {
  for (const char* member : {"event_id", "eventId", "key_path", "home", "away", "competition",
                             "sport_id", "betradar_id", "data_key"})
    for (const char* value : {"1.5", "true", "[]", "{}"}) {
      const std::string id = member == std::string("event_id") ? "" : R"("event_id":"1",)";
      const auto entry = parse_work_entry("{" + id + "\"" + member + "\":" + value + "}");
      ASSERT_FALSE(entry.has_value()) << member << " " << value;
      EXPECT_EQ(entry.error().kind, ErrorKind::WrongType) << member << " " << value;
      EXPECT_EQ(entry.error().where, member);
    }
  for (const char* value : {"true", "[]", "1786303800.5"}) {
    const auto entry =
        parse_work_entry(R"({"event_id":"1","start_time":)" + std::string(value) + "}");
    ASSERT_FALSE(entry.has_value()) << value;
    EXPECT_EQ(entry.error().kind, ErrorKind::WrongType) << value;
    EXPECT_EQ(entry.error().where, "start_time");
  }
}

TEST(ParseWorkEntry, AStartTimeThatIsNoTimeIsMalformed) {
  const auto entry = parse_work_entry(R"({"event_id":"1","start_time":"tonight"})");
  ASSERT_FALSE(entry.has_value());
  EXPECT_EQ(entry.error().kind, ErrorKind::Malformed);
  EXPECT_EQ(entry.error().where, "start_time");
}

TEST(ParseWorkEntry, AnEntryThatNamesNothingIsMissingItsId) {
  for (const char* json : {"{}", R"({"event_id":""})", R"({"event_id":null})",
                           R"({"home":"Rostown"})", R"({"key_path":"events:"})"}) {
    const auto entry = parse_work_entry(json);
    ASSERT_FALSE(entry.has_value()) << json;
    EXPECT_EQ(entry.error().kind, ErrorKind::Missing) << json;
    EXPECT_EQ(entry.error().where, "event_id") << json;
  }
}

TEST(ParseWorkEntry, WhatIsNoJsonObjectIsMalformed) {
  for (const char* json : {"", " ", "4410027", "[]", "\"4410027\"", "null", "{", R"({"event_id":})",
                           R"({"event_id":"1"} x)", "{\"event_id\":\"\xFF\"}"}) {
    const auto entry = parse_work_entry(json);
    ASSERT_FALSE(entry.has_value()) << json;
    EXPECT_EQ(entry.error().kind, ErrorKind::Malformed) << json;
  }
}

TEST(ParseWorkEntry, AnyBytesAreSurvived) {
  std::mt19937_64 random(53);
  const std::string good =
      R"({"event_id":"4410027","home":"a","start_time":1786303800,"data_key":"k:1"})";
  std::uniform_int_distribution<std::size_t> place(0, good.size() - 1);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int i = 0; i < 20'000; ++i) {
    std::string bent = good;
    for (int changes = i % 3; changes >= 0; --changes)
      bent[place(random)] = static_cast<char>(byte(random));
    if (const auto entry = parse_work_entry(bent)) {
      const auto again = parse_work_entry(to_json(*entry));
      ASSERT_TRUE(again.has_value()) << bent;
      ASSERT_EQ(*again, *entry) << bent;
    }
  }
}

TEST(IdOfKey, IsWhatFollowsTheLastColon) {
  EXPECT_EQ(id_of_key("a:b:4410027"), "4410027");
  EXPECT_EQ(id_of_key("4410027"), "4410027");
  EXPECT_EQ(id_of_key("a: 4410027 "), "4410027");
  EXPECT_EQ(id_of_key("a:"), "");
  EXPECT_EQ(id_of_key(""), "");
}

}  // namespace
}  // namespace oddsloom
