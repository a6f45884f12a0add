// A URL or request body with places to fill in: "/api/x?games={event_ids}". Compiled at load, so
// that an unknown place is an error then. Values are escaped for where they stand; the commas
// between the elements of a list are not. Braces around anything but a word are plain text, so that
// a JSON body needs no escaping. Immutable; any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace oddsloom {

class UrlTemplate {
 public:
  // Errors: Invalid for a place that is not among `places`.
  static Result<UrlTemplate> compile(std::string_view text, const std::vector<std::string>& places);

  bool empty() const { return parts_.empty(); }
  bool uses(std::string_view place) const;

  using Values = std::vector<std::pair<std::string_view, std::vector<std::string>>>;
  enum class Escape { Url, Json };
  std::string fill(const Values& values, Escape escape = Escape::Url) const;

 private:
  struct Part {
    bool is_place = false;
    std::string text;
  };
  std::vector<Part> parts_;
};

std::string percent_encode(std::string_view text);

}  // namespace oddsloom
