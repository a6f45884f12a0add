// One answer that passed by: what a page in a browser was sent, or a line of captured traffic. Made
// by devtools_page and captured_reader, read by traffic. Values; any thread.
#pragma once

#include <string>

#include "base/time.h"
#include "bookmaker/traffic_rules.h"

namespace oddsloom {

struct Captured {
  TrafficKind kind = TrafficKind::Response;
  std::string url;
  int status = 200;  // of a response
  std::string body;  // decoded; of a frame its payload
  // For its records: when it was asked for where that is known, so that it never writes over what
  // was pushed while it was under way; of a frame, and of a captured line, when it was received.
  UtcMillis observed_at;
};

}  // namespace oddsloom
