#include "sim/bookiesigma.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "base/text.h"
#include "sim/wording.h"

namespace oddsloom::sim {
namespace {

constexpr House kHouse = House::BookieSigma;
constexpr std::size_t kMostIds = 30;
constexpr std::int64_t kMostPerPage = 100;
constexpr std::int64_t kOddsPerEvent = kMaxInstances * kMaxSelections;

int type_of(Kind kind) {
  switch (kind) {
    case Kind::DoubleChance:
      return 10;
    case Kind::Total:
      return 18;
    case Kind::BothScore:
      return 29;
    default:
      return 1;
  }
}

std::string label_of(const MarketSpec& spec) {
  switch (spec.kind) {
    case Kind::DoubleChance:
      return "Double Chance";
    case Kind::Total:
      return "Over/Under " + line_number(spec.line);
    case Kind::BothScore:
      return "Goal/No Goal";
    default:
      return "Match Result";
  }
}

std::string_view odd_label(Kind kind, int index) {
  constexpr std::array<std::string_view, 3> kThree{"1", "X", "2"}, kDouble{"1X", "X2", "12"};
  const auto at = static_cast<std::size_t>(index);
  switch (kind) {
    case Kind::DoubleChance:
      return kDouble.at(at);
    case Kind::Total:
      return index == 0 ? "Over" : "Under";
    case Kind::BothScore:
      return index == 0 ? "GG" : "NG";
    default:
      return kThree.at(at);
  }
}

void write_about(JsonWriter& json, const Listing& listed) {
  json.key("eventId").raw(listed.event_id);
  json.member("sport", listed.sport_id);
  json.key("teams").begin_array().value(listed.home).value(listed.away).end_array();
  json.key("league").begin_object().member("label", listed.competition).end_object();
  json.member("startsAt", listed.kickoff.seconds()).key("statsId");
  if (listed.betradar_id == 0)
    json.null();
  else
    json.value(fmt::format("sr:match:{}", listed.betradar_id));
}

void write_group(JsonWriter& json, const Event& event, const Offer& offer) {
  json.begin_object()
      .member("betType", type_of(offer.spec->kind))
      .member("label", label_of(*offer.spec))
      .member("open", offer.quote.suspended ? 0 : 1);
  json.key("odds").begin_array();
  for (int i = 0; i < offer.quote.count; ++i) {
    const Selection& selection = offer.quote.selections.at(static_cast<std::size_t>(i));
    json.begin_object()
        .member("oddId", event.game_id * kOddsPerEvent +
                             offer.spec->instance * std::int64_t{kMaxSelections} + i)
        .member("label", odd_label(offer.spec->kind, i))
        .member("oddValue", selection.hundredths)
        .member("active", !selection.closed)
        .end_object();
  }
  json.end_array().end_object();
}

}  // namespace

Response BookieSigma::answer(const Target& target, UtcMillis now) const {
  for (const Source source : {Source::Upcoming, Source::Live}) {
    const std::string_view phase = source == Source::Live ? "live" : "prematch";
    if (target.path == fmt::format("/feed/{}/list", phase)) return list(target, source, now);
    if (target.path == fmt::format("/feed/{}/odds", phase)) return odds(target, source, now);
  }
  return not_found();
}

Response BookieSigma::list(const Target& target, Source source, UtcMillis now) const {
  std::vector<Listing> all;
  for (const Event& event : source == Source::Live ? world_.in_play(now) : world_.upcoming(now))
    if (auto listed = listing(kHouse, world_, event, source))
      if (listed->sport_id == target.parameter("sport").value_or(""))
        all.push_back(*std::move(listed));
  const auto total = static_cast<std::int64_t>(all.size());
  const auto size = std::clamp<std::int64_t>(target.number("size", 50), 1, kMostPerPage);
  const auto number = std::clamp<std::int64_t>(target.number("page", 1), 1, total / size + 1);
  const std::int64_t first = std::min(total, (number - 1) * size);
  const std::int64_t end = std::min(total, first + size);
  Response response;
  response.events = static_cast<std::size_t>(end - first);
  JsonWriter json(response.body);
  json.begin_object().member("code", 200).key("result").begin_object();
  json.member("page", number).member("more", end < total).key("events").begin_array();
  for (std::int64_t i = first; i < end; ++i) {
    json.begin_object();
    write_about(json, all[static_cast<std::size_t>(i)]);
    json.end_object();
  }
  json.end_array().end_object().end_object();
  return response;
}

Response BookieSigma::odds(const Target& target, Source source, UtcMillis now) const {
  const auto ids = parse_ids(target.parameter("ids").value_or(""));
  const auto types = parse_ids(target.parameter("types").value_or(""));
  if (ids.size() > kMostIds) return json_response(422, R"({"code":422,"result":null})");
  Response response;
  JsonWriter json(response.body);
  json.begin_object().member("code", 200).key("result").begin_object().key("events").begin_array();
  for (const std::int64_t id : ids) {
    const auto event = event_of(kHouse, world_, id, source, now);
    if (!event) continue;
    ++response.events;
    json.begin_object();
    write_about(json, *listing(kHouse, world_, *event, source));
    json.key("betGroups").begin_array();
    for (const Offer& offer : offers(kHouse, world_, *event, source, now))
      if (std::find(types.begin(), types.end(), type_of(offer.spec->kind)) != types.end())
        write_group(json, *event, offer);
    json.end_array().end_object();
  }
  json.end_array().end_object().end_object();
  return response;
}

}  // namespace oddsloom::sim
