#include "sim/truth.h"

#include <array>
#include <string_view>

#include "base/json_writer.h"
#include "sim/pricing.h"

namespace oddsloom::sim {
namespace {

constexpr std::int64_t kDays = 5;

std::string_view outcome(BetType bet_type, int index) {
  constexpr std::array<std::string_view, 3> kThree{"1", "X", "2"};
  constexpr std::array<std::string_view, 3> kDouble{"1X", "X2", "12"};
  const auto at = static_cast<std::size_t>(index);
  if (bet_type == BetType::Btts) return index == 0 ? "yes" : "no";
  return bet_type == BetType::ThreeWay ? kThree.at(at) : kDouble.at(at);
}

std::string_view status(const Quote& quote, const Selection& selection) {
  if (selection.closed) return "closed";
  return quote.suspended ? "suspended" : "open";
}

void write_event(JsonWriter& json, const World& world, const Event& event, Source source,
                 std::int64_t period, UtcMillis now) {
  const bool live = source == Source::Live;
  const Book book = open_book(world, event, source, now);
  const EventNames names = world.names(event);
  const SportInfo& sport = sport_info(event.sport);
  for (const BetType bet_type : {BetType::ThreeWay, BetType::Btts, BetType::DoubleChance}) {
    const MarketSpec* spec = spec_of(bet_type, event.sport, source);
    if (spec == nullptr) continue;
    const auto offered = quote(world, book, *spec);
    if (!offered) continue;
    json.begin_object()
        .member("bet_type", to_string(bet_type))
        .member("source", to_string(source))
        .member("period", period)
        .member("event_id", std::to_string(live ? event.live_id : event.game_id))
        .member("sport_id", std::to_string(live ? sport.live_id : sport.prematch_id))
        .member("betradar_id", std::to_string(event.betradar_id))
        .member("home", live ? names.home.live : names.home.prematch)
        .member("away", live ? names.away.live : names.away.prematch)
        .member("start_time", to_iso8601(event.kickoff))
        .member("competition", live ? names.league->live_name : names.league->name)
        .member("market_status", offered->suspended ? "suspended" : "open");
    json.key("outcomes").begin_object();
    for (int i = 0; i < offered->count; ++i) {
      const Selection& selection = offered->selections.at(static_cast<std::size_t>(i));
      json.key(outcome(bet_type, i))
          .begin_object()
          .member("price", odds_text(selection.hundredths))
          .member("status", status(*offered, selection))
          .member("usable", usable(*offered, selection))
          .end_object();
    }
    json.end_object().end_object();
  }
}

}  // namespace

std::string truth_json(const World& world, UtcMillis now, bool frozen) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("now", to_iso8601(now)).member("frozen", frozen);
  json.key("markets").begin_array();
  for (const Event& event : world.in_play(now))
    write_event(json, world, event, Source::Live, 0, now);
  for (const Event& event : world.upcoming(now))
    if (const std::int64_t day = World::day_index(event.kickoff, now); day >= 0 && day < kDays)
      write_event(json, world, event, Source::Upcoming, day, now);
  json.end_array().end_object();
  return out;
}

}  // namespace oddsloom::sim
