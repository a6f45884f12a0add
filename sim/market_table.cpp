#include "sim/market_table.h"

#include <algorithm>
#include <array>
#include <vector>

namespace oddsloom::sim {
namespace {

// One family of instances: lines from `first` to `last` in steps of `step` quarters (step 0: the
// one instance at line `first`).
struct Family {
  int id;
  Kind kind;
  std::string_view name;
  std::string_view old_name;
  int columns;
  int first = 0;
  int last = 0;
  int step = 0;
};

constexpr std::array kFootballUpcoming{
    Family{10, Kind::ThreeWay, "3 Way", "", 3},
    Family{43, Kind::BothScore, "Both Teams To Score", "", 2},
    Family{46, Kind::DoubleChance, "Double Chance", "", 3},
    Family{52, Kind::Total, "Total Goals Over/Under - Full Time", "", 2, 2, 22, 2},
    Family{47, Kind::DrawNoBet, "Draw no bet - Full Time", "", 2},
    Family{42, Kind::HalfThreeWay, "3 Way - First Half", "", 3},
    Family{328, Kind::HalfBothScore, "Both Teams To Score - First Half", "", 2},
    Family{972, Kind::EarlyPayout, "1x2 (1up)", "", 3, 4},
    Family{973, Kind::EarlyPayout, "1x2 (2up)", "", 3, 8},
    Family{332, Kind::CorrectScore, "Correct Score", "", 3},
    Family{55, Kind::EuroHandicap, "Euro Handicap", "", 3, -12, -4, 4},
    Family{55, Kind::EuroHandicap, "Euro Handicap", "", 3, 4, 8, 4},
    Family{51, Kind::AsianHandicap, "Asian Handicap - Full Time", "", 2, -6, 6, 1},
    Family{353, Kind::HomeTotal, "Total Goals Over/Under Home Team - Full Time", "", 2, 2, 10, 4},
    Family{352, Kind::AwayTotal, "Total Goals Over/Under Away Team - Full Time", "", 2, 2, 10, 4},
    Family{54, Kind::HalfTotal, "Total Goals Over/Under - Half Time", "", 2, 2, 6, 2},
    Family{258, Kind::ExactGoals, "Total Goals Exactly", "", 3},
    Family{45, Kind::OddEven, "Odd/Even", "", 2},
    Family{52, Kind::Total, "Total Goals Over/Under - Full Time", "", 2, 3, 23, 2},
    Family{961, Kind::Corners, "Total Corners Over/Under - Full Time", "", 2, 10, 80, 1},
    Family{962, Kind::Corners, "Total Corners Over/Under - Half Time", "", 2, 10, 54, 1},
};
constexpr std::array kEfootballUpcoming{
    Family{381, Kind::ThreeWay, "3 Way", "", 3},
    Family{46, Kind::DoubleChance, "Double Chance", "", 3},
    Family{56, Kind::Total, "Total Goals Over/Under - Full Time", "", 2, 10, 22, 4},
    Family{51, Kind::AsianHandicap, "Asian Handicap - Full Time", "", 2, -2, 2, 4},
};
constexpr std::array kHandballUpcoming{
    Family{10, Kind::ThreeWay, "3 Way Winner", "", 3},
    Family{42, Kind::HalfThreeWay, "1st Half - 3 Way", "", 3},
    Family{52, Kind::Total, "Total Goals Over/Under - Full Time", "", 2, 206, 246, 8},
};
constexpr std::array kRugbyUpcoming{
    Family{10, Kind::ThreeWay, "3 Way", "", 3},
    Family{46, Kind::DoubleChance, "Double Chance", "", 3},
    Family{42, Kind::HalfThreeWay, "1st Half - 3 Way", "", 3},
    Family{51, Kind::AsianHandicap, "Handicap", "", 2, -26, 26, 12},
};
constexpr std::array kTennisUpcoming{
    Family{382, Kind::TwoWay, "2 Way - Who will win?", "", 2},
    Family{51, Kind::AsianHandicap, "Games Handicap", "", 2, -10, 10, 8},
};

constexpr std::array kFootballLive{
    Family{194, Kind::ThreeWay, "1x2", "Match Result", 3},
    Family{147, Kind::DoubleChance, "Double chance", "Double Chance", 3},
    Family{138, Kind::BothScore, "Both teams to score", "Both Teams To Score", 2},
    Family{105, Kind::Total, "Total", "Total Goals", 2, 2, 26, 4},
    Family{166, Kind::DrawNoBet, "Draw no bet", "Draw No Bet", 2},
    Family{135, Kind::HalfThreeWay, "1st half - 1x2", "First Half Result", 3},
    Family{140, Kind::HalfBothScore, "1st half - both teams to score", "First Half BTTS", 2},
    Family{183, Kind::CorrectScore, "Correct score", "Correct Score", 5},
    Family{154, Kind::ExactGoals, "Exact goals", "Exact Goals", 3},
    Family{145, Kind::OddEven, "Odd/even", "Odd/Even", 2},
    Family{151, Kind::EuroHandicap, "Handicap", "Handicap 3-Way", 3, -12, -4, 4},
    Family{184, Kind::AsianHandicap, "Handicap", "Asian Handicap", 2, -10, 10, 4},
    Family{303, Kind::HomeNoBet, "Home no bet", "Home No Bet", 2},
    Family{304, Kind::AwayNoBet, "Away no bet", "Away No Bet", 2},
    Family{380, Kind::Corners, "Total corners", "Total Corners", 2, 22, 50, 4},
    Family{380, Kind::Corners, "Total corners", "Total Corners", 2, 54, 80, 1},
};
constexpr std::array kHandballLive{
    Family{186, Kind::ThreeWay, "1x2", "Match Result", 3},
    Family{191, Kind::Total, "Total", "Total Goals", 2, 206, 246, 8},
};
constexpr std::array kRugbyLive{
    Family{192, Kind::ThreeWay, "1x2", "Match Result", 3},
    Family{131, Kind::DoubleChance, "Double chance", "Double Chance", 3},
    Family{137, Kind::HalfThreeWay, "1st half - 1x2", "First Half Result", 3},
    Family{153, Kind::AsianHandicap, "Handicap", "Handicap", 2, -26, 26, 12},
    Family{101, Kind::Total, "Total", "Total Points", 2, 162, 210, 12},
};
constexpr std::array kTennisLive{
    Family{112, Kind::TwoWay, "Winner", "Winner", 2},
};

std::vector<MarketSpec> expand(std::span<const Family> families) {
  std::vector<MarketSpec> specs;
  int order = 101;
  for (const Family& family : families) {
    const int last = family.step == 0 ? family.first : family.last;
    for (int line = family.first; line <= last; line += std::max(family.step, 1))
      specs.push_back({.id = family.id,
                       .kind = family.kind,
                       .line = line,
                       .name = family.name,
                       .old_name = family.old_name,
                       .order = order,
                       .columns = family.columns,
                       .instance = static_cast<int>(specs.size())});
    order += 2;
  }
  return specs;
}

std::span<const Family> families(Sport sport, Source source) {
  const bool live = source == Source::Live;
  switch (sport) {
    case Sport::Football:
      return live ? std::span<const Family>(kFootballLive) : kFootballUpcoming;
    case Sport::Efootball:
      return live ? std::span<const Family>() : kEfootballUpcoming;
    case Sport::Handball:
      return live ? std::span<const Family>(kHandballLive) : kHandballUpcoming;
    case Sport::Rugby:
      return live ? std::span<const Family>(kRugbyLive) : kRugbyUpcoming;
    case Sport::Tennis:
      return live ? std::span<const Family>(kTennisLive) : kTennisUpcoming;
  }
  return {};
}

using Tables = std::array<std::array<std::vector<MarketSpec>, 2>, kSports>;

Tables expand_all() {
  Tables tables;
  for (const SportInfo& info : all_sports())
    for (const Source source : {Source::Live, Source::Upcoming})
      tables.at(static_cast<std::size_t>(info.sport)).at(static_cast<std::size_t>(source)) =
          expand(families(info.sport, source));
  return tables;
}

bool is_core(Kind kind) {
  return kind == Kind::ThreeWay || kind == Kind::TwoWay || kind == Kind::BothScore ||
         kind == Kind::DoubleChance;
}

}  // namespace

std::string_view to_string(Source source) { return source == Source::Live ? "live" : "upcoming"; }

std::string_view to_string(BetType bet_type) {
  switch (bet_type) {
    case BetType::Btts:
      return "btts";
    case BetType::DoubleChance:
      return "double_chance";
    case BetType::ThreeWay:
      break;
  }
  return "three_way";
}

std::span<const MarketSpec> market_table(Sport sport, Source source) {
  static const Tables kTables = expand_all();
  return kTables.at(static_cast<std::size_t>(sport)).at(static_cast<std::size_t>(source));
}

int core_markets(Sport sport, Source source) {
  const auto table = market_table(sport, source);
  return static_cast<int>(std::count_if(table.begin(), table.end(),
                                        [](const MarketSpec& spec) { return is_core(spec.kind); }));
}

const MarketSpec* spec_of(BetType bet_type, Sport sport, Source source) {
  const Kind wanted = bet_type == BetType::ThreeWay ? Kind::ThreeWay
                      : bet_type == BetType::Btts   ? Kind::BothScore
                                                    : Kind::DoubleChance;
  for (const MarketSpec& spec : market_table(sport, source))
    if (spec.kind == wanted) return &spec;
  return nullptr;
}

}  // namespace oddsloom::sim
