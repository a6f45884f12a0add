#include "serve/cors.h"

#include <algorithm>

#include "base/text.h"

namespace oddsloom {

bool Cors::any() const { return std::find(origins.begin(), origins.end(), "*") != origins.end(); }

bool Cors::allows(std::string_view origin) const {
  return any() || std::any_of(origins.begin(), origins.end(), [&](const std::string& known) {
           return equals_ignore_case_ascii(known, origin);
         });
}

Headers Cors::answer(std::string_view origin) const {
  if (!is_on()) return {};
  Headers out;
  // Also where it is not allowed: a cache must not hand that answer to somebody else.
  if (!any()) out.emplace_back("Vary", "Origin");
  if (origin.empty() || !allows(origin)) return out;
  out.emplace_back("Access-Control-Allow-Origin", any() ? "*" : std::string(origin));
  out.emplace_back("Access-Control-Expose-Headers",
                   "ETag, Retry-After, x-requests-remaining, x-requests-used, x-requests-last");
  return out;
}

Headers Cors::preflight(std::string_view origin) const {
  Headers out = answer(origin);
  if (!is_on() || !allows(origin)) return out;
  out.emplace_back("Access-Control-Allow-Methods", "GET, HEAD");
  out.emplace_back("Access-Control-Allow-Headers",
                   "authorization, x-api-key, if-none-match, last-event-id, cache-control");
  out.emplace_back("Access-Control-Max-Age", "600");
  return out;
}

bool is_same_origin(std::string_view origin, std::string_view host) {
  const std::size_t scheme = origin.find("://");
  return scheme != std::string_view::npos && !host.empty() &&
         equals_ignore_case_ascii(origin.substr(scheme + 3), host);
}

}  // namespace oddsloom
