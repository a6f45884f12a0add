// The request target of HTTP as path and parameters: percent signs decoded once, and everything
// refused that two readers could understand differently ("..", "%2f", NUL, bytes that are no
// UTF-8). Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace oddsloom {

struct HttpTarget {
  std::string path;                                        // decoded, begins with '/'
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
};

// "/v4/sports?all=true" or "http://host/v4/sports?all=true". Errors: Malformed; the message holds
// nothing of the target, for it may hold a key.
Result<HttpTarget> parse_target(std::string_view target);

}  // namespace oddsloom
