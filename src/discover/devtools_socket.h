// DevTools of a browser that somebody else started (`--remote-debugging-port`), over its websocket.
// One thread. Source of the addresses: the browser's own /json/version.
#pragma once

#include <memory>
#include <string>

#include "discover/devtools_link.h"

namespace oddsloom {

// `address` is "host:port", "http://host:port" or the "ws://.." that the browser printed. Waits at
// most `deadline`. Errors: Invalid (an address of another kind), Unavailable (nobody there, or no
// browser).
Result<std::unique_ptr<DevToolsLink>> connect_devtools(const std::string& address, Millis deadline);

}  // namespace oddsloom
