// What the world really offers at a moment, as JSON: what a client that did everything right would
// know. Computed from the world, not from the answers. Pure; any thread.
#pragma once

#include <string>

#include "sim/world.h"

namespace oddsloom::sim {

// {"now","frozen","markets":[{bet_type, source, period, event_id, sport_id, betradar_id, home,
// away, start_time, competition, market_status, outcomes:{"1":{price, status, usable}, ..}}]}: one
// element per market of the three bet types that is offered now, live or in the days 0 to 4.
// sport_id, home, away and competition are those of the source.
std::string truth_json(const World& world, UtcMillis now, bool frozen);

}  // namespace oddsloom::sim
