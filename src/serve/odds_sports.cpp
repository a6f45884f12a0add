#include "serve/odds_sports.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "serve/market_words.h"

namespace oddsloom {
namespace {

constexpr Millis kLongest{4 * 3'600'000};  // from kick-off

// "ice_hockey" -> "Ice Hockey"
std::string title_of(std::string_view key) {
  std::string out;
  bool first = true;
  for (const char c : key) {
    const bool letter = c >= 'a' && c <= 'z';
    out.push_back(c == '_' ? ' ' : first && letter ? static_cast<char>(c - 'a' + 'A') : c);
    first = c == '_';
  }
  return out;
}

}  // namespace

std::string slug(std::string_view name) {
  std::string out;
  for (const char c : to_lower_ascii(fold_to_ascii(name))) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (kept)
      out.push_back(c);
    else if (!out.empty() && out.back() != '_')
      out.push_back('_');
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

SportKeys sport_keys(std::string_view sport, std::string_view competition) {
  SportKeys out;
  out.whole = sport.empty() ? "other" : slug(sport_word(sport));
  const std::string name = slug(competition);
  out.key = name.empty() ? out.whole : fmt::format("{}_{}", out.whole, name);
  return out;
}

OddsSports::OddsSports(const Catalog& catalog) {
  std::set<std::string> sports;
  for (const CatalogBookmaker& bookmaker : catalog.bookmakers)
    for (const auto& [id, sport] : bookmaker.sports) sports.insert(sport);
  for (const std::string& sport : sports) add(sport, "");
  for (const auto& [key, sport] : by_key_) whole_.push_back(sport.get());
}

const OddsSport& OddsSports::add(const std::string& sport, const std::string& competition) {
  const auto [whole, key] = sport_keys(sport, competition);
  auto& kept = by_key_[key];
  if (!kept) {
    kept = std::make_unique<OddsSport>();
    kept->key = key;
    kept->whole = whole;
    kept->group = title_of(whole);
    kept->title = key == whole ? kept->group : competition;
    kept->description = key == whole ? fmt::format("{}, all competitions", kept->group)
                                     : fmt::format("{}, {}", kept->group, competition);
  }
  return *kept;
}

const OddsSport& OddsSports::of(const BoardMatch& match) {
  std::string names = match.sport;
  names.append("\n").append(match.competition);
  if (const auto found = by_names_.find(names); found != by_names_.end()) return *found->second;
  // Competitions come and go over months of running; beyond the bound the whole sport stands.
  const bool room = by_names_.size() < kMostKept;
  const OddsSport& sport = add(match.sport, room ? match.competition : "");
  if (room) by_names_.emplace(std::move(names), &sport);
  return sport;
}

const OddsSport* OddsSports::find(std::string_view key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : found->second.get();
}

std::vector<std::string> OddsSports::keys() const {
  std::vector<std::string> out;
  for (const auto& [key, sport] : by_key_) out.push_back(key);
  return out;
}

bool is_over(const BoardMatch& match, UtcMillis now) {
  if (match.live) return false;
  return match.was_live || (match.start_time && now - *match.start_time > kLongest);
}

}  // namespace oddsloom
