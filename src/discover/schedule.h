// Decides which events to look at next, so that stored prices are wrong for as short a time as the
// budget allows: events whose prices change often, those a hint or the kick-off speaks for and
// those nearing their freshness limit come first. The poller tells it what it learns and asks it
// for one request's worth of events at a time.
//
// Pure: no clock, no threads, no I/O; equal input gives equal decisions. A decision costs O(log n)
// in the number of events; memory grows with the events known now and nothing else. One thread.
// docs/decisions/0008-schedule.md holds the reasoning and what it was measured to gain.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "base/time.h"
#include "discover/change_rate.h"

namespace oddsloom {

struct ScheduleConfig {
  double requests_per_second = 1;    // that looks and lists together may spend; above 0
  double burst = 1;                  // requests that may go at once at the start; at least 1
  std::size_t ids_per_request = 1;   // events one request can carry; at least 1
  Millis fresh_for{15'000};          // a price seen longer ago is none
  Millis look_least{1'000};          // no event is looked at sooner again, but after a hint
  double changes_per_second = 0.03;  // of an event about which nothing is known yet
  Millis answer_longest{10'000};     // after which a look without an answer counts as made in vain
};

struct EventFacts {
  std::uint32_t group = 0;  // events of one group may share a request
  bool in_play = false;
  bool paused = false;  // in play, but half time or the like
  std::optional<UtcMillis> kick_off{};

  bool operator==(const EventFacts&) const = default;
};

// What was seen of an event, whoever looked.
struct Look {
  UtcMillis observed_at;
  bool changed = false;    // different from the sighting before
  bool suspended = false;  // a market was: it will be back soon, and at another price
  Millis lasted{0};        // of the first one told of an event: for so long nothing had changed
};

class Schedule {
 public:
  using Slot = std::uint32_t;  // names an event; free for another one after remove()

  explicit Schedule(ScheduleConfig config);

  // Wants its first look at once, unless a sighting by others turns up before.
  Slot add(const EventFacts& facts, UtcMillis now);
  void update(Slot slot, const EventFacts& facts, UtcMillis now);
  void remove(Slot slot);
  // Something says that it has changed: a goal, another phase, a moved kick-off, a feed.
  void hint(Slot slot, UtcMillis now);
  // Sightings that are not newer than the last one change nothing.
  void saw(Slot slot, const Look& look, UtcMillis now);

  // The events of the next request, most urgent first; none while the budget is spent or nothing is
  // worth a request. They are not given again before they were seen or answer_longest has passed.
  std::vector<Slot> next(UtcMillis now);
  // Requests of the same budget that were used for something else.
  void spent(double requests, UtcMillis now);

  std::size_t size() const { return size_; }
  std::size_t asked() const { return asked_.size(); }  // given and not seen since

  // How far the budget reaches. Costs O(n).
  struct Report {
    double allowed = 0;          // requests a second that are left for looks
    double needed = 0;           // that would keep every event within its freshness limit
    std::size_t past_limit = 0;  // events last seen longer ago than the limit
    std::size_t delayed = 0;     // events that have waited for budget alone for a second or more
    Millis longest_delay{0};     // of those
    bool feasible() const { return needed <= allowed; }
  };
  Report report(UtcMillis now) const;

 private:
  static constexpr int kClasses = 40;  // by rate of change, half an octave each

  struct Event {
    EventFacts facts;
    ChangeRate rate{1};
    bool known = false;               // the slot is in use
    bool seen = false;                // ever
    UtcMillis seen_at;                // last sighting; when it was added, if there was none
    UtcMillis since;                  // that or a look in vain after it: what queues go by
    std::optional<UtcMillis> hinted;  // and not seen since
    std::optional<UtcMillis> asked;
    std::optional<UtcMillis> suspended;  // since
    int rate_class = 0;
    UtcMillis review;  // when its rate class is to be looked at again; 0 = never
  };
  struct Place {
    UtcMillis since;
    Slot slot = 0;
    auto operator<=>(const Place&) const = default;
  };
  using Queue = std::set<Place>;
  struct Group {
    std::size_t events = 0;
    std::array<Queue, kClasses> calm;  // nothing is known since the last look; longest ago first
    Queue hinted;
  };
  struct Pick {
    double worth = 0;
    std::vector<Slot> slots;
  };

  static bool is_new(const Event& event) {  // nothing but its first look is asked for
    return !event.seen && event.hinted == event.seen_at;
  }
  double pace(const Event& event, UtcMillis now) const;
  UtcMillis next_review(const Event& event, UtcMillis now) const;
  int class_of(const Event& event, UtcMillis now) const;
  void enqueue(Slot slot, UtcMillis now);
  void dequeue(Slot slot);
  void forget_asked(Slot slot);
  void keep_time(UtcMillis now);
  double allowed() const;
  double most_saved() const;
  double needed() const;
  bool is_due(const Place& place, int rate_class, bool guarded, UtcMillis now) const;
  bool has_work(const Group& group, bool guarded, UtcMillis now) const;
  Pick pick(const Group& group, bool guarded, UtcMillis now) const;

  ScheduleConfig config_;
  Millis lead_;  // looks start so long before the freshness limit: answers take their time
  std::array<double, kClasses> class_rate_{};
  std::array<Millis, kClasses> class_least_{};  // shortest time between looks
  std::vector<Event> events_;                   // by slot
  std::vector<Slot> free_;
  std::size_t size_ = 0;
  std::map<std::uint32_t, Group> groups_;
  std::set<Place> asked_;    // by when they were given
  std::set<Place> reviews_;  // by when they are due
  double tokens_ = 1;
  double others_ = 0;  // requests a second spent on something else, lately
  UtcMillis at_;       // the latest time it was told
};

}  // namespace oddsloom
