// That what comes out is JSON for any bytes is tested beside the model, where a parser is at hand.
#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <limits>

namespace oddsloom {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonString, EscapesWhatMustBeEscapedAndNothingElse) {
  EXPECT_EQ(quoted(""), R"("")");
  EXPECT_EQ(quoted("a/b"), R"("a/b")");
  EXPECT_EQ(quoted(R"(say "hi" \ bye)"), R"("say \"hi\" \\ bye")");
  EXPECT_EQ(quoted("\n\r\t"), R"("\n\r\t")");
  EXPECT_EQ(quoted(std::string_view("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\x7f\"");
}

TEST(JsonString, KeepsUtf8OfEveryLength) {
  for (const char* text : {"ø", "߿", "ࠀ", "東", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
                           "⚽", "😀", "\xF4\x8F\xBF\xBF"})
    EXPECT_EQ(quoted(text), std::string("\"") + text + "\"");
}

TEST(JsonString, ReplacesBytesThatAreNotUtf8) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(quoted("a\xFFz"), "\"a" + bad + "z\"");
  EXPECT_EQ(quoted("\x80"), "\"" + bad + "\"");
  EXPECT_EQ(quoted("\xC0\xAF"), "\"" + bad + bad + "\"") << "overlong";
  EXPECT_EQ(quoted("\xE0\x80\x80"), "\"" + bad + bad + bad + "\"") << "overlong";
  EXPECT_EQ(quoted("\xED\xA0\x80"), "\"" + bad + bad + bad + "\"") << "surrogate";
  EXPECT_EQ(quoted("\xF4\x90\x80\x80"), "\"" + bad + bad + bad + bad + "\"") << "past U+10FFFF";
  EXPECT_EQ(quoted("\xC3"), "\"" + bad + "\"") << "cut off";
  EXPECT_EQ(quoted("\xE6\x9D\"x"), "\"" + bad + bad + "\\\"x\"") << "the quote is not swallowed";
}

TEST(JsonWriter, PutsCommasWhereTheyBelong) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("a", 1).member("b", "x").member("c", true).key("d").null();
  json.key("e").begin_array().value(1).begin_object().end_object().begin_array().end_array();
  json.value(2).end_array();
  json.key("f").begin_object().member("g", false).end_object();
  json.key("h").raw("[1,2]").member("i", "").end_object();
  EXPECT_EQ(out, R"({"a":1,"b":"x","c":true,"d":null,"e":[1,{},[],2],"f":{"g":false},)"
                 R"("h":[1,2],"i":""})");
}

TEST(JsonWriter, EscapesNamesToo) {
  std::string out;
  JsonWriter(out).begin_object().member("a\"b", 1).end_object();
  EXPECT_EQ(out, R"({"a\"b":1})");
}

TEST(JsonWriter, WritesTheWholeRangeOfIntegers) {
  std::string out;
  JsonWriter json(out);
  json.begin_array().value(std::numeric_limits<std::int64_t>::min());
  json.value(std::numeric_limits<std::int64_t>::max());
  json.value(std::numeric_limits<std::uint64_t>::max()).value(-1).end_array();
  EXPECT_EQ(out, "[-9223372036854775808,9223372036854775807,18446744073709551615,-1]");
}

TEST(JsonWriter, AppendsToWhatIsThere) {
  std::string out = "data: ";
  JsonWriter(out).begin_array().end_array();
  EXPECT_EQ(out, "data: []");
}

}  // namespace
}  // namespace oddsloom
