// Real answers, where somebody has them: ODDSLOOM_CAPTURES names a folder with
// bookiedelta/INDEX.tsv. What is to be found is counted here by walking the JSON by hand, not by
// the interpreter.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>

#include "base/text.h"
#include "bookmaker/framing.h"
#include "folder.h"

namespace oddsloom::test {
namespace {

namespace fs = std::filesystem;
namespace sj = simdjson::dom;

struct Capture {
  std::string file, kind, url, body;
};

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<Capture> captures(const std::string& folder) {
  std::vector<Capture> out;
  const std::string index = read(fs::path(folder) / "INDEX.tsv");
  for (const std::string_view line : split(index, '\n')) {
    const auto columns = split(line, '\t');
    if (columns.size() < 3 || columns[0] == "file") continue;
    const std::string file(columns[0]);
    out.push_back(
        {file, std::string(columns[1]), std::string(columns[2]), read(fs::path(folder) / file)});
  }
  return out;
}

// Live sport ids by the sport in the file's name; prematch ones likewise.
std::string sport_id_of(const Capture& capture) {
  static const std::map<std::string, std::pair<std::string, std::string>> kSports{
      {"football", {"1", "1"}},     {"basketball", {"2", "2"}},    {"tennis", {"5", "4"}},
      {"handball", {"6", "5"}},     {"rugby", {"12", "8"}},        {"cricket", {"21", "9"}},
      {"volleyball", {"23", "10"}}, {"tabletennis", {"16", "13"}}, {"beachvolley", {"", "16"}},
      {"icehockey", {"4", ""}},     {"baseball", {"3", ""}},       {"boxing", {"10", ""}},
      {"efootball", {"126", ""}}};
  const bool live = capture.file.starts_with("live");
  for (const auto& [name, ids] : kSports)
    if (capture.file.find("__" + name + "__") != std::string::npos)
      return live ? ids.second : ids.first;
  return "1";
}

// (event, bet type, outcome) -> price text with "usable" or "not"
using Found = std::map<std::string, std::string>;

std::string text_of(sj::element element) {
  std::string_view text;
  if (element.get(text) == simdjson::SUCCESS) return std::string(text);
  std::ostringstream out;
  out << element;
  return out.str();
}

std::string member(sj::element object, std::string_view name) {
  sj::element found;
  return object[name].get(found) == simdjson::SUCCESS ? text_of(found) : "";
}

bool is_zero(const std::string& text) { return text.empty() || std::stod(text) == 0; }

std::string bet_type_of(bool live, const std::string& sport, const std::string& id) {
  if (live) {
    if (sport == "1")
      return id == "194" ? "three_way" : id == "138" ? "btts" : id == "147" ? "double_chance" : "";
    if (sport == "5") return id == "186" ? "three_way" : "";
    if (sport == "8") return id == "192" ? "three_way" : id == "131" ? "double_chance" : "";
    return "";
  }
  if (sport == "126") return id == "381" ? "three_way" : id == "46" ? "double_chance" : "";
  if (sport == "1")
    return id == "10" ? "three_way" : id == "43" ? "btts" : id == "46" ? "double_chance" : "";
  if (sport == "12") return id == "10" ? "three_way" : id == "46" ? "double_chance" : "";
  return (sport == "4" || sport == "6") && id == "10" ? "three_way" : "";
}

void walk_market(bool live, const std::string& sport, const std::string& event_id,
                 sj::element market, Found& found) {
  const std::string bet_type = bet_type_of(live, sport, member(market, "id"));
  if (bet_type.empty()) return;
  if (!is_zero(member(market, live ? "specialValue" : "specValue")) ||
      !is_zero(member(market, "sequence")))
    return;
  static const std::map<std::string, std::vector<std::string>> kOrder{
      {"three_way", {"1", "X", "2"}},
      {"btts", {"yes", "no"}},
      {"double_chance", {"1X", "X2", "12"}}};
  std::size_t i = 0;
  for (const sj::element selection : market["selections"].get_array()) {
    const bool open =
        !live || (member(market, "status") == "Open" && member(selection, "status") == "Open");
    const std::string odds = member(selection, "odds");
    found[event_id + " " + bet_type + " " + kOrder.at(bet_type).at(i++)] =
        to_text(parse_price(odds).value()) + (open && std::stod(odds) > 1.0 ? " usable" : " not");
  }
}

Found walk(const Capture& capture) {
  Found found;
  sj::parser parser;
  sj::element root;
  EXPECT_EQ(parser.parse(capture.body).get(root), simdjson::SUCCESS);
  const bool live = capture.file.starts_with("live");
  const std::string sport = sport_id_of(capture);
  if (capture.kind.starts_with("prematch-markets")) {
    for (const auto [id, markets] : root.get_object())
      for (const sj::element market : markets.get_array())
        walk_market(live, sport, std::string(id), market, found);
  } else if (capture.kind.starts_with("prematch-list")) {
    for (const sj::element game : root.get_array())
      for (const sj::element market : game["markets"].get_array())
        walk_market(live, member(game["sport"].value(), "id"), member(game, "id"), market, found);
  } else if (capture.kind.starts_with("live-event-details")) {
    for (const sj::element market : root["markets"].get_array())
      walk_market(live, sport, member(root["event"].value(), "id"), market, found);
  } else if (capture.kind.starts_with("live-event-markets")) {
    for (const sj::element event : root["markets"].get_array())
      for (const sj::element market : event["markets"].get_array())
        walk_market(live, sport, member(event, "eventId"), market, found);
  }
  return found;
}

Found found_by(const Mapping& mapping) {
  Found found;
  for (const Record& record : mapping.records)
    for (const Outcome& outcome : record.outcomes)
      found[record.event_id + " " + record.bet_type + " " + outcome.key] =
          (outcome.price ? to_text(*outcome.price) : std::string("-")) +
          (outcome.usable ? " usable" : " not");
  return found;
}

class Captures : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("ODDSLOOM_CAPTURES");
    if (!folder || !fs::exists(fs::path(folder) / "bookiedelta/INDEX.tsv"))
      GTEST_SKIP() << "ODDSLOOM_CAPTURES does not name a folder with bookiedelta/INDEX.tsv";
    all_ = captures(std::string(folder) + "/bookiedelta");
    ASSERT_FALSE(all_.empty());
  }
  std::vector<Capture> all_;
};

TEST_F(Captures, EveryPriceOfTheThreeBetTypesIsFoundExactlyAndNoUnusableOneIsUsable) {
  std::size_t prices = 0, usable = 0;
  for (const Capture& capture : all_) {
    SCOPED_TRACE(capture.file);
    const Found expected = walk(capture);
    if (expected.empty()) continue;
    const Source source = capture.file.starts_with("live") ? Source::Live : Source::Upcoming;
    const Mapping mapping = map_any(source, capture.body, sport_id_of(capture));
    EXPECT_EQ(mapping.kind, AnswerKind::Good) << mapping.message;
    EXPECT_EQ(all_text(mapping.problems), "");
    EXPECT_EQ(found_by(mapping), expected);
    prices += expected.size();
    for (const auto& [key, value] : expected) usable += value.ends_with(" usable") ? 1U : 0U;
  }
  EXPECT_GT(usable, 900U);
  RecordProperty("prices", static_cast<int>(prices));
  RecordProperty("usable", static_cast<int>(usable));
  std::cout << prices << " prices, " << usable << " of them usable\n";
}

TEST_F(Captures, EveryFileIsReadOrRefusedWithAReasonWhateverTheSource) {
  for (const Capture& capture : all_)
    for (const Source source : {Source::Live, Source::Upcoming}) {
      const Mapping mapping = map_any(source, capture.body);
      if (mapping.kind != AnswerKind::Good) {
        EXPECT_FALSE(mapping.message.empty()) << capture.file;
        EXPECT_TRUE(mapping.records.empty()) << capture.file;
      }
    }
}

TEST_F(Captures, ListsGiveEveryEventWithTeamsKickOffAndProviderId) {
  std::size_t events = 0;
  for (const Capture& capture : all_) {
    SCOPED_TRACE(capture.file);
    const bool live = capture.kind.starts_with("live-events");
    if (!live && !capture.kind.starts_with("prematch-list")) continue;
    ListPage page{live ? "live_list" : "upcoming_list",
                  live ? Source::Live : Source::Upcoming,
                  sport_id_of(capture),
                  "",
                  {},
                  0};
    const auto answer = read_list(delta(), page, 200, "", capture.body, "");
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(all_text(answer->problems), "");
    for (const WorkEntry& event : answer->events) {
      EXPECT_FALSE(event.home.empty() || event.away.empty() || event.betradar_id.empty());
      EXPECT_TRUE(event.start_time);
      EXPECT_EQ(event.sport_id, sport_id_of(capture));
      ++events;
    }
  }
  EXPECT_GT(events, 300U);
}

// A recorded Socket.IO 2 session of another bookmaker. Who logged it cut each message at 2,000
// characters: what is longer can only be refused as cut off.
TEST(CapturedFrames, OfARecordedSocketIoSessionAreAllRead) {
  const char* folder = std::getenv("ODDSLOOM_CAPTURES");
  const fs::path file =
      fs::path(folder ? folder : "") / "mozzart-ke/browser/socketio_frames_2026-08-09.ndjson";
  if (!folder || !fs::exists(file))
    GTEST_SKIP() << "ODDSLOOM_CAPTURES does not name a folder with the session";
  const auto characters = [](std::string_view text) {
    return std::count_if(text.begin(), text.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  };
  constexpr std::ptrdiff_t kLoggedAtMost = 2'000;
  const Framing framing{FrameLayer::SocketIo};
  std::map<std::string, std::size_t> kinds, names;
  std::size_t cut = 0;
  sj::parser parser;
  const std::string text = read(file);
  for (const std::string_view line : split(text, '\n')) {
    if (trim(line).empty()) continue;
    sj::element root;
    ASSERT_EQ(parser.parse(line.data(), line.size()).get(root), simdjson::SUCCESS) << line;
    const std::string data = member(root, "data");
    const bool ours = member(root, "dir") == "→S";
    const std::string kind = data.substr(0, data.starts_with('4') ? 2 : 1);
    ++kinds[(ours ? "sent " : "heard ") + kind];
    if (ours) {
      EXPECT_EQ(kind == "42" ? frame(framing, data.substr(2)) : frame_ping(framing), data);
    }
    const auto unframed = unframe(framing, data);
    if (characters(data) >= kLoggedAtMost) {
      ++cut;
      EXPECT_EQ(kind, "42");
      EXPECT_FALSE(unframed) << data.substr(0, 40);
      continue;
    }
    ASSERT_TRUE(unframed) << unframed.error().text() << ": " << data.substr(0, 200);
    EXPECT_EQ(unframed->messages.size(), kind == "42" ? 1U : 0U) << data.substr(0, 40);
    EXPECT_EQ(unframed->pong, kind == "3") << data;
    EXPECT_EQ(unframed->answers.size(), kind == "2" ? 1U : 0U) << data;
    EXPECT_FALSE(unframed->refused) << data;
    for (const FeedMessage& message : unframed->messages) {
      if (!ours) ++names[message.name];
      EXPECT_EQ(parser.parse(message.payload).error(), simdjson::SUCCESS) << message.payload;
    }
  }
  for (const auto& [name, count] : names) std::cout << "heard " << name << ": " << count << "\n";
  EXPECT_EQ(kinds, (std::map<std::string, std::size_t>{
                       {"heard 42", 658}, {"sent 42", 191}, {"sent 2", 21}, {"heard 3", 21}}));
  EXPECT_EQ(cut, 371U);
}

}  // namespace
}  // namespace oddsloom::test
