#include "sim/truth.h"

#include <array>
#include <string_view>

#include "base/json_writer.h"
#include "sim/pricing.h"
#include "sim/wording.h"

namespace oddsloom::sim {
namespace {

constexpr std::int64_t kDays = 5;

std::string_view bet_type(Kind kind) {
  switch (kind) {
    case Kind::BothScore:
      return "btts";
    case Kind::DoubleChance:
      return "double_chance";
    case Kind::Total:
      return "totals";
    default:
      return "three_way";
  }
}

std::string_view outcome(Kind kind, int index) {
  constexpr std::array<std::string_view, 3> kThree{"1", "X", "2"};
  constexpr std::array<std::string_view, 3> kDouble{"1X", "X2", "12"};
  const auto at = static_cast<std::size_t>(index);
  if (kind == Kind::BothScore) return index == 0 ? "yes" : "no";
  if (kind == Kind::Total) return index == 0 ? "over" : "under";
  return kind == Kind::ThreeWay ? kThree.at(at) : kDouble.at(at);
}

std::string_view status(const Quote& quote, const Selection& selection) {
  if (selection.closed) return "closed";
  return quote.suspended ? "suspended" : "open";
}

void write_event(JsonWriter& json, House house, const World& world, const Event& event,
                 Source source, UtcMillis now) {
  const auto listed = listing(house, world, event, source);
  if (!listed) return;
  const std::int64_t day = source == Source::Live ? 0 : day_index(house, listed->kickoff, now);
  if (day < 0 || day >= kDays) return;
  for (const auto& [spec, quote] : offers(house, world, event, source, now)) {
    json.begin_object()
        .member("bet_type", bet_type(spec->kind))
        .member("source", to_string(source))
        .member("period", day)
        .member("event_id", listed->event_id)
        .member("sport_id", listed->sport_id)
        .member("betradar_id", std::to_string(listed->betradar_id))
        .member("match", listed->match)
        .member("home", listed->home)
        .member("away", listed->away)
        .member("start_time", to_iso8601(listed->kickoff))
        .member("competition", listed->competition)
        .member("market_status", quote.suspended ? "suspended" : "open");
    if (spec->kind == Kind::Total) json.member("line", line_number(spec->line));
    json.key("outcomes").begin_object();
    for (int i = 0; i < quote.count; ++i) {
      const Selection& selection = quote.selections.at(static_cast<std::size_t>(i));
      json.key(outcome(spec->kind, i))
          .begin_object()
          .member("price", odds_text(selection.hundredths))
          .member("status", status(quote, selection))
          .member("usable", usable(quote, selection))
          .end_object();
    }
    json.end_object().end_object();
  }
}

}  // namespace

std::string truth_json(const World& world, UtcMillis now, bool frozen, House house) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("now", to_iso8601(now)).member("frozen", frozen);
  json.member("bookmaker", to_string(house)).key("markets").begin_array();
  for (const Event& event : world.in_play(now))
    write_event(json, house, world, event, Source::Live, now);
  for (const Event& event : world.upcoming(now))
    write_event(json, house, world, event, Source::Upcoming, now);
  json.end_array().end_object();
  return out;
}

}  // namespace oddsloom::sim
