// What the world really offers at a moment, as JSON: what a client that did everything right would
// know. Computed from the world, not from the answers. Pure; any thread.
#pragma once

#include <string>

#include "sim/house.h"

namespace oddsloom::sim {

// {"now","frozen","bookmaker","markets":[{bet_type, source, period, event_id, sport_id,
// betradar_id, match, home, away, start_time, competition, market_status, line, outcomes:{"1":
// {price, status, usable}, ..}}]}: one element per market of the bet types that the bookmaker
// offers now, live or in the days 0 to 4. sport_id, home, away and competition are those of the
// source; betradar_id is "0" where it does not say; line only where there is one, "2.5". Events of
// equal `match` are the same match, at whichever bookmaker.
std::string truth_json(const World& world, UtcMillis now, bool frozen,
                       House house = House::BookieDelta);

}  // namespace oddsloom::sim
