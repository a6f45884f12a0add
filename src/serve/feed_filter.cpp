#include "serve/feed_filter.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "serve/market_words.h"
#include "serve/odds_sports.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostNames = 1'000;
constexpr std::size_t kIdDigits = 32;

using Names = std::set<std::string, std::less<>>;

bool wants(const Names& names, std::string_view name) {
  return names.empty() || names.find(name) != names.end();
}

FilterError unknown(std::string code, std::string_view what, const std::string& name,
                    const Names& known) {
  const std::vector<std::string> all(known.begin(), known.end());
  if (const auto meant = nearest(name, all))
    return {std::move(code),
            fmt::format("Unknown {} '{}'; did you mean '{}'?", what, name, *meant)};
  std::string list;
  for (const std::string& one : all) list += fmt::format("{}{}", list.empty() ? "" : ", ", one);
  return {std::move(code), fmt::format("Unknown {} '{}'; known: {}", what, name, list)};
}

bool is_match_id(std::string_view text) {
  return text.size() == kIdDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// Competitions come and go, so any of a known sport will do: "soccer_kenya_premier_league".
bool is_sport(std::string_view name, const Names& known) {
  return name == kUpcomingSport ||
         std::any_of(known.begin(), known.end(), [&](const std::string& whole) {
           return name == whole ||
                  (name.substr(0, whole.size()) == whole && name[whole.size()] == '_');
         });
}

// One list of names that must be known.
struct KnownNames {
  std::string_view list, code, what;
  Names known;
};

}  // namespace

bool FeedFilter::passes(const FeedSubject& subject) const {
  if (nothing) return false;
  return (wants(sports, subject.sport) || wants(sports, subject.sport_key)) &&
         wants(bookmakers, subject.bookmaker) &&
         (subject.market.empty() || wants(markets, subject.market)) &&
         (wants(match_ids, subject.match_id) ||
          (!subject.was_match_id.empty() && wants(match_ids, subject.was_match_id)));
}

std::string FeedFilter::text() const {
  if (nothing) return "nothing";
  std::string out;
  for (const auto* names : {&sports, &bookmakers, &markets, &match_ids}) {
    for (const std::string& name : *names) out += name + ',';
    out += ';';
  }
  return out;
}

std::vector<std::string> comma_list(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view piece : split(text, ','))
    if (const std::string_view name = trim(piece); !name.empty()) out.emplace_back(name);
  return out;
}

tl::expected<FeedFilter, FilterError> make_filter(const FilterLists& lists,
                                                  const Catalog& catalog) {
  const auto named = [&](std::string_view name) -> const std::vector<std::string>& {
    static const std::vector<std::string> kNone;
    const auto found = lists.find(name);
    return found == lists.end() ? kNone : found->second;
  };
  KnownNames sports{"sports", "INVALID_SPORT", "sport", {}};
  KnownNames bookmakers{"bookmakers", "INVALID_BOOKMAKERS", "bookmaker", {}};
  KnownNames regions{"regions", "INVALID_REGION", "region", {}};
  KnownNames markets{"markets", "INVALID_MARKET", "market", {}};
  for (const CatalogBookmaker& bookmaker : catalog.bookmakers) {
    bookmakers.known.insert(bookmaker.key);
    regions.known.insert(bookmaker.regions.begin(), bookmaker.regions.end());
    for (const auto& [id, sport] : bookmaker.sports)
      sports.known.insert(sport_keys(sport, "").whole);
  }
  sports.known.insert(sport_keys("", "").whole);
  for (const BetType& type : catalog.bet_types.all())
    markets.known.insert(market_key(type.name, kFullTime));

  FeedFilter out;
  const auto take = [&](const KnownNames& of, Names& into) -> std::optional<FilterError> {
    const auto& names = named(of.list);
    if (names.size() > kMostNames)
      return FilterError{std::string(of.code), fmt::format("{}: {} names; at most {}", of.list,
                                                           names.size(), kMostNames)};
    for (const std::string& name : names) {
      const bool known = of.list == "markets"  ? !markets_named(name, catalog.bet_types).empty()
                         : of.list == "sports" ? is_sport(name, of.known)
                                               : of.known.count(name) != 0;
      if (!known) return unknown(std::string(of.code), of.what, name, of.known);
      into.insert(name);
    }
    return std::nullopt;
  };
  Names wanted_regions, wanted_markets;
  if (auto wrong = take(sports, out.sports)) return tl::unexpected(*wrong);
  if (auto wrong = take(bookmakers, out.bookmakers)) return tl::unexpected(*wrong);
  if (auto wrong = take(regions, wanted_regions)) return tl::unexpected(*wrong);
  if (auto wrong = take(markets, wanted_markets)) return tl::unexpected(*wrong);

  if (out.sports.count(kUpcomingSport) != 0) out.sports.clear();
  for (const std::string& name : wanted_markets)  // "h2h_3_way" is told as "h2h"
    for (const MarketWord& word : markets_named(name, catalog.bet_types))
      out.markets.insert(market_key(word.bet_type, word.segment));
  if (out.bookmakers.empty() && !wanted_regions.empty())
    for (const CatalogBookmaker& bookmaker : catalog.bookmakers)
      if (std::any_of(bookmaker.regions.begin(), bookmaker.regions.end(),
                      [&](const std::string& region) { return wanted_regions.count(region) != 0; }))
        out.bookmakers.insert(bookmaker.key);

  const auto& ids = named("eventIds");
  if (ids.size() > kMostNames)
    return tl::unexpected(FilterError{
        "INVALID_EVENT_IDS", fmt::format("eventIds: {} ids; at most {}", ids.size(), kMostNames)});
  for (const std::string& id : ids) {
    if (!is_match_id(id))
      return tl::unexpected(FilterError{
          "INVALID_EVENT_IDS",
          fmt::format("eventIds: '{}' is no id; one has 32 lower-case hexadecimal digits", id)});
    out.match_ids.insert(id);
  }
  return out;
}

}  // namespace oddsloom
