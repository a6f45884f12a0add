// What the bookmaker tests share: the program's own folder, loaded once, and short ways to ask for
// a mapping. The fixtures are invented.
#pragma once

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bookmaker/mapping.h"
#include "bookmaker/request.h"
#include "bookmaker/spec.h"

namespace oddsloom::test {

inline const std::string kBookmakers = ODDSLOOM_SOURCE_DIR "/bookmakers";
inline const std::set<std::string> kThree{"three_way", "btts", "double_chance"};
inline constexpr UtcMillis kNow{1'767'225'600'000};  // 2026-01-01T00:00:00Z

inline std::string all_text(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& problem : problems) out += problem.text() + "\n";
  return out;
}

inline const BetTypes& bet_types() {
  static const BetTypes loaded = [] {
    auto types = load_bet_types(kBookmakers + "/bet_types.toml");
    if (!types) throw std::runtime_error(all_text(types.error()));
    return *std::move(types);
  }();
  return loaded;
}

inline const Bookmaker& delta() {
  static const Bookmaker loaded = [] {
    auto bookmaker = load_bookmaker(kBookmakers + "/BookieDelta", bet_types());
    if (!bookmaker) throw std::runtime_error(all_text(bookmaker.error()));
    return *std::move(bookmaker);
  }();
  return loaded;
}

inline WantedEvent wanted(const std::string& event_id, const std::string& home = "",
                          const std::string& away = "", const std::string& sport_id = "",
                          const std::set<std::string>& types = kThree) {
  WantedEvent out;
  out.work.event_id = event_id;
  out.work.home = home;
  out.work.away = away;
  out.work.sport_id = sport_id;
  out.bet_types = types;
  return out;
}

inline Mapping map(Source source, const std::vector<WantedEvent>& events, std::string_view body) {
  const MappingContext context{source, kNow, &events, false, {}, {}};
  return map_answer(delta(), bet_types(), context, body);
}

inline Mapping map_any(Source source, std::string_view body, const std::string& sport_id = "",
                       const std::set<std::string>& types = kThree) {
  const MappingContext context{source, kNow, nullptr, true, types, sport_id};
  return map_answer(delta(), bet_types(), context, body);
}

inline const Record* record_of(const Mapping& mapping, std::string_view bet_type,
                               std::string_view event_id = "") {
  for (const Record& record : mapping.records)
    if (record.bet_type == bet_type && (event_id.empty() || record.event_id == event_id))
      return &record;
  return nullptr;
}

// "1=2.06 X=3.40 2=3.00(closed)": prices with the statuses that are not open, "-" without a price,
// a
// "!" behind an open one that is not usable.
inline std::string said(const Record* record) {
  if (!record) return "no record";
  std::string out;
  for (const Outcome& outcome : record->outcomes) {
    if (!out.empty()) out += ' ';
    out += outcome.key + "=" + (outcome.price ? to_text(*outcome.price) : "-");
    if (outcome.status != Status::Open)
      out += "(" + std::string(to_string(outcome.status)) + ")";
    else if (!outcome.usable)
      out += "!";
  }
  return out;
}

inline std::string all_text(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

}  // namespace oddsloom::test
