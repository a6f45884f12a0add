// Names of teams and players, folded for comparing what bookmakers spell differently, as far as a
// check of ids needs it: do two listings with the same id speak of the same two sides? Pure; any
// thread.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace oddsloom {

struct FoldedName {
  std::vector<std::string> words;  // plain lower-case ASCII, without club affixes and markers
  std::set<std::string> markers;   // "women", "u19", "reserve"

  bool empty() const { return words.empty(); }
};

// "FC Bodø/Glimt (W)" -> {bodo, glimt}, {women}. What consists of affixes alone keeps them.
FoldedName fold_name(std::string_view name);

// 0 = nothing in common .. 1 = the same words. Knows shortened words and initials ("PSG").
double likeness(const FoldedName& a, const FoldedName& b);

struct FoldedSides {
  FoldedName home, away;
};

enum class SameSides {
  Yes,
  Unknown,   // a name is missing
  Reversed,  // the same two, home and away exchanged: their prices must not stand side by side
  No,        // a side has nothing in common, or the markers exclude each other (women, U19)
};
// A marker that only one of them has says nothing: bookmakers leave them out.
SameSides compare_sides(const FoldedSides& a, const FoldedSides& b);

}  // namespace oddsloom
