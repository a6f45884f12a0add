// The sports of the simulated bookmaker as data: ids in its two id spaces, lengths and phases. Read
// by the world and by the answers. Values only; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace oddsloom::sim {

enum class Sport { Football, Efootball, Handball, Rugby, Tennis };
inline constexpr int kSports = 5;

struct Phase {
  std::string_view name;        // as the bookmaker spells it, e.g. "SecondHalf"
  int end_minute = 0;           // after kick-off, where the next phase begins
  int clock_from = 0;           // what the match clock shows at the start, minutes
  int clock_stop = 0;           // where the match clock stands still (45, 90)
  bool playing = true;          // goals fall and time counts
  bool three_way_gone = false;  // in extra time the bookmaker has no 1x2 any more
};

struct SportInfo {
  Sport sport = Sport::Football;
  int prematch_id = 0;
  int live_id = 0;              // 0: not offered live
  std::string_view name;        // prematch lists and the live menu, "Football"
  std::string_view other_name;  // highlights and live events, "Soccer"
  int prematch_main = 0;        // market id of the main market
  int live_main = 0;
  bool has_draw = true;
  std::span<const Phase> phases;
};

const SportInfo& sport_info(Sport sport);
std::span<const SportInfo> all_sports();
const SportInfo* sport_by_prematch_id(int id);  // null when there is no such sport
const SportInfo* sport_by_live_id(int id);

// A cup tie: football with extra time, in which the three-way market is gone.
std::span<const Phase> cup_phases();

}  // namespace oddsloom::sim
