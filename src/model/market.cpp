#include "model/market.h"

#include <algorithm>

namespace oddsloom {

std::string_view to_string(Source source) { return source == Source::Live ? "live" : "upcoming"; }

Result<Source> parse_source(std::string_view text) {
  if (text == "live") return Source::Live;
  if (text == "upcoming") return Source::Upcoming;
  return fail(ErrorKind::Invalid, "",
              "'" + std::string(text) + "' is not a source (expected live or upcoming)");
}

std::string_view to_string(Status status) {
  switch (status) {
    case Status::Open:
      return "open";
    case Status::Suspended:
      return "suspended";
    case Status::Closed:
      return "closed";
  }
  return "closed";
}

Result<Status> parse_status(std::string_view text) {
  for (const Status status : {Status::Open, Status::Suspended, Status::Closed})
    if (text == to_string(status)) return status;
  return fail(ErrorKind::Malformed, "",
              "'" + std::string(text) + "' is not a status (expected open, suspended or closed)");
}

const BetType* BetTypes::find(std::string_view name) const {
  const auto at = std::find_if(all_.begin(), all_.end(),
                               [&](const BetType& type) { return type.name == name; });
  return at == all_.end() ? nullptr : &*at;
}

std::vector<std::string> BetTypes::names() const {
  std::vector<std::string> out;
  for (const BetType& type : all_) out.push_back(type.name);
  return out;
}

}  // namespace oddsloom
