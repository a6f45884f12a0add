#include "store/redis_key_names.h"

#include <algorithm>

namespace oddsloom {

RedisKeyNames::RedisKeyNames(const RedisHouse& house) : prefix_(house.options.naming.prefix) {
  Naming plain = house.options.naming, tagged = plain;
  plain.hash_tags = false;
  tagged.hash_tags = true;
  for (const BetType& type : house.options.bet_types.all())
    for (const Source source : {Source::Live, Source::Upcoming}) {
      markets_.push_back({&type, source, house.market_keys(type, source)});
      RecordId none;
      none.source = source;
      std::string lookup = house.options.naming.lookup(type, none);
      lookup.pop_back();  // between the bookmaker, "", and the event, ""
      marks_.push_back({"_" + plain.base(type, source) + ":", "_" + tagged.base(type, source) + ":",
                        std::move(lookup)});
    }
}

std::optional<RedisKeyNames::Document> RedisKeyNames::document(std::string_view key) const {
  for (std::size_t i = 0; i < markets_.size(); ++i)
    for (const std::string* mark : {&marks_[i].plain, &marks_[i].tagged}) {
      const auto at = key.find(*mark);
      if (at == std::string_view::npos || at == 0 || at + mark->size() == key.size()) continue;
      return Document{&markets_[i], key.substr(0, at)};
    }
  return std::nullopt;
}

std::optional<RedisKeyNames::Lookup> RedisKeyNames::lookup(std::string_view key) const {
  for (std::size_t i = 0; i < markets_.size(); ++i) {
    if (!key.starts_with(marks_[i].lookup)) continue;
    const std::string_view rest = key.substr(marks_[i].lookup.size());
    const auto colon = rest.find(':');
    if (colon != std::string_view::npos && is_bookmaker_name(rest.substr(0, colon)))
      return Lookup{&markets_[i], rest.substr(0, colon)};
  }
  return std::nullopt;
}

std::string RedisKeyNames::pattern() const {
  std::string out = "*";
  for (const char c : prefix_) {
    if (std::string_view("*?[]\\").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out + "*";
}

bool is_bookmaker_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace oddsloom
