#include "sim/wording.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

namespace oddsloom::sim {
namespace {

// Event ids are two apart, so half the ids of an event's selections and markets lie between them.
constexpr std::int64_t kPerEvent = kMaxInstances * kMaxSelections / 2;
constexpr std::int64_t kMarketsPerEvent = kMaxInstances / 2;
constexpr std::int64_t kUpcomingSelections = 2'600'000'000;  // above the 32 bits of an int
constexpr std::int64_t kLiveSelections = 226'000'000;
constexpr std::int64_t kLiveMarkets = 108'000'000;

std::string signed_line(int quarters, std::string_view format) {
  return (quarters > 0 ? "+" : "") + fmt::format(fmt::runtime(format), quarters / 4.0);
}

// A handicap of -2 is written as the goals the away side starts with: "0:2".
std::string start_score(int quarters) {
  const int goals = quarters / 4;
  return goals < 0 ? fmt::format("0:{}", -goals) : fmt::format("{}:0", goals);
}

std::string score_at(int index, std::string_view other) {
  return index == 25 ? std::string(other) : fmt::format("{}:{}", index / 5, index % 5);
}

}  // namespace

std::string line_number(int quarters) { return fmt::format("{}", quarters / 4.0); }
std::string line_two_decimals(int quarters) { return fmt::format("{:.2f}", quarters / 4.0); }

std::int64_t upcoming_selection_id(const Event& event, const MarketSpec& spec, int index) {
  return kUpcomingSelections + (event.game_id - kFirstGameId) * kPerEvent +
         spec.instance * kMaxSelections + index;
}

std::int64_t live_selection_id(const Event& event, const MarketSpec& spec, int index) {
  return kLiveSelections + (event.live_id - kFirstLiveId) * kPerEvent +
         spec.instance * kMaxSelections + index;
}

std::int64_t live_event_market_id(const Event& event, const MarketSpec& spec) {
  return kLiveMarkets + (event.live_id - kFirstLiveId) * kMarketsPerEvent + spec.instance;
}

std::string upcoming_short_name(const MarketSpec& spec, int index) {
  constexpr std::array<std::string_view, 3> kThree{"1", "X", "2"};
  constexpr std::array<std::string_view, 3> kDouble{"1X", "X2", "12"};
  const auto at = static_cast<std::size_t>(index);
  switch (spec.kind) {
    case Kind::DoubleChance:
      return std::string(kDouble.at(at));
    case Kind::BothScore:
    case Kind::HalfBothScore:
      return index == 0 ? "Yes" : "No";
    case Kind::TwoWay:
    case Kind::DrawNoBet:
    case Kind::AsianHandicap:
      return index == 0 ? "1" : "2";
    case Kind::Total:
    case Kind::HomeTotal:
    case Kind::AwayTotal:
    case Kind::HalfTotal:
    case Kind::Corners:
      return index == 0 ? "OV" : "UN";
    case Kind::OddEven:
      return index == 0 ? "OD" : "EV";
    case Kind::ExactGoals:
      return index == 5 ? "5+" : fmt::format("{}", index);
    case Kind::CorrectScore:
      return score_at(index, "OTHR");
    default:
      return std::string(kThree.at(at));
  }
}

std::string upcoming_selection_name(const EventNames& names, const MarketSpec& spec, int index) {
  const std::string token = upcoming_short_name(spec, index);
  switch (spec.kind) {
    case Kind::DoubleChance:
      return index == 0 ? "1 OR X" : index == 1 ? "X OR 2" : "1 OR 2";
    case Kind::BothScore:
    case Kind::HalfBothScore:
      return index == 0 ? "YES (GG)" : "NO (NG)";
    case Kind::Total:
    case Kind::HomeTotal:
    case Kind::AwayTotal:
    case Kind::HalfTotal:
    case Kind::Corners:
      return (index == 0 ? "OVER " : "UNDER ") + line_two_decimals(spec.line);
    case Kind::OddEven:
      return index == 0 ? "ODD" : "EVEN";
    case Kind::EuroHandicap:
      return token + " (" + start_score(spec.line) + ")";
    case Kind::AsianHandicap:
      return (index == 0 ? names.home : names.away).prematch + " [" +
             signed_line(index == 0 ? spec.line : -spec.line, "{:.2f}") + "]";
    case Kind::ExactGoals:
      return index == 5 ? "5 OR MORE" : token;
    case Kind::CorrectScore:
      return index == 25 ? "ANY OTHER" : token;
    default:
      return token == "1" ? names.home.prematch : token == "2" ? names.away.prematch : "Draw";
  }
}

std::string live_market_name(const MarketSpec& spec) {
  std::string name(spec.name);
  if (spec.kind == Kind::EuroHandicap) name += " " + start_score(spec.line);
  return name;
}

std::string live_selection_name(const EventNames& names, const MarketSpec& spec, int index) {
  const std::string& home = names.home.live;
  const std::string& away = names.away.live;
  switch (spec.kind) {
    case Kind::DoubleChance:
      return index == 0 ? home + " or draw" : index == 1 ? "draw or " + away : home + " or " + away;
    case Kind::BothScore:
    case Kind::HalfBothScore:
      return index == 0 ? "yes" : "no";
    case Kind::Total:
    case Kind::Corners:
      return (index == 0 ? "over " : "under ") + line_number(spec.line);
    case Kind::OddEven:
      return index == 0 ? "odd" : "even";
    case Kind::EuroHandicap:
      return (index == 0 ? home : index == 1 ? "draw" : away) + " (" + start_score(spec.line) + ")";
    case Kind::AsianHandicap:
      return (index == 0 ? home : away) + " (" +
             signed_line(index == 0 ? spec.line : -spec.line, "{}") + ")";
    case Kind::ExactGoals:
      return index == 5 ? "5+" : fmt::format("{}", index);
    case Kind::CorrectScore:
      return score_at(index, "other");
    case Kind::HomeNoBet:
      return index == 0 ? away : "draw";
    case Kind::AwayNoBet:
      return index == 0 ? home : "draw";
    case Kind::TwoWay:
    case Kind::DrawNoBet:
      return index == 0 ? home : away;
    default:
      return index == 0 ? home : index == 1 ? "draw" : away;
  }
}

std::string old_live_selection_name(const EventNames& names, const MarketSpec& spec, int index) {
  if (spec.kind == Kind::DoubleChance)
    return index == 0 ? "1 or X" : index == 1 ? "X or 2" : "1 or 2";
  if (spec.kind == Kind::BothScore) return index == 0 ? "Yes" : "No";
  if (spec.kind == Kind::ThreeWay && index == 1) return "Draw";
  return live_selection_name(names, spec, index);
}

}  // namespace oddsloom::sim
