// The simulated bookmaker's world: which events exist, how they stand, who plays. Everything is a
// function of (configuration, time): asking twice gives the same, no state is kept, and no moment
// costs more than another. Prices are in pricing.h. Pure; immutable after construction; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "sim/market_table.h"
#include "sim/names.h"
#include "sim/sports.h"

namespace oddsloom::sim {

inline constexpr std::int64_t kFirstGameId = 9'200'001;  // further ids of events follow in twos
inline constexpr std::int64_t kFirstLiveId = 1'900'001;

// What becomes of an event that is not played when it was to be: from `known_at` on, at the latest
// from the kick-off it had at first, it has another one and is played then, or is in no list any
// more.
struct CalledOff {
  std::int64_t game_id = 0;
  UtcMillis known_at;
  std::optional<UtcMillis> kick_off{};  // later than at first; nothing: the event disappears
};

struct WorldConfig {
  std::uint64_t seed = 1;
  std::size_t upcoming = 300;  // events in the prematch lists at any time
  std::size_t live = 40;       // events in play at any time
  Millis step{1000};           // prices move on multiples of this
  double change_share = 0.2;   // share of live events whose prices move in one step, above 0 to 1
  double upcoming_change_share = 0.02;
  double change_spread = 0;  // 0: all events move equally often; else the spread of the logarithm
                             // of how often: with 1 the busiest tenth moves 13 times as often as
                             // the quietest, on average as often as before
  double paused_share = 1;   // of the moves that are left at half time and in other breaks
  double suspended_share = 0.03;  // of live markets, beside those just after a goal
  double closed_share = 0.03;     // of live selections inside open markets
  int extra_markets = 45;         // beside the three bet types, where the sport has as many;
                                  // football: 45 make about 17 KB, 174 about 55 KB
  UtcMillis epoch;  // the world is laid out around this moment; meant for times from here to some
                    // months later. 0: the simulator chooses
  std::vector<CalledOff> called_off{};
  double postponed_share = 0;  // of the events, beside those: within the hour before kick-off it
                               // becomes known that they are played 1 to 30 hours later
};

// A lane is a place in the world that holds one event after another, for ever; the event is the
// lane's cycle. So the number of events never changes and any event can be computed directly. A
// postponed one leaves its lane's time empty and is played beside the lane's later ones.
struct EventKey {
  std::uint32_t lane = 0;
  std::int64_t cycle = 0;
  auto operator<=>(const EventKey&) const = default;
};

struct Event {
  EventKey key;
  Sport sport = Sport::Football;
  bool cup = false;              // goes to extra time
  std::uint64_t seed = 0;        // of this event's own randomness
  std::int64_t game_id = 0;      // prematch id
  std::int64_t live_id = 0;      // another id space; 0 if the event is never offered live
  std::int64_t betradar_id = 0;  // prematch betradarId = live externalId
  UtcMillis kickoff;
  UtcMillis end;  // leaves the live lists here
};

struct EventNames {  // apart from Event, because names cost more than the rest
  TeamName home;
  TeamName away;
  const League* league = nullptr;
  std::int64_t home_id = 0;  // competitor ids, prematch; live ones are others
  std::int64_t away_id = 0;
};

struct MatchState {  // of an event in play
  const Phase* phase = nullptr;
  UtcMillis phase_start;
  int clock_seconds = 0;  // what the match clock shows
  int home_score = 0;
  int away_score = 0;
  std::optional<UtcMillis> last_goal;
  double remaining = 1;  // share of playing time still to come
  bool first_half = true;
};

class World {
 public:
  explicit World(WorldConfig config);
  const WorldConfig& config() const { return config_; }

  // By kick-off, then id. An event in play is in the live list only.
  std::vector<Event> upcoming(UtcMillis now) const;
  std::vector<Event> in_play(UtcMillis now) const;
  // In the live lists, not started, without markets.
  std::vector<Event> announced(UtcMillis now) const;
  // The lists above stay as they are until this moment.
  UtcMillis lists_change_at(UtcMillis now) const;

  // Nothing if the id is unknown or not in that list now.
  std::optional<Event> game(std::int64_t game_id, UtcMillis now) const;
  std::optional<Event> in_play_event(std::int64_t live_id, UtcMillis now) const;
  std::optional<Event> played(std::int64_t game_id, UtcMillis now) const;  // in play, by that id
  std::optional<Event> announced_event(std::int64_t live_id, UtcMillis now) const;

  EventNames names(const Event& event) const;
  MatchState state(const Event& event, UtcMillis now) const;  // now between kickoff and end
  // Average number of goals (points, sets) the home and the away side get in this event.
  std::pair<double, double> strengths(const Event& event) const;
  // When the event's prices last moved, on the grid of steps.
  UtcMillis last_move(const Event& event, Source source, UtcMillis now) const;
  // Whether the bookmaker has this market for this event at all, whatever the moment.
  bool has_market(const Event& event, Source source, const MarketSpec& spec) const;

  // Day in Nairobi minus today in Nairobi.
  static std::int64_t day_index(UtcMillis kickoff, UtcMillis now);

 private:
  struct Lane {
    Sport sport = Sport::Football;
    bool cup = false;
    bool played_live = false;  // one match after the other; otherwise prematch only
    bool listed_early = true;  // the next match is in the prematch list while one is played
    std::int64_t cycle_ms = 0;
    std::int64_t start_ms = 0;  // kick-off of cycle 0
  };
  Event event(std::uint32_t lane, std::int64_t cycle) const;
  std::int64_t current_cycle(const Lane& lane, UtcMillis now) const;
  // The lane's events that may be listed or played now: the next one, the current one and as many
  // before as may have been put off until now.
  template <class AsListed>
  std::vector<Event> listed(std::size_t lanes, AsListed as_listed, UtcMillis now) const;
  std::optional<CalledOff> called_off(const Event& event) const;
  // The event as it is listed or played now, if it is.
  std::optional<Event> as_upcoming(Event event, UtcMillis now) const;
  std::optional<Event> as_played(Event event, UtcMillis now) const;
  std::optional<Event> by_id(std::int64_t id, std::int64_t first, std::size_t lanes) const;

  WorldConfig config_;
  std::vector<Lane> lanes_;  // the live ones first
  std::size_t live_lanes_ = 0;
  Millis longest_delay_{0};  // from an event's first kick-off to the last end it may have
};

}  // namespace oddsloom::sim
