// Comparing the spellings of a match's two teams, as far as reading an answer needs it: are these
// two sides the same, swapped, or somebody else? Matching between bookmakers is another matter.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace oddsloom {

struct TeamNames {
  std::string home, away;  // trimmed; "" = not known
  bool known() const { return !home.empty() && !away.empty(); }
};

enum class NamesAgree {
  Same,     // some word in common, side by side
  Swapped,  // more in common crosswise
  Differ,   // nothing in common on either side
};

// Generous on purpose: "LA Comets W" and "Los Angeles Comets" are Same. Differ is only said when it
// is certain that the event is another one than was thought.
NamesAgree compare_names(const TeamNames& known, const TeamNames& seen);

// "1", "X", "Home", "team 2": what stands where a name could, but is none.
bool is_placeholder_name(std::string_view name);

}  // namespace oddsloom
