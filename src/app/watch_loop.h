// Runs the watch view until a stop is asked for: on a screen, or as lines where there is none. In
// the foreground of `watch` and `run`. One thread.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "app/paths.h"
#include "app/watch_feed.h"
#include "app/watch_view.h"

namespace oddsloom {

struct WatchLoop {
  Store& store;
  const BetTypes& bet_types;
  Freshness freshness;
  std::string store_name;
  std::string bookmaker, text;  // filters, "" = all
  bool screen = false;          // else lines
  bool colour = true;
  std::optional<Millis> lasting;  // ends by itself after this
  std::function<void(WatchHealth&, UtcMillis)>
      add_health;  // of parts in this process; may be empty
};

// Errors: the store's, when it cannot be read at the start; output that cannot be written.
Result<void> run_watch(const WatchLoop& loop, std::stop_token stop);

}  // namespace oddsloom
