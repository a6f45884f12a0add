#include "sim/sports.h"

#include <array>

namespace oddsloom::sim {
namespace {

constexpr std::array<Phase, 3> kFootball{
    {{"FirstHalf", 47, 0, 45}, {"HalfTime", 62, 45, 45, false}, {"SecondHalf", 115, 45, 90}}};
constexpr std::array<Phase, 5> kCup{{{"FirstHalf", 47, 0, 45},
                                     {"HalfTime", 62, 45, 45, false},
                                     {"SecondHalf", 110, 45, 90},
                                     {"FirstExtraTime", 128, 90, 105, true, true},
                                     {"SecondExtraTime", 145, 105, 120, true, true}}};
constexpr std::array<Phase, 3> kHandball{
    {{"FirstHalf", 32, 0, 30}, {"HalfTime", 43, 30, 30, false}, {"SecondHalf", 75, 30, 60}}};
constexpr std::array<Phase, 3> kRugby{
    {{"FirstHalf", 42, 0, 40}, {"HalfTime", 54, 40, 40, false}, {"SecondHalf", 95, 40, 80}}};
constexpr std::array<Phase, 3> kTennis{
    {{"FirstSet", 40, 0, 0}, {"SecondSet", 80, 0, 0}, {"ThirdSet", 120, 0, 0}}};

constexpr std::array<SportInfo, kSports> kTable{{
    {Sport::Football, 1, 1, "Football", "Soccer", 10, 194, true, kFootball},
    {Sport::Efootball, 126, 0, "eFootball", "Electronic Football", 381, 0, true, kFootball},
    {Sport::Handball, 6, 5, "Handball", "Handball", 10, 186, true, kHandball},
    {Sport::Rugby, 12, 8, "Rugby", "Rugby", 10, 192, true, kRugby},
    {Sport::Tennis, 5, 4, "Tennis", "Tennis", 382, 112, false, kTennis},
}};

}  // namespace

const SportInfo& sport_info(Sport sport) { return kTable.at(static_cast<std::size_t>(sport)); }

std::span<const SportInfo> all_sports() { return kTable; }

const SportInfo* sport_by_prematch_id(int id) {
  for (const SportInfo& info : kTable)
    if (info.prematch_id == id) return &info;
  return nullptr;
}

const SportInfo* sport_by_live_id(int id) {
  for (const SportInfo& info : kTable)
    if (info.live_id == id && id != 0) return &info;
  return nullptr;
}

std::span<const Phase> cup_phases() { return kCup; }

}  // namespace oddsloom::sim
