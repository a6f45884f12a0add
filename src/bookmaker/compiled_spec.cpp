#include "bookmaker/compiled_spec.h"

#include <algorithm>

namespace oddsloom {

const std::string* SportSide::market_of(std::string_view bet_type) const {
  for (const auto& [name, market_id] : markets)
    if (name == bet_type) return &market_id;
  return nullptr;
}

const Endpoint* CompiledSpec::endpoint(Source source) const {
  for (const Endpoint& endpoint : endpoints)
    if (endpoint.source == source) return &endpoint;
  return nullptr;
}

const Sport* CompiledSpec::default_sport() const {
  for (const Sport& sport : sports)
    if (sport.is_default) return &sport;
  return sports.empty() ? nullptr : &sports.front();
}

const Sport* CompiledSpec::sport(Source source, std::string_view id) const {
  for (const Sport& sport : sports)
    if (const auto& side = sport.side(source); side && side->id == id) return &sport;
  return nullptr;
}

bool CompiledSpec::is_event_id(std::string_view text) const {
  constexpr std::size_t kLongest = 64;  // a key of ours is made of it
  if (text.empty() || text.size() > kLongest) return false;
  return !ids_are_digits ||
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace oddsloom
