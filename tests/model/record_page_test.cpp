// docs/record.md shows what the program writes, to the byte.
#include <gtest/gtest.h>
#include <simdjson.h>

#include "base/read_file.h"
#include "base/text.h"
#include "model/match_document.h"

namespace oddsloom {
namespace {

const std::string& page() {
  static const std::string text = test::read_file(ODDSLOOM_SOURCE_DIR "/docs/record.md");
  return text;
}

// The page's JSON examples in order, without the white space that is there for people.
std::vector<std::string> examples() {
  constexpr std::string_view kOpen = "```json\n", kClose = "\n```";
  std::vector<std::string> out;
  for (auto at = page().find(kOpen); at != std::string::npos; at = page().find(kOpen, at + 1)) {
    const auto start = at + kOpen.size();
    const std::string json = page().substr(start, page().find(kClose, start) - start);
    std::string bare(json.size(), '\0');
    std::size_t length = 0;
    EXPECT_EQ(simdjson::minify(json.data(), json.size(), bare.data(), length), simdjson::SUCCESS);
    bare.resize(length);
    out.push_back(bare);
  }
  return out;
}

TEST(RecordPage, ShowsARecordAsItIsWritten) {
  ASSERT_EQ(examples().size(), 2U);
  const auto record = parse_record(examples()[0]);
  ASSERT_TRUE(record.has_value()) << record.error().text();
  EXPECT_EQ(to_json(*record), examples()[0]);
}

TEST(RecordPage, ShowsAMatchDocumentAsItIsWritten) {
  ASSERT_EQ(examples().size(), 2U);
  const auto document = parse_match_document(examples()[1]);
  ASSERT_TRUE(document.has_value()) << document.error().text();
  EXPECT_EQ(to_json(*document), examples()[1]);
}

// A member is documented when it stands in backquotes in the first column of a table.
void expect_documented(const std::string& json, const std::string& prefix = "") {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  ASSERT_EQ(parser.parse(json).get(object), simdjson::SUCCESS);
  std::string first_columns;
  for (const std::string_view line : split(page(), '\n'))
    if (line.substr(0, 2) == "| ")
      first_columns.append(line.substr(0, line.find(" |", 2))).append("\n");
  for (const auto [name, ignored] : object) {
    const std::string member = "`" + prefix + std::string(name) + "`";
    EXPECT_NE(first_columns.find(member), std::string::npos) << member;
  }
}

TEST(RecordPage, DocumentsEveryMember) {
  Record record;
  record.outcomes.push_back({"yes", Price{1850}, Status::Open, true, "1", "Yes"});
  record.event_id = "7";
  expect_documented(to_json(record));
  MatchDocument document;
  document.records.emplace("BookieDelta", record);
  expect_documented(to_json(document));
  simdjson::dom::parser parser;
  const simdjson::dom::element json = parser.parse(to_json(record));
  expect_documented(simdjson::minify(json["outcomes"]["yes"]), "outcomes.*.");
}

}  // namespace
}  // namespace oddsloom
