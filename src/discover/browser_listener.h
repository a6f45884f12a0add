// Step 1 and 2 in one, through a browser: a real Chromium shows the bookmaker's pages, and what
// they are sent is what the store is told. Records that are complete are committed; events of which
// too little is known go onto the work streams. It starts the browser, or attaches to one, brings
// it back when it dies, loads a page anew that has gone silent, and leaves a site alone that
// refuses. It never types, clicks or answers a challenge. One listener is one thread
// (run_browser_listener).
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "bookmaker/spec.h"
#include "discover/devtools_process.h"
#include "discover/intake.h"

namespace oddsloom {

struct BrowserListenerConfig {
  Source source = Source::Live;
  std::vector<std::string> bet_types;
  std::string base_url;                // "" = the bookmaker's own
  std::string address;                 // DevTools of a browser that runs already; "" = start one
  BrowserProgram program;              // which, if one is started
  Millis reload_every{4 * 3'600'000};  // a new browser, or tab; bounds what pages gather
  std::uint64_t most_memory = std::uint64_t{3}
                              << 30U;  // of a browser of ours: beyond it, a new one
  std::size_t most_body = std::size_t{32} << 20U;
  Millis connect_timeout{10'000};
  Millis blocked_pause{30'000};  // after a refusal; doubles while there are more
  Millis longest_pause{900'000};
  IntakeConfig intake;  // source and bet types are filled in
};

struct BrowserMetrics {
  Counter responses, frames;  // that the folder says are odds
  Counter bytes;              // of their bodies
  Counter events_listed, records, unknown_events;
  Counter useless;                        // answers that could not be read
  Counter blocked;                        // refusals and challenges
  Counter too_large, lost, cached;        // answers that were not looked at (devtools_page.h)
  Counter browsers, pages, silent_pages;  // started or attached to; opened; loaded anew as silent
  IntakeMetrics intake;
};

struct BrowserListenerParts {
  const Bookmaker& bookmaker;
  const BetTypes& bet_types;
  std::unique_ptr<WorkStreams> streams;
  std::unique_ptr<MatchBook> book;
  BrowserMetrics& metrics;
  Clock clock;
};

// Runs until a stop is asked for. Errors: Invalid (the folder names no page of the source),
// NotFound (no such program), Unavailable (several browsers in a row ended without showing
// anything, or there was none at the address), those of the store.
Result<void> run_browser_listener(BrowserListenerParts parts, BrowserListenerConfig config,
                                  std::stop_token stop);

}  // namespace oddsloom
