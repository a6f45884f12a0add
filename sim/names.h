// Invented teams and competitions, with every trap that real listings hold: slashes, commas,
// parentheses, ampersands, " or ", trailing spaces, letters outside ASCII, names that differ
// between the two sources. Read by the world. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sim/sports.h"

namespace oddsloom::sim {

struct TeamName {
  std::string prematch;
  std::string live;  // mostly the same; some lose a " W" or a trailing space
};

struct League {
  Sport sport = Sport::Football;
  int competition_id = 0;  // prematch
  int tournament_id = 0;   // live and highlights
  std::string_view name;
  std::string_view live_name;  // differs where prematch only says "Semifinal"
  int country_id = 0;
  int live_country_id = 0;
  std::string_view country;
  std::string_view iso;  // lower case, as prematch has it
};

// `oddity` chooses the trap (any number; half of all numbers give plain names), `hash` the name.
TeamName team_name(Sport sport, std::uint64_t oddity, std::uint64_t hash);
std::span<const League> leagues(Sport sport);

}  // namespace oddsloom::sim
