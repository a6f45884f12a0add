#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "sim/answers.h"
#include "sim/wording.h"

namespace oddsloom::sim {
namespace {

std::string without_fraction(UtcMillis time) {  // "2026-01-09T13:00:00Z"
  std::string text = to_iso8601(time);
  return text.replace(text.find('.'), std::string::npos, "Z");
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

int live_market_count(const World& world, const Event& event) {
  int count = 0;
  int last = 0;
  for (const MarketSpec& spec : market_table(event.sport, Source::Live)) {
    if (spec.id != last && world.has_market(event, Source::Live, spec)) ++count;
    last = spec.id;
  }
  return count;
}

void write_two(JsonWriter& json, std::string_view key, std::string_view home,
               std::string_view away) {
  json.key(key).begin_object().member("home", home).member("away", away).end_object();
}

void write_state(JsonWriter& json, const MatchState& state, const Event& event,
                 LiveEventPlace place, bool old_generation) {
  json.key("state").begin_object();
  if (old_generation) json.member("status", "STARTED").member("period", state.phase->name);
  json.member("currentEventPhase", state.phase->name);
  if (event.sport != Sport::Tennis) {
    json.member("periodStartTime", without_fraction(state.phase_start));
    json.member("matchTime",
                fmt::format("{:02}:{:02}", state.clock_seconds / 60, state.clock_seconds % 60));
  }
  if (event.sport == Sport::Handball) json.member("clockRunning", 1);
  write_two(json, "matchScore", fmt::format("{}", state.home_score),
            fmt::format("{}", state.away_score));
  if (event.sport == Sport::Tennis) {
    write_two(json, "score", "6 4", "3 6");
    write_two(json, "subScore", "15", "30");
    json.member("currentServer", 1);
  } else {
    write_two(json, "score", "", "");
    write_two(json, "subScore", "", "");
    json.key("currentServer").null();
  }
  if (place == LiveEventPlace::List) json.key("extra").begin_array().end_array();
  json.end_object();
}

}  // namespace

void write_live_event(JsonWriter& json, const World& world, const Event& event, bool in_play,
                      LiveEventPlace place, bool old_generation, UtcMillis now) {
  const EventNames names = world.names(event);
  const SportInfo& sport = sport_info(event.sport);
  const League& league = *names.league;
  const bool counted = in_play && place == LiveEventPlace::List;  // details always say 0
  json.begin_object()
      .member("id", event.live_id)
      .member("legacyId", 0)
      .member("externalId", event.betradar_id)
      .member("marketCount", counted ? live_market_count(world, event) : 0)
      .member("kickoffTimeUTC", without_fraction(event.kickoff));
  json.key("sport").begin_object();
  json.member("id", sport.live_id).member("name", sport.other_name).end_object();
  json.key("country").begin_object();
  json.member("id", league.live_country_id).member("name", league.country);
  json.member("iso", upper(league.iso)).end_object();
  json.key("tournament").begin_object();
  json.member("id", league.tournament_id).member("name", league.live_name).end_object();
  json.key("competitors").begin_array();
  json.begin_object().member("id", names.home_id % 50'000).member("name", names.home.live);
  json.end_object();
  json.begin_object().member("id", names.away_id % 50'000).member("name", names.away.live);
  json.end_object().end_array();
  if (in_play) {
    const MatchState state = world.state(event, now);
    json.member("status", state.phase->playing ? "Started" : "Break");
    write_state(json, state, event, place, old_generation);
  } else {
    json.member("status", "NotStarted").key("state").null();
  }
  json.member("isPaused", false).end_object();
}

bool has_live_market(const World& world, const Event& event, const MarketFilter& filter,
                     UtcMillis now) {
  const Book book = open_book(world, event, Source::Live, now);
  const auto table = market_table(event.sport, Source::Live);
  return std::any_of(table.begin(), table.end(), [&](const MarketSpec& spec) {
    return filter.wants(spec) && quote(world, book, spec);
  });
}

void write_live_markets(JsonWriter& json, const World& world, const Event& event,
                        const MarketFilter& filter, UtcMillis now) {
  const EventNames names = world.names(event);
  const Book book = open_book(world, event, Source::Live, now);
  json.begin_array();
  for (const MarketSpec& spec : market_table(event.sport, Source::Live)) {
    if (!filter.wants(spec)) continue;
    const auto offered = quote(world, book, spec);
    if (!offered) continue;
    const std::string name = live_market_name(spec);
    json.begin_object()
        .member("id", spec.id)
        .member("status", offered->suspended ? "Suspended" : "Open")
        .member("name", name)
        .member("shortName", name)
        .member("specialValue", line_two_decimals(spec.line))
        .member("sequence", spec.sequence)
        .member("eventMarketId", live_event_market_id(event, spec))
        .member("template", spec.columns)
        .member("position", spec.order);
    json.key("selections").begin_array();
    for (int i = 0; i < offered->count; ++i) {
      const Selection& selection = offered->selections.at(static_cast<std::size_t>(i));
      json.begin_object()
          .member("id", live_selection_id(event, spec, i))
          .member("status", selection.closed ? "Closed" : "Open")
          .member("name", live_selection_name(names, spec, i))
          .member("odds", odds_text(selection.hundredths))
          .end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

void write_old_live_markets(JsonWriter& json, const World& world, const Event& event,
                            const MarketFilter& filter, UtcMillis now) {
  const EventNames names = world.names(event);
  const Book book = open_book(world, event, Source::Live, now);
  for (const MarketSpec& spec : market_table(event.sport, Source::Live)) {
    if (!filter.wants(spec)) continue;
    const auto offered = quote(world, book, spec);
    if (!offered) continue;
    json.begin_object()
        .member("eventId", event.live_id)
        .member("id", spec.id)
        .member("name", spec.old_name)
        .member("sequence", spec.sequence)
        .member("status", offered->suspended ? "Suspended" : "Open")
        .member("handicap", line_two_decimals(spec.line));
    json.key("selections").begin_array();
    for (int i = 0; i < offered->count; ++i) {
      const Selection& selection = offered->selections.at(static_cast<std::size_t>(i));
      json.begin_object()
          .member("id", live_selection_id(event, spec, i))
          .member("name", old_live_selection_name(names, spec, i))
          .member("odds", odds_text(selection.hundredths))
          .member("status", selection.closed ? "Closed" : "Open")
          .member("outcome", "")
          .end_object();
    }
    json.end_array().end_object();
  }
}

void write_live_default_markets(JsonWriter& json, Sport sport) {
  json.begin_array();
  int column = 0;
  const auto table = market_table(sport, Source::Live);
  for (int i = 0; i < core_markets(sport, Source::Live); ++i) {
    const MarketSpec& spec = table[static_cast<std::size_t>(i)];
    json.begin_object()
        .member("id", spec.id)
        .member("name", spec.name)
        .member("specialValue", line_two_decimals(spec.line))
        .member("sequence", spec.sequence)
        .member("inColumn", ++column)
        .member("isDefault", true)
        .member("position", 0);
    json.key("selections").begin_array();
    for (int s = 0; s < spec.columns; ++s) {
      const std::string token = upcoming_short_name(spec, s);
      json.begin_object().member("name", token).member("shortName", token).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

}  // namespace oddsloom::sim
