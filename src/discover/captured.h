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
  UtcMillis received_at;
};

}  // namespace oddsloom
