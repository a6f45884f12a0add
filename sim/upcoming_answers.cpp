#include <charconv>
#include <cmath>

#include "base/text.h"
#include "sim/answers.h"
#include "sim/wording.h"

namespace oddsloom::sim {
namespace {

std::optional<double> parse_line(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void write_upcoming_market(JsonWriter& json, const World& world, const Book& book,
                           const EventNames& names, const MarketSpec& spec, bool in_list) {
  const auto offered = quote(world, book, spec);
  if (!offered) return;
  const std::string line = line_number(spec.line);
  json.begin_object().member("id", spec.id);
  if (!in_list) json.key("specValue").raw(line);
  json.member("name", spec.name);
  if (!in_list) json.member("order", spec.order);
  json.member("columns", spec.columns).member("columnsApp", spec.columns);
  json.key("selections").begin_array();
  for (int i = 0; i < offered->count; ++i) {
    json.begin_object()
        .member("id", upcoming_selection_id(book.event, spec, i))
        .member("name", upcoming_selection_name(names, spec, i))
        .member("odds", odds_text(offered->selections.at(static_cast<std::size_t>(i)).hundredths))
        .member("shortName", upcoming_short_name(spec, i));
    json.key("specValue").raw(line);
    json.end_object();
  }
  json.end_array().end_object();
}

// The market count of the lists leaves the main market out and counts an id once.
int other_markets(const World& world, const Event& event) {
  int count = 0;
  int last = 0;
  for (const MarketSpec& spec : market_table(event.sport, Source::Upcoming)) {
    if (spec.instance > 0 && spec.id != last && world.has_market(event, Source::Upcoming, spec))
      ++count;
    last = spec.id;
  }
  return count;
}

}  // namespace

MarketFilter MarketFilter::upcoming(std::string_view text) {
  MarketFilter filter;
  filter.all_ = text.empty() || text == "all";
  if (filter.all_) return filter;
  for (const std::string_view piece : split(text, ',')) {
    const std::size_t dash = piece.find('-');
    const auto id = parse_int(piece.substr(0, dash));
    if (!id) continue;
    Wanted wanted{*id, std::nullopt, std::nullopt};
    if (dash != std::string_view::npos) wanted.line = parse_line(piece.substr(dash + 1));
    filter.wanted_.push_back(wanted);
  }
  return filter;
}

MarketFilter MarketFilter::live(std::string_view text) {
  MarketFilter filter;
  filter.all_ = text.empty();
  if (filter.all_) return filter;
  for (const std::string_view piece : split(text, ',')) {
    const auto parts = split(piece, '#');
    const auto id = parse_int(parts[0]);
    if (!id) continue;
    Wanted wanted{*id, std::nullopt, std::nullopt};
    if (parts.size() > 1) wanted.line = parse_line(parts[1]);
    if (parts.size() > 2) wanted.sequence = parse_int(parts[2]);
    filter.wanted_.push_back(wanted);
  }
  return filter;
}

bool MarketFilter::wants(const MarketSpec& spec) const {
  if (all_) return true;
  for (const Wanted& wanted : wanted_)
    if (wanted.id == spec.id && (!wanted.line || std::lround(*wanted.line * 4) == spec.line) &&
        (!wanted.sequence || *wanted.sequence == spec.sequence))
      return true;
  return false;
}

void write_game(JsonWriter& json, const World& world, const Event& event, UtcMillis now) {
  const EventNames names = world.names(event);
  const SportInfo& sport = sport_info(event.sport);
  const League& league = *names.league;
  json.begin_object()
      .member("id", event.game_id)
      .member("betgeniusId", 0)
      .member("betradarId", event.betradar_id)
      .member("smsId", static_cast<std::int64_t>(event.seed % 25'000))
      .member("hasCustomBet", 0);
  json.key("competition").begin_object();
  json.member("id", league.competition_id).member("name", league.name).end_object();
  json.key("country").begin_object();
  json.member("id", league.country_id).member("name", league.country);
  json.member("iso", league.iso).end_object();
  json.key("sport").begin_object();
  json.member("id", sport.prematch_id).member("name", sport.name).end_object();
  json.key("competitors").begin_array();
  json.begin_object().member("id", names.home_id).member("name", names.home.prematch).end_object();
  json.begin_object().member("id", names.away_id).member("name", names.away.prematch).end_object();
  json.end_array();
  json.member("dateTimestamp", event.kickoff.value).member("date", to_iso8601(event.kickoff));
  json.key("state").begin_object().end_object();
  json.member("marketsCount", other_markets(world, event));
  json.key("markets").begin_array();
  write_upcoming_market(json, world, open_book(world, event, Source::Upcoming, now), names,
                        market_table(event.sport, Source::Upcoming).front(), true);
  json.end_array().end_object();
}

void write_highlight(JsonWriter& json, const World& world, const Event& event) {
  const EventNames names = world.names(event);
  const SportInfo& sport = sport_info(event.sport);
  const League& league = *names.league;
  std::string date = to_iso8601(event.kickoff);
  date.replace(date.find('.'), std::string::npos, "+00:00");
  json.begin_object()
      .member("id", event.game_id)
      .member("smsId", static_cast<std::int64_t>(event.seed % 25'000))
      .member("betradarId", event.betradar_id)
      .member("dateTimestamp", event.kickoff.seconds())
      .member("date", date)
      .member("marketsCount", other_markets(world, event) + 1);
  json.key("competition").begin_object();
  json.member("id", league.tournament_id).member("name", league.name).end_object();
  json.key("country").begin_object();
  json.member("id", league.live_country_id).member("name", league.country);
  json.key("leagues").begin_array().end_array().key("iso_name").null().end_object();
  json.key("sport").begin_object();
  json.member("id", sport.prematch_id).member("name", sport.other_name).end_object();
  json.key("competitors").begin_array();
  const auto competitor = [&](std::int64_t id, const std::string& name) {
    json.begin_object().member("id", id + 1'000'000).member("name", name);
    json.member("legacyId", id).end_object();
  };
  competitor(names.home_id, names.home.prematch);
  competitor(names.away_id, names.away.prematch);
  json.end_array();
  json.key("markets").begin_array().end_array().end_object();
}

void write_game_markets(JsonWriter& json, const World& world, const Event& event,
                        const MarketFilter& filter, UtcMillis now) {
  const EventNames names = world.names(event);
  const Book book = open_book(world, event, Source::Upcoming, now);
  json.begin_array();
  for (const MarketSpec& spec : market_table(event.sport, Source::Upcoming))
    if (filter.wants(spec)) write_upcoming_market(json, world, book, names, spec, false);
  json.end_array();
}

void write_default_markets(JsonWriter& json) {
  json.begin_array();
  for (const SportInfo& sport : all_sports()) {
    json.begin_object().member("sportId", sport.prematch_id).key("markets").begin_array();
    int column = 0;
    const auto table = market_table(sport.sport, Source::Upcoming);
    for (int i = 0; i < core_markets(sport.sport, Source::Upcoming); ++i) {
      const MarketSpec& spec = table[static_cast<std::size_t>(i)];
      json.begin_object().member("id", spec.id).key("specValue").raw(line_number(spec.line));
      json.member("name", spec.name).member("columns", spec.columns).member("inColumn", ++column);
      json.key("selections").begin_array();
      for (int s = 0; s < spec.columns; ++s) {
        const std::string token = upcoming_short_name(spec, s);
        json.begin_object().member("name", token).member("shortName", token).end_object();
      }
      json.end_array().end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

}  // namespace oddsloom::sim
