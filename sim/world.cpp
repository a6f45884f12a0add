#include "sim/world.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "sim/noise.h"

namespace oddsloom::sim {
namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kGrid = 5 * kMinute;  // kick-offs fall on it
constexpr std::int64_t kDay = 24 * 60 * kMinute;
constexpr std::int64_t kHorizon = 114 * 60 * kMinute;  // Nairobi days 0 to 4, at night also 5
constexpr std::int64_t kEfootballHorizon = 12 * 60 * kMinute;
constexpr std::int64_t kNairobi = 3 * 60 * kMinute;  // no summer time there
constexpr std::int64_t kFirstCycle = -8;             // before it there is nothing
constexpr std::int64_t kLongestMatch = 4 * 60 * kMinute;
constexpr std::int64_t kBetradarIds = 74'000'000;
// Of postponed events, in grid steps.
constexpr std::uint64_t kMostNotice = 12;
constexpr std::uint64_t kLeastDelay = 12, kMostDelay = 360;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0);
}

Sport live_sport(std::size_t lane) {
  constexpr std::array kPattern{Sport::Football, Sport::Football, Sport::Football, Sport::Football,
                                Sport::Handball, Sport::Football, Sport::Football, Sport::Rugby,
                                Sport::Football, Sport::Football, Sport::Football, Sport::Tennis};
  return kPattern.at(lane % kPattern.size());
}

Sport upcoming_sport(std::size_t lane) {
  constexpr std::array kPattern{
      Sport::Football, Sport::Football,  Sport::Football, Sport::Football,
      Sport::Rugby,    Sport::Efootball, Sport::Football, Sport::Football,
      Sport::Handball, Sport::Football,  Sport::Football, Sport::Tennis,
      Sport::Football, Sport::Football,  Sport::Football, Sport::Efootball};
  return kPattern.at(lane % kPattern.size());
}

std::span<const Phase> phases_of(const Event& event) {
  return event.cup ? cup_phases() : sport_info(event.sport).phases;
}

// Standard normal, the same for the same seed.
double normal(std::uint64_t seed) {
  const double radius = std::sqrt(-2 * std::log(1 - unit(hash_of({seed, 41}))));
  return radius * std::cos(2 * 3.14159265358979 * unit(hash_of({seed, 42})));
}

void sort_by_kickoff(std::vector<Event>& events) {
  std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return std::pair(a.kickoff, a.game_id) < std::pair(b.kickoff, b.game_id);
  });
}

}  // namespace

World::World(WorldConfig config) : config_(std::move(config)) {
  if (config_.step.count() < 1) config_.step = Millis(1);
  live_lanes_ = config_.live;
  const std::size_t early = std::min(config_.live, (config_.upcoming + 1) / 2);
  const std::size_t rest = config_.upcoming - early;
  lanes_.reserve(live_lanes_ + rest);
  const std::int64_t origin = floor_div(config_.epoch.value, kGrid) * kGrid;
  for (std::size_t i = 0; i < live_lanes_ + rest; ++i) {
    Lane lane;
    lane.played_live = i < live_lanes_;
    lane.listed_early = !lane.played_live || i < early;
    lane.sport = lane.played_live ? live_sport(i) : upcoming_sport(i - live_lanes_);
    lane.cup = lane.played_live && i % 8 == 5;
    const auto phases = lane.cup ? cup_phases() : sport_info(lane.sport).phases;
    lane.cycle_ms = lane.played_live                 ? phases.back().end_minute * kMinute
                    : lane.sport == Sport::Efootball ? kEfootballHorizon
                                                     : kHorizon;
    // Spread evenly, so that every day and every phase of a match is there at any time.
    const auto slots = static_cast<std::uint64_t>(lane.cycle_ms / kGrid);
    const double spread = static_cast<double>(i) * 0.6180339887498949;
    const double place = std::fmod(spread + unit(hash_of({config_.seed, i})) * 0.05, 1.0);
    lane.start_ms = origin - static_cast<std::int64_t>(place * static_cast<double>(slots)) * kGrid;
    lanes_.push_back(lane);
  }
  if (config_.postponed_share > 0)
    longest_delay_ = Millis(kGrid * static_cast<std::int64_t>(kMostDelay) + kLongestMatch);
  for (const CalledOff& off : config_.called_off)
    if (const auto event = by_id(off.game_id, kFirstGameId, lanes_.size()); event && off.kick_off)
      longest_delay_ =
          std::max(longest_delay_, *off.kick_off - event->kickoff + Millis(kLongestMatch));
}

Event World::event(std::uint32_t lane_number, std::int64_t cycle) const {
  const Lane& lane = lanes_.at(lane_number);
  const std::int64_t number =
      (cycle - kFirstCycle) * static_cast<std::int64_t>(lanes_.size()) + lane_number;
  Event event;
  event.key = {lane_number, cycle};
  event.sport = lane.sport;
  event.cup = lane.cup;
  event.seed = hash_of({config_.seed, 0xE0E, lane_number, static_cast<std::uint64_t>(cycle)});
  event.game_id = kFirstGameId + 2 * number;
  event.betradar_id = kBetradarIds + 2 * number;
  if (lane.played_live)
    event.live_id =
        kFirstLiveId +
        2 * ((cycle - kFirstCycle) * static_cast<std::int64_t>(live_lanes_) + lane_number);
  event.kickoff = {lane.start_ms + cycle * lane.cycle_ms};
  event.end = lane.played_live ? event.kickoff + Millis(lane.cycle_ms) : event.kickoff;
  return event;
}

std::int64_t World::current_cycle(const Lane& lane, UtcMillis now) const {
  return floor_div(now.value - lane.start_ms, lane.cycle_ms);
}

std::optional<CalledOff> World::called_off(const Event& event) const {
  for (const CalledOff& one : config_.called_off)
    if (one.game_id == event.game_id) return one;
  if (config_.postponed_share <= 0 || unit(hash_of({event.seed, 95})) >= config_.postponed_share)
    return std::nullopt;
  const auto steps = [](std::uint64_t count) {
    return Millis(kGrid * static_cast<std::int64_t>(count));
  };
  const std::uint64_t draw = hash_of({event.seed, 96});
  return CalledOff{
      event.game_id, event.kickoff - steps(1 + draw % kMostNotice),
      event.kickoff + steps(kLeastDelay + draw / kMostNotice % (kMostDelay - kLeastDelay + 1))};
}

std::optional<Event> World::as_upcoming(Event event, UtcMillis now) const {
  const Lane& lane = lanes_.at(event.key.lane);
  const std::int64_t next = current_cycle(lane, now) + 1;
  if (event.key.cycle < kFirstCycle || event.key.cycle > next || !lane.listed_early)
    return std::nullopt;
  const auto off = called_off(event);
  if (!off || now < std::min(off->known_at, event.kickoff))
    return event.key.cycle == next ? std::optional(event) : std::nullopt;
  if (!off->kick_off || now >= *off->kick_off) return std::nullopt;
  event.end = event.end + (*off->kick_off - event.kickoff);
  event.kickoff = *off->kick_off;
  return event;
}

std::optional<Event> World::as_played(Event event, UtcMillis now) const {
  if (event.key.cycle < kFirstCycle || !lanes_.at(event.key.lane).played_live) return std::nullopt;
  if (const auto off = called_off(event)) {
    if (!off->kick_off) return std::nullopt;
    event.end = event.end + (*off->kick_off - event.kickoff);
    event.kickoff = *off->kick_off;
  }
  return event.kickoff <= now && now < event.end ? std::optional(event) : std::nullopt;
}

// By kick-off.
template <class AsListed>
std::vector<Event> World::listed(std::size_t lanes, AsListed as_listed, UtcMillis now) const {
  std::vector<Event> events;
  events.reserve(lanes);
  for (std::uint32_t i = 0; i < lanes; ++i) {
    const std::int64_t current = current_cycle(lanes_[i], now);
    const std::int64_t before =
        longest_delay_ > Millis(0) ? longest_delay_.count() / lanes_[i].cycle_ms + 1 : 0;
    for (std::int64_t cycle = current + 1; cycle >= current - before; --cycle)
      if (const auto found = as_listed(event(i, cycle))) events.push_back(*found);
  }
  sort_by_kickoff(events);
  return events;
}

std::vector<Event> World::upcoming(UtcMillis now) const {
  return listed(
      lanes_.size(), [&](const Event& event) { return as_upcoming(event, now); }, now);
}

std::vector<Event> World::in_play(UtcMillis now) const {
  return listed(
      live_lanes_, [&](const Event& event) { return as_played(event, now); }, now);
}

std::vector<Event> World::announced(UtcMillis now) const {
  return listed(
      live_lanes_, [&](const Event& event) { return as_upcoming(event, now); }, now);
}

UtcMillis World::lists_change_at(UtcMillis now) const {
  // All kick-offs and ends lie on the grid, and the grid itself is laid through the epoch's; but
  // for those that the configuration names.
  UtcMillis next{(floor_div(now.value, kGrid) + 1) * kGrid};
  const auto consider = [&](UtcMillis at) {
    if (at > now) next = std::min(next, at);
  };
  for (const CalledOff& off : config_.called_off) {
    consider(off.known_at);
    if (!off.kick_off) continue;
    consider(*off.kick_off);
    if (const auto event = by_id(off.game_id, kFirstGameId, lanes_.size()))
      consider(event->end + (*off.kick_off - event->kickoff));
  }
  return next;
}

std::optional<Event> World::by_id(std::int64_t id, std::int64_t first, std::size_t lanes) const {
  if (id < first || (id - first) % 2 != 0 || lanes == 0) return std::nullopt;
  const std::int64_t number = (id - first) / 2;
  const auto count = static_cast<std::int64_t>(lanes);
  const std::int64_t cycle = number / count + kFirstCycle;
  if (cycle > 1'000'000) return std::nullopt;
  return event(static_cast<std::uint32_t>(number % count), cycle);
}

std::optional<Event> World::game(std::int64_t game_id, UtcMillis now) const {
  const auto found = by_id(game_id, kFirstGameId, lanes_.size());
  return found ? as_upcoming(*found, now) : std::nullopt;
}

std::optional<Event> World::in_play_event(std::int64_t live_id, UtcMillis now) const {
  const auto found = by_id(live_id, kFirstLiveId, live_lanes_);
  return found ? as_played(*found, now) : std::nullopt;
}

std::optional<Event> World::played(std::int64_t game_id, UtcMillis now) const {
  const auto found = by_id(game_id, kFirstGameId, lanes_.size());
  return found ? as_played(*found, now) : std::nullopt;
}

std::optional<Event> World::announced_event(std::int64_t live_id, UtcMillis now) const {
  const auto found = by_id(live_id, kFirstLiveId, live_lanes_);
  return found ? as_upcoming(*found, now) : std::nullopt;
}

EventNames World::names(const Event& event) const {
  const auto all = leagues(event.sport);
  // A lane keeps its league and its trap of names, so that every kind is there at any time.
  const auto league_index = event.sport == Sport::Tennis
                                ? event.key.lane / 12 % 2
                                : hash_of({event.key.lane, 5}) % all.size();
  const std::uint64_t home = hash_of({event.seed, 1});
  const std::uint64_t away = hash_of({event.seed, 2});
  const std::uint64_t oddity =
      event.sport == Sport::Tennis ? league_index : event.key.lane + 3 * event.key.lane / 16;
  const std::uint64_t away_oddity = event.sport == Sport::Tennis ? league_index : oddity + 11;
  return {.home = team_name(event.sport, oddity, home),
          .away = team_name(event.sport, away_oddity, away),
          .league = &all[league_index],
          .home_id = static_cast<std::int64_t>(home % 900'000) + 600,
          .away_id = static_cast<std::int64_t>(away % 900'000) + 600};
}

std::pair<double, double> World::strengths(const Event& event) const {
  const double a = unit(hash_of({event.seed, 21}));
  const double b = unit(hash_of({event.seed, 22}));
  switch (event.sport) {
    case Sport::Efootball:
      return {1.6 + 2 * a, 1.6 + 2 * b};
    case Sport::Handball:
      return {25 + 8 * a, 24 + 8 * b};
    case Sport::Rugby:
      return {17 + 14 * a, 15 + 14 * b};
    case Sport::Tennis:
      return {1 + a, 1 + b};
    case Sport::Football:
      break;
  }
  return {0.8 + 1.6 * a, 0.6 + 1.4 * b};
}

MatchState World::state(const Event& event, UtcMillis now) const {
  const auto phases = phases_of(event);
  MatchState state;
  std::int64_t from = 0;    // of the phase, ms after kick-off
  std::int64_t played = 0;  // playing time so far
  std::int64_t total = 0;   // playing time of the whole match
  const std::int64_t elapsed = std::max<std::int64_t>(0, now.value - event.kickoff.value);
  for (const Phase& phase : phases) {
    const std::int64_t to = phase.end_minute * kMinute;
    if (phase.playing) {
      played += std::clamp<std::int64_t>(elapsed - from, 0, to - from);
      total += to - from;
    }
    if (elapsed >= from) {
      state.phase = &phase;
      state.phase_start = event.kickoff + Millis(from);
      const std::int64_t shown = phase.clock_from * 60 + (elapsed - from) / 1000;
      state.clock_seconds = static_cast<int>(std::min<std::int64_t>(shown, phase.clock_stop * 60));
    }
    from = to;
  }
  state.first_half = state.phase == phases.data();
  state.remaining = 1 - static_cast<double>(played) / static_cast<double>(total);

  // Goals are spread over the playing time, one in each of `count` equal parts.
  const auto [home, away] = strengths(event);
  int count = 0;
  if (event.sport == Sport::Tennis) {
    count = 2;
  } else if (event.sport == Sport::Rugby) {
    count = 6 + static_cast<int>(hash_of({event.seed, 30}) % 5);
  } else if (event.sport == Sport::Handball) {
    count = static_cast<int>(home + away) + static_cast<int>(hash_of({event.seed, 30}) % 9) - 4;
  } else {  // Poisson by inversion
    const double mean = home + away;
    double below = std::exp(-mean);
    double term = below;
    const double at = unit(hash_of({event.seed, 30}));
    while (at > below && count < 8) {
      ++count;
      term *= mean / count;
      below += term;
    }
  }
  for (int i = 0; i < count; ++i) {
    const auto goal = static_cast<std::uint64_t>(i);
    double place = (i + unit(hash_of({event.seed, 31, goal}))) / count;
    if (event.sport == Sport::Tennis) place = (i + 1) / 3.0;  // a set ends with its phase
    const auto at_played = static_cast<std::int64_t>(place * static_cast<double>(total));
    if (at_played > played) break;
    bool by_home = unit(hash_of({event.seed, 32, goal})) * (home + away) < home;
    if (event.sport == Sport::Tennis && i == 1)
      by_home = state.away_score == 1;  // 1:1, a third set
    constexpr std::array kRugbyPoints{3, 7, 5, 3};
    const int points =
        event.sport == Sport::Rugby ? kRugbyPoints.at(hash_of({event.seed, 33, goal}) % 4) : 1;
    (by_home ? state.home_score : state.away_score) += points;
    // From playing time to time of day: add the breaks that lie before it.
    std::int64_t wall = at_played;
    std::int64_t phase_from = 0;
    for (const Phase& phase : phases) {
      const std::int64_t to = phase.end_minute * kMinute;
      if (!phase.playing && wall >= phase_from) wall += to - phase_from;
      phase_from = to;
    }
    state.last_goal = event.kickoff + Millis(wall);
  }
  return state;
}

UtcMillis World::last_move(const Event& event, Source source, UtcMillis now) const {
  // One move somewhere in each block of step / share; the last one lies in this block or the one
  // before.
  double share = source == Source::Live ? config_.change_share : config_.upcoming_change_share;
  if (config_.change_spread > 0)
    share *= std::exp(config_.change_spread * normal(event.seed) -
                      config_.change_spread * config_.change_spread / 2);
  if (source == Source::Live && config_.paused_share < 1 && !state(event, now).phase->playing)
    share *= config_.paused_share;
  share = std::clamp(share, 1e-6, 1.0);
  const double step = static_cast<double>(config_.step.count());
  const double length = step / share;
  const double block = std::floor(static_cast<double>(now.value) / length);
  for (const double b : {block, block - 1}) {
    const double place =
        share == 1.0 ? 0 : unit(hash_of({event.seed, 40, static_cast<std::uint64_t>(b)}));
    const auto at = static_cast<std::int64_t>(std::floor((b + place) * length / step) * step);
    if (at <= now.value) return {at};
  }
  return now;
}

bool World::has_market(const Event& event, Source source, const MarketSpec& spec) const {
  if (source == Source::Live && event.live_id == 0) return false;
  const double draw = unit(hash_of(
      {event.seed, 50, static_cast<std::uint64_t>(source), static_cast<std::uint64_t>(spec.kind)}));
  if (spec.kind == Kind::BothScore) return draw < 0.92;
  if (spec.kind == Kind::DoubleChance) return draw < 0.88;
  return spec.instance < core_markets(event.sport, source) + config_.extra_markets;
}

std::int64_t World::day_index(UtcMillis kickoff, UtcMillis now) {
  return floor_div(kickoff.value + kNairobi, kDay) - floor_div(now.value + kNairobi, kDay);
}

}  // namespace oddsloom::sim
