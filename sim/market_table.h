// Every market the simulated bookmaker can offer, as data: ids by sport and source, what the
// selections mean, lines, layout numbers. Read by pricing and by the answers. Immutable; any
// thread.
#pragma once

#include <span>
#include <string_view>

#include "sim/sports.h"

namespace oddsloom::sim {

enum class Source { Live, Upcoming };
enum class BetType { ThreeWay, Btts, DoubleChance };
std::string_view to_string(Source source);     // "live"
std::string_view to_string(BetType bet_type);  // "three_way"

enum class Kind {
  ThreeWay,       // 1 X 2
  TwoWay,         // 1 2, no draw in this sport
  BothScore,      // yes no
  DoubleChance,   // 1X X2 12
  DrawNoBet,      // 1 2
  Total,          // over under
  HomeTotal,      // over under
  AwayTotal,      // over under
  EuroHandicap,   // 1 X 2, line is home's start
  AsianHandicap,  // 1 2, line is home's start
  HalfThreeWay,   // 1 X 2 of the first half
  HalfBothScore,  // yes no of the first half
  HalfTotal,      // over under of the first half
  OddEven,        // odd even
  ExactGoals,     // 0 .. 5+
  CorrectScore,   // 0:0 .. 4:4, other
  HomeNoBet,      // away, draw: in this order
  AwayNoBet,      // home, draw
  EarlyPayout,    // 1 X 2, line is the goals ahead that pay
  Corners         // over under
};

inline constexpr int kMaxSelections = 32;
inline constexpr int kMaxInstances = 256;  // of one sport and source; ids leave room for so many

struct MarketSpec {
  int id = 0;
  Kind kind = Kind::ThreeWay;
  int line = 0;      // in quarters: 2.5 is 10, -1 is -4
  int sequence = 0;  // live only
  std::string_view name;
  std::string_view old_name;  // live: what the older generation of the API called it
  int order = 0;              // prematch `order`, live `position`
  int columns = 3;            // prematch `columns`, live `template`
  int instance = 0;           // index in its table; names the selections' ids
};

// All instances, the ones that matter most first; a bookmaker with fewer extra markets offers a
// shorter head of it.
std::span<const MarketSpec> market_table(Sport sport, Source source);
// How many at the head are not "extra": the main market and those of the three bet types.
int core_markets(Sport sport, Source source);
// Null where this sport has no such market in this source.
const MarketSpec* spec_of(BetType bet_type, Sport sport, Source source);

}  // namespace oddsloom::sim
