// Tier one against recorded lists of many bookmakers, where somebody has them: ODDSLOOM_ENTITY
// names a folder with fixtures/events_multibook.csv. They are no part of this repository; without
// them these tests are skipped.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "base/text.h"
#include "matching/linker.h"

namespace oddsloom::test {
namespace {

std::string folder() {
  if (const char* named = std::getenv("ODDSLOOM_ENTITY")) return named;
  const auto beside = std::filesystem::path(ODDSLOOM_SOURCE_DIR) / "../shared/entity";
  return std::filesystem::exists(beside) ? beside.string() : "";
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (const char c : line)
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      out.emplace_back();
    else if (c != '\r')
      out.back() += c;
  return out;
}

std::string sport_of(const std::string& word) {
  const std::string sport = to_lower_ascii(word);
  if (sport == "soccer") return "football";
  if (sport == "electronic football") return "esoccer";
  if (sport == "rugby union") return "rugby";
  return sport;
}

struct Event {
  LinkFacts facts;
  std::string gold, text;
};

std::vector<Event> recorded() {
  std::ifstream in(folder() + "/fixtures/events_multibook.csv");
  std::vector<Event> out;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const auto cell = cells(line);
    if (cell.size() < 14) continue;
    Event event;
    event.facts = {
        {cell[0] + "/" + cell[1], cell[3] == "live" ? Source::Live : Source::Upcoming, cell[2]},
        normal_betradar_id(cell[10]),
        sport_of(cell[4]),
        std::nullopt,
        cell[7],
        cell[8],
        {1}};
    if (const auto start = parse_iso8601(cell[9])) event.facts.start_time = *start;
    event.gold = cell[12];
    event.text = line;
    out.push_back(std::move(event));
  }
  return out;
}

TEST(Entity, TierOneFindsWhatTheIdsSayAndNothingElse) {
  if (folder().empty())
    GTEST_SKIP() << "ODDSLOOM_ENTITY does not name a folder with fixtures/events_multibook.csv";
  const auto events = recorded();
  ASSERT_GT(events.size(), 900u);
  Linker linker;
  for (const Event& event : events) linker.offer(event.facts);
  std::map<EventId, std::string> match;
  for (const Link& link : linker.wanted(100'000, {1})) match[link.event] = link.match_id;
  std::vector<std::string> matches;  // of each event, "" = none
  for (const Event& event : events) matches.push_back(match[event.facts.event]);
  std::size_t right = 0, wrong = 0, missed = 0, beyond = 0;
  for (std::size_t i = 0; i < events.size(); ++i)
    for (std::size_t j = i + 1; j < events.size(); ++j) {
      const Event &a = events[i], &b = events[j];
      const bool same = !a.gold.empty() && a.gold == b.gold;
      const bool linked = !matches[i].empty() && matches[i] == matches[j];
      if ((!same && !linked) || a.facts.event == b.facts.event) continue;
      if (same && linked) ++right;
      if (!same && linked) ++wrong;
      if (!same || linked) continue;
      const bool ids = !a.facts.betradar_id.empty() && !b.facts.betradar_id.empty();
      ++(ids ? missed : beyond);
      if (ids) std::cout << "not linked:\n  " << a.text << "\n  " << b.text << "\n";
    }
  std::cout << "pairs of one gold id: " << right << " linked, " << missed << " not linked, "
            << beyond << " beyond tier one (no id); wrongly linked: " << wrong << "\n";
  EXPECT_EQ(wrong, 0u);
  EXPECT_GE(static_cast<double>(right), 0.98 * static_cast<double>(right + missed));
}

TEST(Entity, SpellingsUnderOneIdAgree) {
  if (folder().empty()) GTEST_SKIP() << "ODDSLOOM_ENTITY names no folder";
  std::ifstream in(folder() + "/fixtures/oddswize_sr_name_variants.csv");
  std::string line;
  std::getline(in, line);
  const auto heads = cells(line);
  const auto column = [&](const std::string& part) {
    for (std::size_t i = 0; i < heads.size(); ++i)
      if (heads[i].find(part) != std::string::npos) return i;
    return heads.size();
  };
  const std::size_t home = column("home"), away = column("away"), id = column("id");
  ASSERT_LT(std::max({home, away, id}), heads.size()) << line;
  std::map<std::string, std::vector<FoldedSides>> variants;
  while (std::getline(in, line)) {
    const auto cell = cells(line);
    if (cell.size() == heads.size())
      variants[cell[id]].push_back({fold_name(cell[home]), fold_name(cell[away])});
  }
  ASSERT_GT(variants.size(), 50u);
  std::size_t agree = 0, all = 0;
  for (const auto& [number, names] : variants)
    for (std::size_t i = 1; i < names.size(); ++i) {
      ++all;
      const bool same = compare_sides(names[0], names[i]) == SameSides::Yes;
      agree += same ? 1 : 0;
      if (!same) std::cout << "contradict each other: " << number << "\n";
    }
  std::cout << agree << " of " << all << " spellings agree\n";
  EXPECT_GE(static_cast<double>(agree), 0.95 * static_cast<double>(all));
}

}  // namespace
}  // namespace oddsloom::test
