// What serving must know of the bookmakers and could not read from the store: how they are called,
// where they take bets, how long their prices hold, what their sport ids mean. Made by app/ from
// the bookmakers' folders. Values, immutable after start-up; any thread.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "model/market.h"

namespace oddsloom {

struct CatalogBookmaker {
  std::string name;                         // as in records, "BookieDelta"
  std::string key;                          // as clients name it, "bookiedelta"
  std::string title;                        // as people read it
  std::vector<std::string> regions;         // lower case, {"ke"}
  Millis live_limit{0}, upcoming_limit{0};  // a price seen longer ago is not one
  std::map<std::pair<Source, std::string>, std::string> sports;  // by source and the bookmaker's
                                                                 // sport id: "football"
};

struct Catalog {
  BetTypes bet_types;
  std::vector<CatalogBookmaker> bookmakers;  // by name

  const CatalogBookmaker* find(const std::string& name) const;  // nullptr: not known
};

}  // namespace oddsloom
