// Which web pages may read the answers: none but the server's own unless their origins are
// configured. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oddsloom {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Cors {
  std::vector<std::string> origins;  // "https://odds.example", or "*" for every one

  bool is_on() const { return !origins.empty(); }
  bool any() const;
  bool allows(std::string_view origin) const;
  // For an answer; `origin` as the request says it, "" = it does not.
  Headers answer(std::string_view origin) const;
  // For the OPTIONS request that a browser sends ahead.
  Headers preflight(std::string_view origin) const;
};

// Whether a page of that origin was loaded from the host that the request names.
bool is_same_origin(std::string_view origin, std::string_view host);

}  // namespace oddsloom
