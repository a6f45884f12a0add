// A browser listener as a thread of a crew. Used by listen. Start-up only.
#pragma once

#include <string>
#include <vector>

#include "app/serving.h"
#include "discover/browser_listener.h"

namespace oddsloom {

// Throws BadStart when there is no browser to start. `metrics` outlives the crew.
void add_browser_listener(Crew& crew, const House& house, const Bookmaker& bookmaker, Source source,
                          const std::vector<std::string>& bet_types, BrowserMetrics& metrics);
// One line of what it did.
void log_browser_listening(const BrowserMetrics& metrics);

}  // namespace oddsloom
