// Tells which selection of a market is which outcome: by code, by name, by the teams' names in a
// template ("{home} or draw"), or by position where the names bear it out. Never by the word " or
// ", which may be part of a team's name. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bookmaker/compiled_spec.h"
#include "bookmaker/team_names.h"

namespace oddsloom {

struct SelectionText {
  std::string_view code, name;  // "" = not there
};

struct OutcomeMatch {
  // Per selection the index of its outcome in the bet type, or nothing.
  std::vector<std::optional<std::size_t>> outcome;
  std::string problem;  // why not all selections have one
  TeamNames teams;      // as the selections name them, where their templates say so
};

// `known` are spellings of the two teams, best first; pairs with an empty side are passed over.
// `out` is written over: one that is used again and again has its memory already.
void match_outcomes(const OutcomeRules& rules, const BetType& type,
                    std::span<const SelectionText> selections, std::span<const TeamNames> known,
                    OutcomeMatch& out);

}  // namespace oddsloom
