#include "serve/odds_v3.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "serve/market_words.h"
#include "serve/odds_choice.h"

namespace oddsloom {
namespace {

// v3's names of parameters in v4's.
WebRequest as_v4(const WebRequest& request) {
  WebRequest out = request;
  for (auto& [name, value] : out.query) {
    if (name == "region") name = "regions";
    if (name == "mkt") name = "markets";
  }
  return out;
}

class SiteWriter {
 public:
  SiteWriter(JsonWriter& json, const BoardMatch& match, const OddsForm& form, UtcMillis now)
      : json_(json), match_(match), form_(form), choice_(match, form, now) {}

  // Gives how many sites there are.
  std::int64_t write() {
    std::int64_t sites = 0;
    for (const CatalogBookmaker* bookmaker : form_.bookmakers) {
      const auto markets = choice_.of(*bookmaker, events_of(match_, *bookmaker), form_.markets);
      if (markets.empty()) continue;
      ++sites;
      UtcMillis newest;
      for (const ShownMarket& shown : markets)
        for (const BoardMarket* line : shown.lines) newest = std::max(newest, line->observed_at);
      json_.begin_object()
          .member("site_key", bookmaker->key)
          .member("site_nice", bookmaker->title)
          .member("last_update", newest.seconds())
          .key("odds")
          .begin_object();
      for (const ShownMarket& shown : markets) write(*bookmaker, shown);
      json_.end_object().end_object();
    }
    return sites;
  }

  UtcMillis good_through() const { return good_through_; }

 private:
  void write(const CatalogBookmaker& bookmaker, const ShownMarket& shown) {
    const BoardMarket& market = *shown.lines.front();
    json_.key(shown.market->key);
    if (!market.record->line) {
      // In the order of `teams`, the draw last.
      json_.begin_array();
      for (const char* key : {"1", "2", "X"})
        for (const Outcome& outcome : market.record->outcomes)
          if (outcome.key == key) write_price(bookmaker, market, outcome);
      json_.end_array();
      return;
    }
    const auto& outcomes = market.record->outcomes;
    json_.begin_object().key("odds").begin_array();
    for (const Outcome& outcome : outcomes) write_price(bookmaker, market, outcome);
    json_.end_array().key("points").begin_array();
    for (const Outcome& outcome : outcomes)
      json_.raw(to_text(outcome_point(*market.record, outcome).value_or(Line{})));
    json_.end_array();
    if (market.record->bet_type == "totals") {
      json_.key("position").begin_array();
      for (const Outcome& outcome : outcomes) json_.value(outcome.key);
      json_.end_array();
    }
    json_.end_object();
  }

  void write_price(const CatalogBookmaker& bookmaker, const BoardMarket& market,
                   const Outcome& outcome) {
    if (!choice_.may_bet(bookmaker, market, outcome)) {
      json_.null();
      return;
    }
    good_through_ = std::min(good_through_, choice_.limit(bookmaker, market));
    if (form_.american)
      json_.value(american(*outcome.price));
    else
      json_.raw(decimal_text(*outcome.price));
  }

  JsonWriter& json_;
  const BoardMatch& match_;
  const OddsForm& form_;
  OddsChoice choice_;
  UtcMillis good_through_{std::numeric_limits<std::int64_t>::max()};
};

void write_name(JsonWriter& json, const std::string& name) {
  if (name.empty())
    json.null();
  else
    json.value(name);
}

}  // namespace

Asked<OddsMade> sports_v3(const OddsBoard& of, const WebRequest& request) {
  const auto all = read_flag(request, "all", "INVALID_ALL_SPORTS_PARAM");
  if (!all) return tl::unexpected(all.error());
  OddsMade out;
  out.body.good_through = {std::numeric_limits<std::int64_t>::max()};
  JsonWriter json(out.body.json);
  json.begin_object().member("success", true).key("data").begin_array();
  for (const auto& [sport, active] : sports_on(of, *all))
    json.begin_object()
        .member("key", sport->key)
        .member("active", active)
        .member("group", sport->group)
        .member("details", sport->description)
        .member("title", sport->title)
        .end_object();
  json.end_array().end_object();
  return out;
}

Asked<OddsMade> odds_v3(const OddsBoard& of, const WebRequest& request) {
  OddsRoute route;
  route.kind = OddsRoute::Kind::OddsV3;
  if (const std::string* sport = request.parameter("sport")) route.sport = *sport;
  if (auto known = check_sport(of.sports, route); !known) return tl::unexpected(known.error());
  const auto query =
      read_odds_query(as_v4(request), of.catalog, ReadsBookmakers | ReadsMarkets | FeaturedOnly);
  if (!query) return tl::unexpected(query.error());
  OddsMade out;
  out.body.good_through = {std::numeric_limits<std::int64_t>::max()};
  JsonWriter json(out.body.json);
  json.begin_object().member("success", true).key("data").begin_array();
  for (const auto& match : matches_of(of, route.sport, *query)) {
    const OddsSport& sport = of.sports.of(*match);
    json.begin_object()
        .member("id", match->id)
        .member("sport_key", sport.key)
        .member("sport_nice", sport.title)
        .key("teams")
        .begin_array();
    write_name(json, match->home);
    write_name(json, match->away);
    json.end_array().key("commence_time");
    if (match->start_time)
      json.value(match->start_time->seconds());
    else
      json.null();
    json.key("home_team");
    write_name(json, match->home);
    json.key("sites").begin_array();
    SiteWriter writer(json, *match, query->form, of.now);
    const std::int64_t sites = writer.write();
    json.end_array().member("sites_count", sites).end_object();
    out.body.good_through = std::min(out.body.good_through, writer.good_through());
    ++out.body.events;
  }
  json.end_array().end_object();
  if (out.body.events != 0)
    out.cost = static_cast<int>(query->form.markets.size()) * query->region_units;
  return out;
}

}  // namespace oddsloom
