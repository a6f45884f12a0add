#include "sim/house.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <span>

#include "base/text.h"
#include "sim/noise.h"

namespace oddsloom::sim {
namespace {

constexpr std::int64_t kHour = 3'600'000;

// Parts of names as a house writes them; the first that fits is replaced, each once.
struct Spelling {
  std::string_view from, to;
};
constexpr std::array kSigmaSpelling{Spelling{" United", " Utd"}, Spelling{" Athletic", " Ath"},
                                    Spelling{" Rovers", " Rvs"}, Spelling{" (Nrl)", " NRL"},
                                    Spelling{" FC", ""},         Spelling{" U20", " U-20"},
                                    Spelling{"ø", "o"},          Spelling{"Łęk", "Lek"},
                                    Spelling{" & ", " and "},    Spelling{" \"B\"", " II"}};
constexpr std::array kOmegaSpelling{
    Spelling{" United", " Utd."}, Spelling{" Albion", " Alb."},  Spelling{" Town", " Tn"},
    Spelling{" City", " C."},     Spelling{" U20", " Under 20"}, Spelling{" (Nrl)", ""},
    Spelling{"/", " / "},         Spelling{" SC", " S.C."},      Spelling{" or ", "-"}};

struct HouseInfo {
  std::string_view name;
  BookStyle style;
  std::int64_t zone;              // ahead of UTC, milliseconds; no summer time in any of them
  std::uint32_t missing, silent;  // every so many lanes: not listed; without a betradar id
  std::span<const Spelling> spelling;
};
constexpr std::array kInfos{
    HouseInfo{"BookieDelta", {}, 3 * kHour, 0, 0, {}},
    HouseInfo{"BookieSigma", {1.048, Millis(1500), 0x51}, 1 * kHour, 11, 13, kSigmaSpelling},
    HouseInfo{"BookieOmega", {1.085, Millis(700), 0x0E}, 3 * kHour, 7, 9, kOmegaSpelling},
};
const HouseInfo& info_of(House house) { return kInfos.at(static_cast<std::size_t>(house)); }

bool is_every(std::uint32_t lane, std::uint32_t nth, std::uint32_t at) {
  return nth != 0 && lane % nth == at;
}
constexpr std::uint32_t kTrapEvery = 20, kTrapAt = 4;
constexpr std::uint32_t kLateEvery = 16, kLateAt = 9;
constexpr Millis kLate{10 * 60'000};

bool is_trap(House house, const Event& event) {
  return house == House::BookieOmega && is_every(event.key.lane, kTrapEvery, kTrapAt);
}

std::string spelled(const HouseInfo& info, std::string name) {
  name = std::string(trim(name));
  for (const Spelling& spelling : info.spelling)
    if (const std::size_t at = name.find(spelling.from); at != std::string::npos && at > 0)
      name.replace(at, spelling.from.size(), spelling.to);
  constexpr std::string_view kWomen = " W", kClub = " FC";
  if (name.ends_with(kWomen))
    name += info.name == "BookieSigma" ? "omen" : "FC";
  else if (info.name == "BookieOmega" && name.ends_with(kClub))
    name = "FC " + name.substr(0, name.size() - kClub.size());
  return name;
}

// Ids are another numbering at each house, and of an event the same in both sources.
constexpr std::int64_t kSigmaPerGame = 3, kOmegaFrom = 400'000'000;

std::int64_t id_at(House house, const Event& event) {
  return house == House::BookieSigma ? event.game_id * kSigmaPerGame + 1
                                     : event.game_id + kOmegaFrom;
}

std::string_view sport_at(House house, Sport sport) {
  if (house == House::BookieSigma)
    return sport == Sport::Football ? "soccer" : sport == Sport::Handball ? "handball" : "";
  return sport == Sport::Football ? "1" : sport == Sport::Handball ? "29" : "";
}

Listing delta_listing(const World& world, const Event& event, Source source) {
  const bool live = source == Source::Live;
  const EventNames names = world.names(event);
  const SportInfo& sport = sport_info(event.sport);
  return {fmt::format("{}", live ? event.live_id : event.game_id),
          fmt::format("{}", live ? sport.live_id : sport.prematch_id),
          live ? names.home.live : names.home.prematch,
          live ? names.away.live : names.away.prematch,
          std::string(live ? names.league->live_name : names.league->name),
          event.kickoff,
          event.betradar_id,
          fmt::format("{}", event.game_id)};
}

bool is_core(Kind kind) {
  return kind == Kind::ThreeWay || kind == Kind::BothScore || kind == Kind::DoubleChance;
}

// A total that is as good as decided is not offered, so lines come and go as a match goes on and as
// opinions move.
bool is_worth_offering(const Quote& quote) {
  constexpr int kLeast = 112;
  return quote.selections[0].hundredths >= kLeast && quote.selections[1].hundredths >= kLeast;
}

}  // namespace

std::string_view to_string(House house) { return info_of(house).name; }

std::optional<House> house_named(std::string_view name) {
  const auto at = std::find_if(kHouses.begin(), kHouses.end(),
                               [&](House house) { return to_string(house) == name; });
  return at == kHouses.end() ? std::nullopt : std::optional(*at);
}

std::string path_prefix(House house) {
  return house == House::BookieDelta ? "" : fmt::format("/{}", to_string(house));
}

std::optional<Listing> listing(House house, const World& world, const Event& event, Source source) {
  if (house == House::BookieDelta) return delta_listing(world, event, source);
  const HouseInfo& info = info_of(house);
  const std::uint32_t lane = event.key.lane;
  const std::string_view sport = sport_at(house, event.sport);
  if (sport.empty() || is_every(lane, info.missing, 1)) return std::nullopt;
  Event listed = event;
  const bool trap = is_trap(house, event);
  if (trap) listed.seed = hash_of({event.seed, 0x7A9});
  const EventNames names = world.names(listed);
  Listing out{fmt::format("{}", id_at(house, event)),
              std::string(sport),
              spelled(info, names.home.prematch),
              spelled(info, names.away.prematch),
              house == House::BookieSigma
                  ? fmt::format("{}: {}", names.league->country, names.league->live_name)
                  : std::string(names.league->live_name),
              event.kickoff,
              is_every(lane, info.silent, 2) ? 0 : event.betradar_id,
              fmt::format("{}{}", event.game_id, trap ? "-other" : "")};
  if (house == House::BookieSigma && is_every(lane, kLateEvery, kLateAt))
    out.kickoff = out.kickoff + kLate;
  return out;
}

std::optional<Event> event_of(House house, const World& world, std::int64_t event_id, Source source,
                              UtcMillis now) {
  std::int64_t game_id = event_id - kOmegaFrom;
  if (house == House::BookieSigma) {
    if (event_id % kSigmaPerGame != 1) return std::nullopt;
    game_id = event_id / kSigmaPerGame;
  }
  auto event = source == Source::Live ? world.played(game_id, now) : world.game(game_id, now);
  return event && listing(house, world, *event, source) ? event : std::nullopt;
}

std::vector<Offer> offers(House house, const World& world, const Event& event, Source source,
                          UtcMillis now) {
  const Book book = open_book(world, event, source, now, info_of(house).style);
  std::vector<Offer> out;
  for (const MarketSpec& spec : market_table(event.sport, source)) {
    const bool total =
        house != House::BookieDelta && spec.kind == Kind::Total && std::abs(spec.line) % 4 == 2;
    if (!is_core(spec.kind) && !total) continue;
    const auto offered = quote(world, book, spec);
    if (!offered || (total && !is_worth_offering(*offered))) continue;
    out.push_back({&spec, *offered});
    // Where nothing can be had at Sigma, the price says so: even money.
    if (house != House::BookieSigma) continue;
    for (Selection& selection : out.back().quote.selections)
      if (selection.hundredths < 100) selection.hundredths = 100;
  }
  return out;
}

std::int64_t day_index(House house, UtcMillis kickoff, UtcMillis now) {
  constexpr std::int64_t kDay = 24 * kHour;
  const std::int64_t zone = info_of(house).zone;
  const auto day = [&](UtcMillis at) {
    const std::int64_t local = at.value + zone;
    return local / kDay - (local % kDay < 0 ? 1 : 0);
  };
  return day(kickoff) - day(now);
}

}  // namespace oddsloom::sim
