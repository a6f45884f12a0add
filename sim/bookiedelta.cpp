#include "sim/bookiedelta.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/text.h"
#include "sim/answers.h"
#include "sim/page.h"

namespace oddsloom::sim {
namespace {

constexpr std::int64_t kMostPerPage = 100;
constexpr std::size_t kHighlights = 50;

// Path "/api/live/sports/1/events" against "/api/live/sports/#/events": the number at '#'.
std::optional<std::int64_t> match(std::string_view path, std::string_view pattern) {
  const std::size_t hole = pattern.find('#');
  const std::string_view before = pattern.substr(0, hole);
  const std::string_view after = pattern.substr(hole + 1);
  if (!path.starts_with(before) || path.size() <= before.size() + after.size()) return std::nullopt;
  path.remove_prefix(before.size());
  if (!path.ends_with(after)) return std::nullopt;
  path.remove_suffix(after.size());
  return parse_int(path);
}

// One page as the site sends it: 206 even when it is everything, and where the page lies in
// content-range. A page past the end is empty.
Response page(const World& world, const std::vector<Event>& events, const Target& target,
              std::int64_t usual_count, UtcMillis now) {
  const auto total = static_cast<std::int64_t>(events.size());
  const std::int64_t count =
      std::clamp<std::int64_t>(target.number("pag_count", usual_count), 1, kMostPerPage);
  const std::int64_t first = std::clamp<std::int64_t>(target.number("pag_min", 1) - 1, 0, total);
  const std::int64_t end = std::min(total, first + count);
  Response response = json_response(206, "");
  response.events = static_cast<std::size_t>(end - first);
  response.headers.emplace_back("content-range",
                                fmt::format("{}-{}/{}", first, std::max(first, end - 1), total));
  JsonWriter json(response.body);
  json.begin_array();
  for (std::int64_t i = first; i < end; ++i)
    write_game(json, world, events[static_cast<std::size_t>(i)], now);
  json.end_array();
  return response;
}

Response too_many(unsigned limit) {
  return json_response(422, fmt::format(R"({{"error":"at most {} ids"}})", limit));
}

std::vector<std::int64_t> sorted_ids(const Target& target, std::string_view name) {
  std::vector<std::int64_t> ids = parse_ids(target.parameter(name).value_or(""));
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace

const BookieDelta::Lists& BookieDelta::lists(UtcMillis now) {
  if (now < lists_.from || now >= lists_.until)
    lists_ = {now, world_.lists_change_at(now), world_.upcoming(now), world_.in_play(now),
              world_.announced(now)};
  return lists_;
}

Response BookieDelta::answer(const Target& target, UtcMillis now) {
  const std::string_view path = target.path;
  const auto as_sport = [](std::int64_t id) {
    return static_cast<int>(std::min<std::int64_t>(id, 1'000'000));
  };
  if (path == "/api/upcoming/games") return upcoming_games(target, now);
  if (path == "/api/games/markets") return game_markets(target, now);
  if (path == "/api/live/event/markets") return live_markets(target, now);
  if (path == "/api/live/sports") return live_sports(now);
  if (path == "/api/default/markets") {
    Response response;
    response.content_type = "text/html; charset=utf-8";  // so it was captured; the body is JSON
    JsonWriter json(response.body);
    write_default_markets(json);
    return response;
  }
  if (path == "/api/live/default/markets") {
    const SportInfo* sport = sport_by_live_id(as_sport(target.number("sportId", 1)));
    Response response = json_response(200, sport == nullptr ? "[]" : "");
    JsonWriter json(response.body);
    if (sport != nullptr) write_live_default_markets(json, sport->sport);
    return response;
  }
  if (const auto id = match(path, "/api/todays/#/games"))
    return todays_games(target, as_sport(*id), now);
  if (const auto id = match(path, "/api/todays/#/highlights"))
    return todays_games(target, as_sport(*id), now);
  if (const auto id = match(path, "/api/highlights/#")) return highlights(as_sport(*id), now);
  if (const auto id = match(path, "/api/live/sports/#/events"))
    return live_events(target, as_sport(*id), false, now);
  if (const auto id = match(path, "/api/live/sports/#/events/started"))
    return live_events(target, as_sport(*id), true, now);
  if (const auto id = match(path, "/api/live/events/#/details")) return live_details(*id, now);
  if (auto shown = page(target)) return *std::move(shown);
  return not_found();
}

Response BookieDelta::upcoming_games(const Target& target, UtcMillis now) {
  const std::int64_t sport_id = target.number("sportId", 0);  // 0: all sports
  const std::int64_t game_id = target.number("gameId", 0);
  const std::int64_t league_id = target.number("leagueId", 0);
  std::vector<Event> chosen;
  const auto fits = [&](const Event& event) {
    if (sport_id != 0 && sport_info(event.sport).prematch_id != sport_id) return false;
    return league_id == 0 || world_.names(event).league->competition_id == league_id;
  };
  if (target.parameter("gameId")) {
    if (const auto found = world_.game(game_id, now); found && fits(*found))
      chosen.push_back(*found);
  } else {
    const auto& all = lists(now).upcoming;
    std::copy_if(all.begin(), all.end(), std::back_inserter(chosen), fits);
  }
  if (target.parameter("o") == "leagues")
    std::stable_sort(chosen.begin(), chosen.end(), [](const Event& a, const Event& b) {
      return a.key.lane % 8 < b.key.lane % 8;  // any order but that of kick-offs
    });
  return page(world_, chosen, target, kMostPerPage, now);
}

Response BookieDelta::todays_games(const Target& target, int sport_id, UtcMillis now) {
  std::vector<Event> chosen;
  for (const Event& event : lists(now).upcoming)
    if (sport_info(event.sport).prematch_id == sport_id &&
        World::day_index(event.kickoff, now) == 0)
      chosen.push_back(event);
  return page(world_, chosen, target, kMostPerPage, now);
}

Response BookieDelta::highlights(int sport_id, UtcMillis now) {
  Response response;
  JsonWriter json(response.body);
  json.begin_array();
  for (const Event& event : lists(now).upcoming) {
    if (sport_info(event.sport).prematch_id != sport_id) continue;
    write_highlight(json, world_, event);
    if (++response.events == kHighlights) break;
  }
  json.end_array();
  return response;
}

Response BookieDelta::game_markets(const Target& target, UtcMillis now) const {
  const auto ids = sorted_ids(target, "games");
  if (ids.size() > config_.max_ids) return too_many(config_.max_ids);
  const MarketFilter filter = MarketFilter::upcoming(target.parameter("markets").value_or("all"));
  Response response = json_response(200, "");
  response.content_type = "application/json; charset=utf-8";
  JsonWriter json(response.body);
  json.begin_object();
  for (const std::int64_t id : ids) {
    const auto event = world_.game(id, now);
    if (!event) continue;
    json.key(fmt::format("{}", id));
    write_game_markets(json, world_, *event, filter, now);
    ++response.events;
  }
  json.end_object();
  return response;
}

Response BookieDelta::live_sports(UtcMillis now) {
  Response response;
  const auto& playing = lists(now).in_play;
  JsonWriter json(response.body);
  json.begin_object().key("sports").begin_array();
  for (const SportInfo& sport : all_sports()) {
    if (sport.live_id == 0) continue;
    const auto count = std::count_if(playing.begin(), playing.end(),
                                     [&](const Event& e) { return e.sport == sport.sport; });
    json.begin_object().member("id", sport.live_id).member("name", sport.name);
    json.member("eventNumber", static_cast<std::int64_t>(count)).end_object();
  }
  json.end_array().end_object();
  return response;
}

Response BookieDelta::live_events(const Target& target, int sport_id, bool started_only,
                                  UtcMillis now) {
  struct Listed {
    const Event* event;
    bool in_play;
  };
  const Lists& all = lists(now);
  std::vector<Listed> listed;
  for (const Event& event : all.in_play)
    if (sport_info(event.sport).live_id == sport_id) listed.push_back({&event, true});
  if (!started_only)
    for (const Event& event : all.announced)
      if (sport_info(event.sport).live_id == sport_id) listed.push_back({&event, false});
  const auto total = static_cast<std::int64_t>(listed.size());
  const std::int64_t first = std::clamp<std::int64_t>(target.number("offset", 0), 0, total);
  const std::int64_t limit = std::clamp<std::int64_t>(target.number("limit", 15), 1, kMostPerPage);
  const std::int64_t end = std::min(total, first + limit);
  Response response;
  response.events = static_cast<std::size_t>(end - first);
  JsonWriter json(response.body);
  json.begin_object().key("events").begin_array();
  for (std::int64_t i = first; i < end; ++i) {
    const auto& [event, in_play] = listed[static_cast<std::size_t>(i)];
    write_live_event(json, world_, *event, in_play, LiveEventPlace::List,
                     config_.old_live_generation, now);
  }
  json.end_array().member("loadMore", end < total).end_object();
  return response;
}

Response BookieDelta::live_markets(const Target& target, UtcMillis now) const {
  const auto ids = sorted_ids(target, "eventId");
  if (ids.size() > config_.max_live_ids) return too_many(config_.max_live_ids);
  const MarketFilter filter = MarketFilter::live(target.parameter("type").value_or(""));
  const std::int64_t sport_id = target.number("sportId", 0);
  std::vector<Event> events;
  for (const std::int64_t id : ids)
    if (const auto event = world_.in_play_event(id, now))
      if (sport_id == 0 || sport_info(event->sport).live_id == sport_id) events.push_back(*event);
  // Not in the order asked: the captured answers were in none that a client could know.
  std::sort(events.begin(), events.end(),
            [](const Event& a, const Event& b) { return a.seed < b.seed; });
  Response response;
  JsonWriter json(response.body);
  json.begin_object().key("markets").begin_array();
  for (const Event& event : events) {
    if (!has_live_market(world_, event, filter, now)) continue;
    ++response.events;
    if (config_.old_live_generation) {
      write_old_live_markets(json, world_, event, filter, now);
    } else {
      json.begin_object().member("eventId", event.live_id).key("markets");
      write_live_markets(json, world_, event, filter, now);
      json.end_object();
    }
  }
  json.end_array().end_object();
  return response;
}

Response BookieDelta::live_details(std::int64_t live_id, UtcMillis now) const {
  const auto playing = world_.in_play_event(live_id, now);
  const auto event = playing ? playing : world_.announced_event(live_id, now);
  if (!event) return not_found();
  Response response;
  response.events = 1;
  JsonWriter json(response.body);
  json.begin_object().key("event");
  write_live_event(json, world_, *event, playing.has_value(), LiveEventPlace::Details,
                   config_.old_live_generation, now);
  json.key("markets");
  if (!playing) {
    json.begin_array().end_array();
  } else if (config_.old_live_generation) {
    json.begin_array();
    write_old_live_markets(json, world_, *event, MarketFilter::everything(), now);
    json.end_array();
  } else {
    write_live_markets(json, world_, *event, MarketFilter::everything(), now);
  }
  json.end_object();
  return response;
}

}  // namespace oddsloom::sim
