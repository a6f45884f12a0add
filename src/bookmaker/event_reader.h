// Reads what an answer says of an event beside its markets: teams, kick-off, competition, sport,
// provider's id. Lists and market answers share it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bookmaker/compiled_spec.h"
#include "model/work_entry.h"

namespace oddsloom {

// Everything but the event's id. What cannot be read is left out and becomes a problem.
WorkEntry read_event(const EventFields& fields, const Scope& scope, std::string_view place,
                     std::vector<std::string>& problems);

// ISO 8601, or epoch seconds or milliseconds, told apart by their range. Errors: Malformed,
// OutOfRange (before 2000, after 2100).
Result<UtcMillis> parse_event_time(std::string_view text);

}  // namespace oddsloom
