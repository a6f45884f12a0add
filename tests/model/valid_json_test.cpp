// What base/ writes as JSON is JSON, whatever bytes it is given. Tested here, where a parser is at
// hand to judge it.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <random>

#include "base/json_writer.h"
#include "base/log.h"
#include "base/read_file.h"
#include "base/text.h"
#include "support/temp_dir.h"

namespace oddsloom {
namespace {

namespace dom = simdjson::dom;

std::string random_bytes(std::mt19937_64& random, std::size_t most) {
  std::string out;
  for (auto left = random() % (most + 1); left > 0; --left) {
    // Bytes that begin or continue characters come often, so that sequences get long.
    const auto kind = random() % 4;
    const auto byte = kind == 0   ? random() % 0x80
                      : kind == 1 ? 0x80 + random() % 0x40
                      : kind == 2 ? 0xC0 + random() % 0x40
                                  : random() % 0x100;
    out.push_back(static_cast<char>(byte));
  }
  return out;
}

TEST(JsonWriter, GivesValidJsonForRandomBytes) {
  std::mt19937_64 random(67);
  dom::parser parser;
  for (int i = 0; i < 50'000; ++i) {
    const std::string name = random_bytes(random, 6), text = random_bytes(random, 40);
    std::string out;
    JsonWriter(out).begin_object().member(name, text).member("n", 1).end_object();
    dom::object object;
    ASSERT_EQ(parser.parse(out).get(object), simdjson::SUCCESS) << out;
    ASSERT_EQ(object.size(), 2U);
  }
}

TEST(JsonWriter, ValidTextComesBackAsItWas) {
  std::mt19937_64 random(71);
  dom::parser parser;
  int valid = 0;
  for (int i = 0; i < 50'000; ++i) {
    const std::string text = random_bytes(random, 5);
    if (!simdjson::validate_utf8(text)) continue;
    ++valid;
    std::string out;
    JsonWriter(out).begin_array().value(text).end_array();
    std::string_view back;
    ASSERT_EQ(parser.parse(out).at(0).get(back), simdjson::SUCCESS) << out;
    ASSERT_EQ(back, text);
  }
  EXPECT_GT(valid, 1000);
}

TEST(JsonWriter, BytesThatAreNotUtf8AreMarkedAndTheRestKept) {
  dom::parser parser;
  std::string out;
  JsonWriter(out).begin_array().value("Ros\xFFtown \xC3").end_array();
  EXPECT_EQ(std::string_view(parser.parse(out).at(0)), "Ros\xEF\xBF\xBDtown \xEF\xBF\xBD");
}

TEST(JsonLog, EveryLineIsAnObjectWithTimeLevelEventAndFields) {
  const test::TempDir folder;
  const std::string file = folder.file("log.jsonl");
  ASSERT_TRUE(log::setup(log::Level::Info, log::Format::Json, file).has_value());
  std::mt19937_64 random(73);
  std::vector<std::string> values{"two words", "", "say \"hi\"", "one\ntwo", "{} %v", "Bodø"};
  for (int i = 0; i < 500; ++i) values.push_back(random_bytes(random, 30));
  for (const std::string& value : values)
    log::warn("odd {} \"answer\"", {log::kv("value", value), log::kv("count", 3)});
  (void)log::setup(log::Level::Warn, log::Format::Text);

  const std::string all = test::read_file(file);
  dom::parser parser;
  std::size_t count = 0;
  for (const std::string_view line : split(all, '\n')) {
    if (line.empty()) continue;
    dom::object object;
    ASSERT_EQ(parser.parse(line.data(), line.size()).get(object), simdjson::SUCCESS) << line;
    EXPECT_TRUE(parse_iso8601(std::string_view(object["time"])).has_value()) << line;
    EXPECT_EQ(std::string_view(object["level"]), "warning");
    EXPECT_EQ(std::string_view(object["event"]), "odd {} \"answer\"");
    EXPECT_EQ(std::string_view(object["count"]), "3");
    if (count < 6) {
      EXPECT_EQ(std::string_view(object["value"]), values[count]);
    }
    ++count;
  }
  EXPECT_EQ(count, values.size());
}

}  // namespace
}  // namespace oddsloom
