#include "serve/odds_answers.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "base/hash.h"

namespace oddsloom {
namespace {

constexpr UtcMillis kForEver{std::numeric_limits<std::int64_t>::max()};
constexpr std::size_t kNextUpcoming = 8;

bool passes(const BoardMatch& match, const OddsQuery& query) {
  if (!query.event_ids.empty() &&
      std::find(query.event_ids.begin(), query.event_ids.end(), match.id) == query.event_ids.end())
    return false;
  if (!query.from && !query.to) return true;
  return match.start_time && (!query.from || *match.start_time >= *query.from) &&
         (!query.to || *match.start_time <= *query.to);
}

void write_sport(JsonWriter& json, const OddsSport& sport, bool active) {
  json.begin_object()
      .member("key", sport.key)
      .member("group", sport.group)
      .member("title", sport.title)
      .member("description", sport.description)
      .member("active", active)
      .member("has_outrights", false)
      .end_object();
}

std::string participant_id(std::string_view sport, std::string_view name) {
  std::string text(sport);
  text.append("\n").append(name);
  std::string out = "par_";
  out += content_hash(std::string_view(text)).hex().substr(0, 26);
  return out;
}

}  // namespace

std::vector<std::shared_ptr<const BoardMatch>> matches_of(const OddsBoard& of,
                                                          std::string_view sport,
                                                          const OddsQuery& query) {
  std::vector<std::shared_ptr<const BoardMatch>> out;
  std::size_t upcoming = 0;
  for (const auto& match : of.board.matches) {
    if (is_over(*match, of.now) || !passes(*match, query) || !is_of(of.sports.of(*match), sport))
      continue;
    if (sport == kUpcomingSport && !match->live && upcoming++ == kNextUpcoming) break;
    out.push_back(match);
  }
  return out;
}

std::vector<std::pair<const OddsSport*, bool>> sports_on(const OddsBoard& of, bool all) {
  std::map<std::string_view, std::pair<const OddsSport*, bool>> told;
  for (const auto& match : of.board.matches) {
    if (is_over(*match, of.now)) continue;
    const OddsSport& sport = of.sports.of(*match);
    if (!told.emplace(sport.key, std::pair(&sport, true)).second) continue;
    if (const OddsSport* whole = of.sports.find(sport.whole))
      told.emplace(whole->key, std::pair(whole, true));
  }
  if (all)
    for (const OddsSport* sport : of.sports.whole())
      told.emplace(sport->key, std::pair(sport, false));
  std::vector<std::pair<const OddsSport*, bool>> out;
  for (const auto& [key, sport] : told) out.push_back(sport);
  return out;
}

OddsBody sports_body(const OddsBoard& of, bool all) {
  OddsBody out{{}, kForEver, 0, 0};
  JsonWriter json(out.json);
  json.begin_array();
  for (const auto& [sport, active] : sports_on(of, all)) {
    write_sport(json, *sport, active);
    ++out.events;
  }
  json.end_array();
  return out;
}

OddsBody odds_body(const OddsBoard& of, std::string_view sport, const OddsQuery& query,
                   const EventText& text) {
  OddsBody out{"[", kForEver, 0, 0};
  for (const auto& match : matches_of(of, sport, query)) {
    const OddsText& event = text(match);
    if (out.events++ != 0) out.json += ',';
    out.json += event.json;
    out.good_through = std::min(out.good_through, event.good_through);
  }
  out.json += ']';
  return out;
}

OddsBody events_body(const OddsBoard& of, std::string_view sport, const OddsQuery& query) {
  OddsBody out{{}, kForEver, 0, 0};
  JsonWriter json(out.json);
  json.begin_array();
  for (const auto& match : matches_of(of, sport, query)) {
    json.begin_object();
    write_event_head(json, *match, of.sports.of(*match), query.form);
    json.end_object();
    ++out.events;
  }
  json.end_array();
  return out;
}

OddsBody scores_body(const OddsBoard& of, std::string_view sport, const OddsQuery& query,
                     int days) {
  OddsBody out{{}, kForEver, 0, 0};
  JsonWriter json(out.json);
  json.begin_array();
  for (const auto& match : of.board.matches) {
    const bool over = is_over(*match, of.now);
    const bool within =
        match->start_time && of.now - *match->start_time <= Millis(days * 86'400'000);
    if ((over && !within) || !passes(*match, query) || !is_of(of.sports.of(*match), sport))
      continue;
    json.begin_object();
    write_event_head(json, *match, of.sports.of(*match), query.form);
    json.member("completed", over && match->was_live).key("scores").null();
    json.key("last_update").null().end_object();
    ++out.events;
  }
  json.end_array();
  return out;
}

OddsBody participants_body(const OddsBoard& of, std::string_view sport) {
  std::map<std::string_view, std::string> ids;  // by name
  for (const auto& match : of.board.matches) {
    const OddsSport& own = of.sports.of(*match);
    if (!is_of(own, sport)) continue;
    for (const std::string* name : {&match->home, &match->away})
      if (!name->empty()) ids.emplace(*name, participant_id(own.whole, *name));
  }
  OddsBody out{{}, kForEver, ids.size(), 0};
  JsonWriter json(out.json);
  json.begin_array();
  for (const auto& [name, id] : ids)
    json.begin_object().member("id", id).member("full_name", name).end_object();
  json.end_array();
  return out;
}

Asked<const BoardMatch*> event_of(const OddsBoard& of, std::string_view sport,
                                  std::string_view id) {
  if (!is_event_id(id))
    return refuse_odds(422, "INVALID_EVENT_ID",
                       "Invalid event id: 32 lower-case hexadecimal digits");
  const BoardMatch* match = of.board.find(id);
  if (!match || is_over(*match, of.now) || !is_of(of.sports.of(*match), sport))
    return refuse_odds(404, "EVENT_NOT_FOUND", "Event not found: it is over, or was never here");
  return match;
}

}  // namespace oddsloom
