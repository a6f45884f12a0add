// An answer is read the same whether all of it becomes a document or only an excerpt of it.
#include "bookmaker/excerpt.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "answers.h"
#include "folder.h"

namespace oddsloom::test {
namespace {

namespace fs = std::filesystem;

std::string text_of(const Mapping& mapping) {
  std::string out =
      fmt::format("{} {} {}\n", to_string(mapping.kind), mapping.message, mapping.form);
  for (const Record& record : mapping.records) out += to_json(record) + "\n";
  for (const auto& [event, bet_type] : mapping.not_offered)
    out += fmt::format("not offered: {} {}\n", event, bet_type);
  for (const std::string& event : mapping.missing_events) out += "missing: " + event + "\n";
  for (const std::string& problem : mapping.problems) out += problem + "\n";
  return out;
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Of everything that is asked for in one way or another.
void expect_same(std::string_view body) {
  const std::vector<WantedEvent> some{wanted("9000001", "Anvil Town", "Bellows FC", "1"),
                                      wanted("9300001", "", "", "1", {"btts"})};
  for (const Source source : {Source::Upcoming, Source::Live})
    for (const MappingContext& context :
         {MappingContext{source, kNow, nullptr, true, kThree, {}},
          MappingContext{source, kNow, nullptr, true, {"btts"}, "1"},
          MappingContext{source, kNow, &some, false, {}, {}}}) {
      const auto read_as = [&](ReadAnswer how) {
        return text_of(map_answer(delta(), bet_types(), context, body, how));
      };
      ASSERT_EQ(read_as(ReadAnswer::AsExcerpt), read_as(ReadAnswer::Whole)) << body;
    }
}

std::vector<std::string> bodies() {
  std::vector<std::string> out;
  for (const char* folder : {"/bookmakers/BookieDelta/payloads", "/fuzz/corpus/map_answer"})
    for (const auto& entry : fs::directory_iterator(ODDSLOOM_SOURCE_DIR + std::string(folder)))
      out.push_back(read(entry.path()));
  const std::string other = upcoming_market(42, "0", {upcoming_selection(1, "1", "A", "\"2.0\"")});
  const std::string three_way = upcoming_three_way("\"2.06\"", "\"3.40\"", "\"3.00\"");
  out.push_back(upcoming("9000001", {other, three_way, other, other}));
  for (const char* no_market : {"{}", "null", "7", "[]", "\"\"", "{\"id\":null}"})
    out.push_back(upcoming("9000001", {other, no_market, three_way, other, no_market, other}));
  out.push_back(upcoming("9000001", {other, three_way, three_way, upcoming_market(43, "0", {})}));
  out.push_back(live({live_event("9000001", {live_market(7, "Open", {{"x"}}),
                                             live_market(194, "Open", {{"Anvil"}, {"draw"}}),
                                             live_market(8, "Open", {{"a\\u00e9\\n"}})}),
                      live_event("9300001", {live_market(9, "Closed", {})})}));
  return out;
}

Excerpt upcoming_excerpt(const std::string& body) {
  const std::string_view ids[]{"10"};
  return excerpt_of(body, *delta().compiled, Source::Upcoming, ids).value_or(Excerpt{});
}

TEST(Excerpt, HasAnEmptyObjectInPlaceOfAMarketThatIsNotWanted) {
  const Excerpt made = upcoming_excerpt(
      R"({ "1": [ {"id" : 42 , "n": [1.5, {"a": null}, [], {}]}, {"id":10,"x":2} , {"x":true,"id":"7"}]})");
  EXPECT_EQ(made.text, R"({ "1": [ {}, {"id":10,"x":2} , {}]})");
  ASSERT_TRUE(made.form);
  EXPECT_EQ(made.form->name, "upcoming_by_id");
}

TEST(Excerpt, LeavesOutNothingThatIsNotJsonForCertain) {
  for (const char* market : {R"({"id":42,"a":01})",
                             R"({"id":42,"a":1.})",
                             R"({"id":42,"a":.5})",
                             R"({"id":42,"a":-})",
                             R"({"id":42,"a":1e9})",
                             R"({"id":42,"a":1234567890123456789012})",
                             R"({"id":42,"a":tru})",
                             R"({"id":42,"a":truely})",
                             R"({"id":42,"a":nul})",
                             R"({"id":42,"a"})",
                             R"({"id":42,})",
                             R"({"id":42,"a":})",
                             R"({"id":42,"a":[1,]})",
                             R"({"id":42,"a":[1 2]})",
                             R"({"id":42,"a":[1})",
                             R"({"id":42,"a":{1:2}})",
                             R"({"id":42 "a":1})",
                             R"({"id":42,"a":"\q"})",
                             R"({"id":42,"a":"\u12g4"})",
                             R"({"id":42,"a":"\ud800"})",
                             R"({"id":42,"a":"x"y})",
                             R"({"id":42,"a":1"y"})",
                             R"({"id":42,"a":{"b":"c":"d"}})",
                             R"({"id":42.0})",
                             R"({"id":null})",
                             R"({"id":[42]})",
                             R"({"id":"\u0031\u0030"})",
                             R"({"\u0069d":10,"id":42})",
                             R"({"id":4 2})"}) {
    const std::string body = R"({"1":[)" + std::string(market) + R"(,{"id":10}]})";
    EXPECT_EQ(upcoming_excerpt(body).text, "") << market;
    expect_same(body);
  }
}

TEST(Excerpt, KnowsADigitFromEveryOtherByte) {
  for (std::size_t at = 0; at < 11; ++at)
    for (int byte = 0x20; byte < 0x100; ++byte) {
      std::string number = "12345678901";
      number[at] = static_cast<char>(byte);
      const std::string body = R"({"1":[{"id":42,"a":)" + number + R"(},{"id":10}]})";
      const bool digits = byte >= '0' && byte <= '9' && !(at == 0 && byte == '0');
      const bool other_number = (at == 0 && byte == '-') || (at > 0 && at < 10 && byte == '.') ||
                                (at == 10 && byte == ' ') || (at == 0 && byte == ' ');
      EXPECT_EQ(!upcoming_excerpt(body).text.empty(), digits || other_number) << body;
    }
}

TEST(Excerpt, ReadsAsTheWholeAnswerDoes) {
  for (const std::string& body : bodies()) expect_same(body);
}

TEST(Excerpt, ReadsDamagedAnswersAsTheyAre) {
  std::mt19937_64 random(71);
  const std::vector<std::string> all = bodies();
  const std::string_view pieces[]{"{",  "}",    "[", "]",    ",",          ":",
                                  "\"", "\\",   "0", "null", "\"id\":10,", "\"id\":null,",
                                  "{}", "\xFF", " ", "-",    "1e5",        "\"markets\":[],"};
  for (int round = 0; round < 1500; ++round) {
    std::string body = all[random() % all.size()];
    if (body.empty()) continue;
    for (auto changes = 1 + random() % 2; changes > 0; --changes) {
      const std::size_t at = random() % body.size();
      switch (random() % 4) {
        case 0:
          body[at] = static_cast<char>(body[at] ^ (1U << random() % 8));
          break;
        case 1:
          body.insert(at, pieces[random() % std::size(pieces)]);
          break;
        case 2:
          body.erase(at, 1 + random() % 3);
          break;
        default:
          if (random() % 4 == 0) body.resize(at + 1);
      }
      if (body.empty()) break;
    }
    ASSERT_NO_FATAL_FAILURE(expect_same(body));
  }
}

TEST(Excerpt, ReadsRealAnswersAsTheyAre) {
  const char* folder = std::getenv("ODDSLOOM_CAPTURES");
  if (!folder) GTEST_SKIP() << "ODDSLOOM_CAPTURES names no folder";
  std::size_t shorter = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(folder) / "bookiedelta")) {
    if (!entry.is_regular_file()) continue;
    const std::string body = read(entry.path());
    ASSERT_NO_FATAL_FAILURE(expect_same(body));
    const std::string_view ids[]{"10", "194"};
    for (const Source source : {Source::Upcoming, Source::Live})
      shorter += excerpt_of(body, *delta().compiled, source, ids).has_value() ? 1U : 0U;
  }
  EXPECT_GT(shorter, 0U);
}

// Forms whose markets are looked into by more than their reading must be read whole.
TEST(Excerpt, IsMadeOnlyOfFormsThatLookNowhereElse) {
  const auto telling = [](std::string_view event_id, std::string_view market,
                          std::string_view more) {
    const std::string text = fmt::format(R"(
base_url = "http://x"
time_zone = "UTC"
[freshness]
upcoming = "60s"
live = "60s"
[sports.football]
default = true
upcoming = {{ id = 1, markets = {{ three_way = 10 }} }}
[endpoints.e]
source = "upcoming"
url = "/a?g={{event_ids}}"
missing_event = "gone"
[readings.r]
market = {}
selection = {{ id = "id", name = "name", odds = "odds" }}
[readings.r.outcomes.three_way]
by = ["name"]
names = {{ "1" = "1", "X" = "X", "2" = "2" }}
[forms.f]
source = "upcoming"
root = "object"
events = "@root{{*}}"
event_id = "{}"
markets = "markets[*]"
reading = "r"
{}
)",
                                         market, event_id, more);
    const auto loaded = parse_bookmaker("B", "file", text, bet_types());
    if (!loaded) return all_text(loaded.error());
    return fmt::format("{}", fmt::join(loaded->compiled->forms.at(0).telling_members, " "));
  };
  const std::string plain = R"({ id = "id", selections = "s[*]" })";
  EXPECT_EQ(telling("@key", plain, ""), "id");
  EXPECT_EQ(telling("id", plain, R"(required = ["markets", "more.markets"])"), "id");
  EXPECT_EQ(telling("@key", R"({ id = "id ?? type", selections = "s[*]" })", ""), "id type");
  EXPECT_EQ(telling("markets[0].event", plain, ""), "");
  EXPECT_EQ(telling("@key", plain, R"(required = ["markets[0].s"])"), "");
  EXPECT_EQ(telling("@key", plain, R"(required = ["markets[id=10]"])"), "");
  EXPECT_EQ(telling("@key", R"({ id = "id | lower", selections = "s[*]" })", ""), "");
  EXPECT_EQ(telling("@key", R"({ id = "a.id", selections = "s[*]" })", ""), "");
  EXPECT_EQ(
      telling("@key", R"({ id = "id", line = "@event.markets[0].line", selections = "s[*]" })", ""),
      "");
  EXPECT_EQ(telling("@key", R"({ id = "id", selections = "@event.markets[*]" })", ""), "");
}

}  // namespace
}  // namespace oddsloom::test
