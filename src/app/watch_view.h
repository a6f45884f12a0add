// Draws the watch model: pure, a frame in, lines out. terminal.h puts them on a screen,
// watch_loop.h decides when. One thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/watch_health.h"
#include "app/watch_model.h"
#include "model/market.h"

namespace oddsloom {

struct WatchFrame {
  std::vector<const WatchRow*> rows;  // in the order to be shown
  WatchHealth health;
  std::string store;  // its URL
  UtcMillis now;
};

struct ViewOptions {
  std::size_t width = 80, height = 24;  // columns, lines
  bool colour = true;  // escape sequences; without them a suspended price is marked with 's'
};

// At most `height` lines, each `width` columns wide at most. Bet types are shown as far as there is
// room beside the names, in the order given; those with a line are left out.
std::vector<std::string> draw(const WatchFrame& frame, const std::vector<BetType>& bet_types,
                              const ViewOptions& options);

// For output that is no terminal.
std::string summary_line(const WatchFrame& frame);
std::string move_line(const PriceMove& move, UtcMillis now);

}  // namespace oddsloom
