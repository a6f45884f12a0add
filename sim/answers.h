// The pieces of JSON that BookieDelta's answers consist of. Used by bookiedelta.cpp. Pure; any
// thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "sim/pricing.h"
#include "sim/world.h"

namespace oddsloom::sim {

// Which markets a request asks for: "all", "10", "52-2.5", live "194" or "194#0#0".
class MarketFilter {
 public:
  static MarketFilter everything() { return MarketFilter(); }
  static MarketFilter upcoming(std::string_view text);  // markets=
  static MarketFilter live(std::string_view text);      // type=
  bool wants(const MarketSpec& spec) const;

 private:
  struct Wanted {
    std::int64_t id;
    std::optional<double> line;
    std::optional<std::int64_t> sequence;
  };
  bool all_ = true;
  std::vector<Wanted> wanted_;
};

// Element of /api/upcoming/games with its main market inline.
void write_game(JsonWriter& json, const World& world, const Event& event, UtcMillis now);
// Element of /api/highlights: other ids, seconds, no markets.
void write_highlight(JsonWriter& json, const World& world, const Event& event);
// The array that stands under a game's id in /api/games/markets.
void write_game_markets(JsonWriter& json, const World& world, const Event& event,
                        const MarketFilter& filter, UtcMillis now);
// /api/default/markets: definitions without prices.
void write_default_markets(JsonWriter& json);
void write_live_default_markets(JsonWriter& json, Sport sport);

enum class LiveEventPlace { List, Details };
// `in_play` false: announced, state null, no markets.
void write_live_event(JsonWriter& json, const World& world, const Event& event, bool in_play,
                      LiveEventPlace place, bool old_generation, UtcMillis now);
// An array of markets. Returns whether there was any; without one it writes an empty array.
void write_live_markets(JsonWriter& json, const World& world, const Event& event,
                        const MarketFilter& filter, UtcMillis now);
// The older generation: members of one flat array for all events.
void write_old_live_markets(JsonWriter& json, const World& world, const Event& event,
                            const MarketFilter& filter, UtcMillis now);
// Whether any market passes, without writing it.
bool has_live_market(const World& world, const Event& event, const MarketFilter& filter,
                     UtcMillis now);

}  // namespace oddsloom::sim
