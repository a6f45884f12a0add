#include "sim/bookieomega.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "base/text.h"
#include "sim/wording.h"

namespace oddsloom::sim {
namespace {

constexpr House kHouse = House::BookieOmega;
constexpr std::size_t kMostIds = 40;
constexpr std::int64_t kFirstOutcome = 7'000'000'000;

std::string_view market_of(Kind kind) {
  switch (kind) {
    case Kind::DoubleChance:
      return "DC";
    case Kind::Total:
      return "OU";
    case Kind::BothScore:
      return "BTTS";
    default:
      return "P1XP2";
  }
}

std::string_view outcome_type(Kind kind, int index) {
  constexpr std::array<std::string_view, 3> kThree{"P1", "X", "P2"}, kDouble{"1X", "X2", "12"};
  const auto at = static_cast<std::size_t>(index);
  switch (kind) {
    case Kind::DoubleChance:
      return kDouble.at(at);
    case Kind::Total:
      return index == 0 ? "Over" : "Under";
    case Kind::BothScore:
      return index == 0 ? "Yes" : "No";
    default:
      return kThree.at(at);
  }
}

void write_about(JsonWriter& json, const Listing& listed) {
  json.member("team1_name", listed.home).member("team2_name", listed.away);
  json.member("start_ts", listed.kickoff.seconds()).member("competition", listed.competition);
  json.key("sport").raw(listed.sport_id);
  json.member("betradar", listed.betradar_id);
}

void write_market(JsonWriter& json, const Event& event, const Offer& offer) {
  const MarketSpec& spec = *offer.spec;
  const std::string_view name = market_of(spec.kind);
  json.key(spec.kind == Kind::Total ? fmt::format("{}@{}", name, line_number(spec.line))
                                    : std::string(name));
  json.begin_object().member("is_blocked", offer.quote.suspended).key("event").begin_object();
  for (int i = 0; i < offer.quote.count; ++i) {
    const Selection& selection = offer.quote.selections.at(static_cast<std::size_t>(i));
    const std::int64_t id = kFirstOutcome + (event.game_id * kMaxInstances + spec.instance) * 4 + i;
    json.key(fmt::format("{}", id)).begin_object();
    json.member("type", outcome_type(spec.kind, i));
    json.key("price").raw(odds_text(selection.hundredths));
    json.member("status", selection.closed ? 0 : 1).end_object();
  }
  json.end_object().end_object();
}

}  // namespace

Response BookieOmega::answer(const Target& target, UtcMillis now) const {
  for (const Source source : {Source::Upcoming, Source::Live}) {
    const std::string path = source == Source::Live ? "/api/live" : "/api/prematch";
    if (target.path == path) return list(target, source, now);
    if (target.path == path + "/odds") return odds(target, source, now);
  }
  return not_found();
}

Response BookieOmega::list(const Target& target, Source source, UtcMillis now) const {
  Response response;
  JsonWriter json(response.body);
  json.begin_object().member("code", 0).key("data").begin_object().key("game").begin_object();
  for (const Event& event : source == Source::Live ? world_.in_play(now) : world_.upcoming(now)) {
    const auto listed = listing(kHouse, world_, event, source);
    if (!listed || listed->sport_id != target.parameter("sport").value_or("")) continue;
    ++response.events;
    json.key(listed->event_id).begin_object();
    write_about(json, *listed);
    json.end_object();
  }
  json.end_object().end_object().end_object();
  return response;
}

Response BookieOmega::odds(const Target& target, Source source, UtcMillis now) const {
  const auto ids = parse_ids(target.parameter("events").value_or(""));
  if (ids.size() > kMostIds) return json_response(422, R"({"code":21,"data":null})");
  const auto markets = split(target.parameter("markets").value_or(""), ',');
  Response response;
  JsonWriter json(response.body);
  json.begin_object().member("code", 0).key("data").begin_object().key("game").begin_object();
  for (const std::int64_t id : ids) {
    const auto event = event_of(kHouse, world_, id, source, now);
    if (!event) continue;
    ++response.events;
    const Listing listed = *listing(kHouse, world_, *event, source);
    json.key(listed.event_id).begin_object();
    write_about(json, listed);
    json.key("market").begin_object();
    for (const Offer& offer : offers(kHouse, world_, *event, source, now))
      if (std::find(markets.begin(), markets.end(), market_of(offer.spec->kind)) != markets.end())
        write_market(json, *event, offer);
    json.end_object().end_object();
  }
  json.end_object().end_object().end_object();
  return response;
}

}  // namespace oddsloom::sim
