// How the bookmaker words a market: ids, names and line texts as they stand in its answers. Between
// the market table and the answers. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/world.h"

namespace oddsloom::sim {

// JSON number: 10 -> "2.5", 12 -> "3", -1 -> "-0.25" (quarters).
std::string line_number(int quarters);
std::string line_two_decimals(int quarters);  // "2.50"

std::int64_t upcoming_selection_id(const Event& event, const MarketSpec& spec, int index);
std::int64_t live_selection_id(const Event& event, const MarketSpec& spec, int index);
std::int64_t live_event_market_id(const Event& event, const MarketSpec& spec);

std::string upcoming_selection_name(const EventNames& names, const MarketSpec& spec, int index);
std::string upcoming_short_name(const MarketSpec& spec, int index);
std::string live_market_name(const MarketSpec& spec);
std::string live_selection_name(const EventNames& names, const MarketSpec& spec, int index);
// The older generation named double chance "1 or X".
std::string old_live_selection_name(const EventNames& names, const MarketSpec& spec, int index);

}  // namespace oddsloom::sim
