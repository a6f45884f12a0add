#include "serve/odds_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace oddsloom {
namespace {

constexpr std::string_view kRegions[] = {"us", "us2", "us_dfs", "us_ex", "uk",
                                         "eu", "fr",  "se",     "au"};
constexpr std::size_t kBookmakersPerRegion = 10;
constexpr std::size_t kMostNames = 200;  // in one list

std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view piece : split(text, ',')) {
    const std::string_view name = trim(piece);
    if (!name.empty() && std::find(out.begin(), out.end(), name) == out.end())
      out.emplace_back(name);
  }
  return out;
}

class QueryReader {
 public:
  QueryReader(const WebRequest& request, const Catalog& catalog)
      : request_(request), catalog_(catalog) {}

  Asked<OddsQuery> read(unsigned reads) {
    Asked<void> done = {};
    if ((reads & ReadsBookmakers) != 0) done = read_bookmakers();
    if (done && (reads & ReadsMarkets) != 0) done = read_markets((reads & FeaturedOnly) != 0);
    if (done) done = read_formats((reads & ReadsMarkets) != 0);
    if (done && (reads & ReadsFilter) != 0) done = read_filter((reads & NoTimes) == 0);
    if (done) done = read_flags();
    if (done) done = read_include();
    if (!done) return tl::unexpected(std::move(done.error()));
    return std::move(query_);
  }

 private:
  std::vector<std::string> list(std::string_view name) const {
    const std::string* text = request_.parameter(name);
    return text ? names_in(*text) : std::vector<std::string>{};
  }

  Asked<void> read_bookmakers() {
    const auto bookmakers = list("bookmakers");
    if (!bookmakers.empty()) return choose(bookmakers);
    const auto regions = list("regions");
    if (regions.empty())
      return refuse_odds(422, "MISSING_REGION",
                         "Missing regions: give regions, or bookmakers, as a comma-separated list");
    std::set<std::string> known(std::begin(kRegions), std::end(kRegions));
    for (const CatalogBookmaker& one : catalog_.bookmakers)
      known.insert(one.regions.begin(), one.regions.end());
    for (const std::string& region : regions)
      if (!known.contains(region))
        return refuse_odds(422, "INVALID_REGION",
                           unknown_name("region", region, {known.begin(), known.end()}));
    for (const CatalogBookmaker& one : catalog_.bookmakers)
      if (std::any_of(one.regions.begin(), one.regions.end(), [&](const std::string& region) {
            return std::find(regions.begin(), regions.end(), region) != regions.end();
          }))
        query_.form.bookmakers.push_back(&one);
    query_.region_units = static_cast<int>(regions.size());
    return {};
  }

  Asked<void> choose(const std::vector<std::string>& keys) {
    std::vector<std::string> known;
    for (const CatalogBookmaker& one : catalog_.bookmakers) known.push_back(one.key);
    for (const std::string& key : keys)
      if (std::find(known.begin(), known.end(), key) == known.end())
        return refuse_odds(422, "INVALID_BOOKMAKERS", unknown_name("bookmaker", key, known));
    for (const CatalogBookmaker& one : catalog_.bookmakers)
      if (std::find(keys.begin(), keys.end(), one.key) != keys.end())
        query_.form.bookmakers.push_back(&one);
    query_.region_units =
        static_cast<int>((keys.size() + kBookmakersPerRegion - 1) / kBookmakersPerRegion);
    return {};
  }

  Asked<void> read_markets(bool featured_only) {
    std::vector<std::string> keys{"h2h"};
    if (request_.parameter("markets")) keys = list("markets");
    if (keys.empty())
      return refuse_odds(422, "MISSING_MARKET",
                         "Missing markets: a comma-separated list, or leave it out for h2h");
    if (keys.size() > kMostNames)
      return refuse_odds(422, "INVALID_MARKET", "Too many markets in one request");
    bool outright = false, of_match = false;
    for (const std::string& key : keys) {
      auto market = odds_market(key, catalog_.bet_types);
      if (!market)
        return refuse_odds(
            422, "INVALID_MARKET",
            unknown_name("market", key, known_market_keys(catalog_.bet_types, featured_only)));
      if (featured_only && !market->featured)
        return refuse_odds(422, "INVALID_MARKET",
                           fmt::format("Market '{}' is told per event only: ask "
                                       "/v4/sports/{{sport}}/events/{{eventId}}/odds",
                                       key));
      (market->outright ? outright : of_match) = true;
      query_.form.markets.push_back(*std::move(market));
    }
    if (outright && of_match)
      return refuse_odds(422, "INVALID_MARKET_COMBO",
                         "outrights cannot be asked for together with markets of a match");
    return {};
  }

  Asked<void> read_formats(bool with_odds) {
    if (const std::string* format = request_.parameter("dateFormat")) {
      if (*format != "iso" && *format != "unix")
        return refuse_odds(422, "INVALID_DATE_FORMAT",
                           fmt::format("Invalid dateFormat '{}': iso or unix", *format));
      query_.form.unix_time = *format == "unix";
    }
    const std::string* format = with_odds ? request_.parameter("oddsFormat") : nullptr;
    if (!format) return {};
    if (*format != "decimal" && *format != "american")
      return refuse_odds(422, "INVALID_ODDS_FORMAT",
                         fmt::format("Invalid oddsFormat '{}': decimal or american", *format));
    query_.form.american = *format == "american";
    return {};
  }

  Asked<void> read_filter(bool with_times) {
    query_.event_ids = list("eventIds");
    if (query_.event_ids.size() > kMostNames)
      return refuse_odds(422, "INVALID_EVENT_IDS", "Too many eventIds in one request");
    for (const std::string& id : query_.event_ids)
      if (!is_event_id(id))
        return refuse_odds(
            422, "INVALID_EVENT_IDS",
            fmt::format("Invalid event id '{}': 32 lower-case hexadecimal digits", id));
    if (!with_times) return {};
    for (const bool from : {true, false}) {
      const char* name = from ? "commenceTimeFrom" : "commenceTimeTo";
      const std::string* text = request_.parameter(name);
      if (!text) continue;
      const auto time = parse_iso8601(*text);
      if (!time)
        return refuse_odds(
            422, from ? "INVALID_COMMENCE_TIME_FROM" : "INVALID_COMMENCE_TIME_TO",
            fmt::format("Invalid {} '{}': expected as 2026-08-09T19:30:00Z", name, *text));
      (from ? query_.from : query_.to) = *time;
    }
    if (query_.from && query_.to && *query_.from > *query_.to)
      return refuse_odds(422, "INVALID_COMMENCE_TIME_RANGE",
                         "commenceTimeFrom lies after commenceTimeTo");
    return {};
  }

  Asked<void> read_flags() {
    struct Flag {
      std::string_view name, code;
      bool OddsForm::*member;
    };
    constexpr Flag kFlags[] = {
        {"includeLinks", "INVALID_INCLUDE_LINKS", &OddsForm::links},
        {"includeSids", "INVALID_INCLUDE_SIDS", &OddsForm::sids},
        {"includeBetLimits", "INVALID_INCLUDE_BET_LIMITS", &OddsForm::bet_limits},
        {"includeMultipliers", "INVALID_INCLUDE_MULTIPLIERS", &OddsForm::multipliers},
        {"includeRotationNumbers", "INVALID_INCLUDE_ROTATION_NUMBERS", &OddsForm::rotation}};
    for (const Flag& flag : kFlags) {
      const auto value = read_flag(request_, flag.name, flag.code);
      if (!value) return tl::unexpected(value.error());
      query_.form.*flag.member = *value;
    }
    return {};
  }

  Asked<void> read_include() {
    for (const std::string& one : list("include")) {
      if (one == "status")
        query_.form.with_status = true;
      else if (one == "age")
        query_.form.with_age = true;
      else if (one == "links")
        query_.form.with_match_links = true;
      else
        return refuse_odds(422, "INVALID_INCLUDE",
                           unknown_name("include", one, {"status", "age", "links"}));
    }
    return {};
  }

  const WebRequest& request_;
  const Catalog& catalog_;
  OddsQuery query_;
};

}  // namespace

std::string OddsForm::text() const {
  std::string out;
  for (const CatalogBookmaker* one : bookmakers) out.append(one->key).append(",");
  out += ';';
  for (const OddsMarket& market : markets) out.append(market.key).append(",");
  out += ';';
  for (const bool flag : {american, unix_time, links, sids, bet_limits, rotation, multipliers,
                          with_status, with_age, with_match_links, event_odds, any_time})
    out += flag ? '1' : '0';
  return out;
}

Asked<OddsQuery> read_odds_query(const WebRequest& request, const Catalog& catalog,
                                 unsigned reads) {
  return QueryReader(request, catalog).read(reads);
}

Asked<bool> read_flag(const WebRequest& request, std::string_view name, std::string_view code) {
  const std::string* text = request.parameter(name);
  if (!text || *text == "false" || *text == "0") return false;
  if (*text == "true" || *text == "1") return true;
  return refuse_odds(422, std::string(code),
                     fmt::format("Invalid {} '{}': true or false", name, *text));
}

bool is_event_id(std::string_view text) {
  return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string unknown_name(std::string_view what, std::string_view name,
                         const std::vector<std::string>& known) {
  constexpr std::size_t kMostTold = 30;
  std::string out = fmt::format("Unknown {} '{}'", what, name.substr(0, 100));
  if (const auto meant = nearest(name, known))
    return out += fmt::format("; did you mean '{}'?", *meant);
  if (known.empty() || known.size() > kMostTold) return out;
  return out += fmt::format("; known: {}", fmt::join(known, ", "));
}

}  // namespace oddsloom
