// Sports and competitions as clients name them: "soccer" is the whole sport, and every competition
// on the board is a sport of its own, "soccer_kenya_premier_league". Pure; an index belongs to one
// thread, and is kept over boards so that a name is made once and a key that was told stays known.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "serve/board.h"
#include "serve/catalog.h"

namespace oddsloom {

struct OddsSport {
  std::string key;          // "soccer", "soccer_kenya_premier_league"
  std::string whole;        // "soccer"
  std::string group;        // "Soccer"
  std::string title;        // "Kenya Premier League"
  std::string description;  // one line
};

inline constexpr std::string_view kUpcomingSport = "upcoming";  // any, by time

class OddsSports {
 public:
  explicit OddsSports(const Catalog& catalog);

  // Of a match: its competition's, or the whole sport's where no competition is known.
  const OddsSport& of(const BoardMatch& match);
  // By key: nullptr = none of that name was ever told.
  const OddsSport* find(std::string_view key) const;
  std::vector<std::string> keys() const;
  // The whole sports of the catalog, by key.
  const std::vector<const OddsSport*>& whole() const { return whole_; }

  static constexpr std::size_t kMostKept = 20'000;

 private:
  const OddsSport& add(const std::string& sport, const std::string& competition);

  std::map<std::string, std::unique_ptr<OddsSport>, std::less<>> by_key_;
  std::unordered_map<std::string, const OddsSport*> by_names_;  // sport, newline, competition
  std::vector<const OddsSport*> whole_;
};

// Whether a match is of the sport that a client named; `upcoming` is everything.
inline bool is_of(const OddsSport& match, std::string_view asked) {
  return asked == kUpcomingSport || match.key == asked || match.whole == asked;
}

// Over: it was live and is not any more, or its kick-off is four hours ago and nobody lists it
// live.
bool is_over(const BoardMatch& match, UtcMillis now);

// Keys of a match's sport: the whole one, "other" where it is not known, and its competition's,
// which is the whole one where no competition is known.
struct SportKeys {
  std::string whole, key;
};
SportKeys sport_keys(std::string_view sport, std::string_view competition);

// "kenya_premier_league" of "Kenya: Premier League": ASCII letters and digits, the rest one "_".
std::string slug(std::string_view name);

}  // namespace oddsloom
