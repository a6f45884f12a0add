#include "serve/odds_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "serve/market_words.h"
#include "serve/odds_choice.h"

namespace oddsloom {
namespace {

constexpr UtcMillis kForEver{std::numeric_limits<std::int64_t>::max()};

class EventWriter {
 public:
  EventWriter(const BoardMatch& match, const OddsForm& form, UtcMillis now)
      : match_(match), form_(form), now_(now), choice_(match, form, now) {}

  // Calls `each` with a bookmaker, its listings, and what is told of them.
  template <class F>
  void for_each_bookmaker(const std::vector<OddsMarket>& markets, F each) {
    for (const CatalogBookmaker* bookmaker : form_.bookmakers) {
      const std::vector<const BoardEvent*> events = events_of(match_, *bookmaker);
      const std::vector<ShownMarket> shown = choice_.of(*bookmaker, events, markets);
      bookmaker_ = bookmaker;
      if (!shown.empty()) each(*bookmaker, events, shown);
    }
  }

  void write(JsonWriter& json, const ShownMarket& shown) {
    UtcMillis oldest = kForEver;
    bool suspended = true;
    for (const BoardMarket* line : shown.lines) {
      oldest = std::min(oldest, line->observed_at);
      if (line->record->status == Status::Open) suspended = false;
    }
    json.begin_object().member("key", shown.market->key).key("last_update");
    write_time(json, oldest, form_.unix_time);
    if (form_.links) json.key("link").null();
    if (form_.sids) write_id(json, shown.lines.front()->record->market_id);
    if (form_.with_status) json.member("suspended", suspended);
    json.key("outcomes").begin_array();
    for (const BoardMarket* line : shown.lines)
      for (const Outcome& outcome : line->record->outcomes) write(json, *line, outcome);
    json.end_array().end_object();
  }

  UtcMillis good_through() const { return good_through_; }

 private:
  void write(JsonWriter& json, const BoardMarket& market, const Outcome& outcome) {
    const bool active = choice_.may_bet(*bookmaker_, market, outcome);
    if (active) good_through_ = std::min(good_through_, choice_.limit(*bookmaker_, market));
    if (!active && !form_.with_status) return;
    json.begin_object().member("name",
                               outcome_name(*market.record, outcome, match_.home, match_.away));
    if (active) {
      if (form_.american)
        json.member("price", american(*outcome.price));
      else
        json.key("price").raw(decimal_text(*outcome.price));
    }
    if (const auto point = outcome_point(*market.record, outcome))
      json.key("point").raw(to_text(*point));
    if (form_.links) json.key("link").null();
    if (form_.sids) write_id(json, outcome.selection_id);
    if (form_.bet_limits) json.key("bet_limit").null();
    if (form_.multipliers) json.key("multiplier").null();
    if (form_.with_status) json.member("active", active);
    if (form_.with_age)
      json.member("age_ms", std::max<std::int64_t>((now_ - market.observed_at).count(), 0));
    json.end_object();
  }

  static void write_id(JsonWriter& json, const std::string& id) {
    json.key("sid");
    if (id.empty())
      json.null();
    else
      json.value(id);
  }

  const BoardMatch& match_;
  const OddsForm& form_;
  UtcMillis now_;
  OddsChoice choice_;
  const CatalogBookmaker* bookmaker_ = nullptr;
  UtcMillis good_through_ = kForEver;
};

void write_name(JsonWriter& json, std::string_view key, const std::string& name) {
  json.key(key);
  if (name.empty())
    json.null();
  else
    json.value(name);
}

void write_match_links(JsonWriter& json, const BoardMatch& match) {
  json.key("links").begin_array();
  for (const BoardEvent& event : match.events) {
    json.begin_object()
        .member("bookmaker", event.bookmaker)
        .member("source", to_string(event.source))
        .member("event_id", event.event_id)
        .key("method");
    if (event.link)
      json.value(event.link->method).key("score").raw(fmt::format("{:.4}", event.link->score));
    else
      json.null().key("score").null();
    json.end_object();
  }
  json.end_array();
}

UtcMillis newest(const std::vector<ShownMarket>& markets) {
  UtcMillis out;
  for (const ShownMarket& shown : markets)
    for (const BoardMarket* line : shown.lines) out = std::max(out, line->observed_at);
  return out;
}

}  // namespace

void write_time(JsonWriter& json, UtcMillis time, bool unix_time) {
  if (unix_time) {
    json.value(time.seconds());
    return;
  }
  std::string text = to_iso8601(time);
  text.replace(text.size() - 5, 4, "");  // the milliseconds
  json.value(text);
}

std::string decimal_text(Price price) { return to_text(Line{price.thousandths}); }

std::int64_t american(Price price) {
  const std::int64_t gain = price.thousandths - 1000;  // of a stake of 1000
  if (gain >= 1000) return (gain + 5) / 10;
  return -(100'000 + gain / 2) / gain;
}

void write_event_head(JsonWriter& json, const BoardMatch& match, const OddsSport& sport,
                      const OddsForm& form) {
  json.member("id", match.id)
      .member("sport_key", sport.key)
      .member("sport_title", sport.title)
      .key("commence_time");
  if (match.start_time)
    write_time(json, *match.start_time, form.unix_time);
  else
    json.null();
  write_name(json, "home_team", match.home);
  write_name(json, "away_team", match.away);
  if (form.rotation) json.key("home_rotation").null().key("away_rotation").null();
  if (form.with_status)
    json.member("live", match.live)
        .member("event_status", match.live       ? "live"
                                : match.was_live ? "over"
                                                 : "upcoming");
  if (form.with_match_links) write_match_links(json, match);
}

OddsText event_odds_json(const BoardMatch& match, const OddsSport& sport, const OddsForm& form,
                         UtcMillis now) {
  OddsText out;
  JsonWriter json(out.json);
  EventWriter writer(match, form, now);
  std::set<const OddsMarket*> told;
  json.begin_object();
  write_event_head(json, match, sport, form);
  json.key("bookmakers").begin_array();
  writer.for_each_bookmaker(form.markets, [&](const CatalogBookmaker& bookmaker, const auto& events,
                                              const auto& markets) {
    json.begin_object().member("key", bookmaker.key).member("title", bookmaker.title);
    if (!form.event_odds) {
      json.key("last_update");
      write_time(json, newest(markets), form.unix_time);
    }
    if (form.links) json.key("link").null();
    if (form.sids) json.member("sid", events.front()->event_id);
    json.key("markets").begin_array();
    for (const ShownMarket& shown : markets) {
      told.insert(shown.market);
      writer.write(json, shown);
    }
    json.end_array().end_object();
  });
  json.end_array().end_object();
  out.good_through = form.with_age ? now : writer.good_through();
  out.markets = told.size();
  return out;
}

OddsText event_markets_json(const BoardMatch& match, const OddsSport& sport, const OddsForm& form,
                            const BetTypes& bet_types, UtcMillis now) {
  OddsText out;
  JsonWriter json(out.json);
  EventWriter writer(match, form, now);
  const std::vector<OddsMarket> all = all_odds_markets(bet_types);
  json.begin_object();
  write_event_head(json, match, sport, form);
  json.key("bookmakers").begin_array();
  writer.for_each_bookmaker(
      all, [&](const CatalogBookmaker& bookmaker, const auto&, const auto& markets) {
        json.begin_object().member("key", bookmaker.key).member("title", bookmaker.title);
        json.key("markets").begin_array();
        for (const ShownMarket& shown : markets) {
          UtcMillis oldest = kForEver;
          for (const BoardMarket* line : shown.lines) oldest = std::min(oldest, line->observed_at);
          json.begin_object().member("key", shown.market->key).key("last_update");
          write_time(json, oldest, form.unix_time);
          json.end_object();
        }
        json.end_array().end_object();
      });
  json.end_array().end_object();
  out.good_through = now;
  return out;
}

}  // namespace oddsloom
