// The page of the simulated bookmaker, as a browser is shown it: HTML with a script that polls the
// lists and the markets of what is on them, as the real site's does. Pure; any thread.
//
//   /        upcoming events         /live    events in play
//   ?every=500   milliseconds between looks at the markets
//   ?feed=off    without the websocket that /live opens too
#pragma once

#include <optional>

#include "sim/http.h"

namespace oddsloom::sim {

// Nothing: the path is not a page's.
std::optional<Response> page(const Target& target);

}  // namespace oddsloom::sim
