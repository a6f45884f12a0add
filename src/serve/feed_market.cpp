#include "serve/feed_market.h"

#include <algorithm>

#include "base/json_writer.h"
#include "base/text.h"
#include "serve/market_words.h"

namespace oddsloom {
namespace {

void put_known(JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  if (text.empty())
    json.null();
  else
    json.value(text);
}

void put_time(JsonWriter& json, std::string_view name, const std::optional<UtcMillis>& time) {
  put_known(json, name, time ? to_iso8601(*time) : "");
}

void put_price(JsonWriter& json, std::string_view name, const std::optional<Price>& price) {
  json.key(name);
  if (price)
    json.raw(to_text(*price));
  else
    json.null();
}

// A price is one that could be bet at when it was seen; else it is the last one that was read.
// Whether it is too old is the market's to say (`stale`): that changes without the outcomes.
void put_outcome(JsonWriter& json, const MarketView& view, const Outcome& outcome) {
  const std::string_view home = view.match ? view.match->home : view.record.home;
  const std::string_view away = view.match ? view.match->away : view.record.away;
  json.begin_object()
      .member("key", std::string_view(outcome.key))
      .member("name", std::string_view(outcome_name(view.record, outcome, home, away)));
  if (const auto point = outcome_point(view.record, outcome))
    json.key("point").raw(to_text(*point));
  put_price(json, "price", outcome.usable ? outcome.price : std::nullopt);
  if (!outcome.usable) put_price(json, "last_price", outcome.price);
  json.member("status", to_string(outcome.status)).end_object();
}

void begin(JsonWriter& json, const MarketView& view) {
  json.begin_object().member("match_id", std::string_view(view.market.subject->match_id));
  json.raw(view.market.identity);
}

void put_state(JsonWriter& json, const MarketView& view) {
  json.member("status", to_string(view.record.status)).member("stale", view.stale);
}

void put_times(JsonWriter& json, const MarketView& view) {
  json.member("observed_at", std::string_view(to_iso8601(view.observed_at)))
      .member("changed_at", std::string_view(to_iso8601(view.record.changed_at)))
      .member("fresh_for_ms", static_cast<std::int64_t>(view.market.limit.count()));
}

const Outcome* find(const Record& record, const std::string& key) {
  for (const Outcome& outcome : record.outcomes)
    if (outcome.key == key) return &outcome;
  return nullptr;
}

// What put_outcome shows of them.
bool reads_the_same(const Outcome& a, const Outcome& b) {
  return a.price == b.price && a.status == b.status && a.usable == b.usable && a.name == b.name;
}

}  // namespace

std::shared_ptr<FeedMarket> make_feed_market(const Record& record,
                                             const CatalogBookmaker* bookmaker) {
  auto out = std::make_shared<FeedMarket>();
  out->id = record.id();
  FeedSubject subject;
  subject.bookmaker = bookmaker ? bookmaker->key : to_lower_ascii(record.bookmaker);
  subject.market = market_key(record.bet_type, record.segment);
  if (bookmaker) {
    out->limit = record.source == Source::Live ? bookmaker->live_limit : bookmaker->upcoming_limit;
  }
  JsonWriter json(out->identity);
  json.begin_object()
      .member("bookmaker", std::string_view(subject.bookmaker))
      .member("source", to_string(record.source))
      .member("event_id", std::string_view(record.event_id))
      .member("market", std::string_view(subject.market))
      .member("bet_type", std::string_view(record.bet_type))
      .member("segment", std::string_view(record.segment))
      .key("line");
  if (record.line)
    json.raw(to_text(*record.line));
  else
    json.null();
  out->identity.erase(0, 1);  // members alone, to stand within another object
  out->subject = std::make_shared<const FeedSubject>(std::move(subject));
  return out;
}

std::string_view event_of(const Record& record) {
  if (!record.offered) return "removed";
  return record.status == Status::Open ? "odds" : "suspended";
}

std::string full_json(const MarketView& view) {
  std::string out;
  JsonWriter json(out);
  begin(json, view);
  put_known(json, "sport_key", view.market.subject->sport_key);
  put_time(json, "commence_time", view.match ? view.match->start_time : view.record.start_time);
  put_known(json, "home_team", view.match ? view.match->home : view.record.home);
  put_known(json, "away_team", view.match ? view.match->away : view.record.away);
  put_known(json, "competition", view.match ? view.match->competition : view.record.competition);
  put_state(json, view);
  json.key("outcomes").begin_array();
  for (const Outcome& outcome : view.record.outcomes) put_outcome(json, view, outcome);
  json.end_array();
  put_times(json, view);
  json.member("full", true);
  if (view.conflated) json.member("conflated", true);
  json.end_object();
  return out;
}

std::string changed_json(const MarketView& view, const Record& before) {
  std::string out;
  JsonWriter json(out);
  begin(json, view);
  put_state(json, view);
  json.key("outcomes").begin_array();
  for (const Outcome& outcome : view.record.outcomes) {
    const Outcome* known = find(before, outcome.key);
    if (!known || !reads_the_same(*known, outcome)) put_outcome(json, view, outcome);
  }
  json.end_array();
  put_times(json, view);
  json.member("full", false).end_object();
  return out;
}

std::string notice_json(const MarketView& view, std::string_view reason) {
  std::string out;
  JsonWriter json(out);
  begin(json, view);
  json.member("reason", reason);
  put_times(json, view);
  json.end_object();
  return out;
}

bool says_the_same(const Record& a, const Record& b) {
  return a.status == b.status && a.offered == b.offered && is_called_the_same(a, b) &&
         a.outcomes.size() == b.outcomes.size() &&
         std::equal(a.outcomes.begin(), a.outcomes.end(), b.outcomes.begin(),
                    [](const Outcome& x, const Outcome& y) {
                      return x.key == y.key && reads_the_same(x, y);
                    });
}

bool is_called_the_same(const Record& a, const Record& b) {
  return a.home == b.home && a.away == b.away && a.start_time == b.start_time &&
         a.competition == b.competition;
}

}  // namespace oddsloom
