// What a poller does with events whose day or place changes while it runs, by a clock that the test
// sets: the simulated bookmaker's own, which stands still in between.
#include <gtest/gtest.h>

#include <algorithm>

#include "discover/poller.h"
#include "sim/world.h"
#include "support/pipeline.h"
#include "support/wait_until.h"

namespace oddsloom {
namespace {

using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;
using test::Pipeline;

constexpr UtcMillis kEvening{1'768'507'200'000};   // 2026-01-15 23:00 in Nairobi
constexpr UtcMillis kMidnight{1'768'510'800'000};  // there

sim::WorldConfig world_config() {
  sim::WorldConfig out;
  out.upcoming = 120;
  out.live = 24;
  out.epoch = kEvening;
  return out;
}

class Night {
 public:
  explicit Night(bool adaptive, sim::WorldConfig world = world_config())
      : is_adaptive(adaptive), pipeline(simulator(std::move(world))) {
    set(kEvening);
  }

  // Everybody's clock stands at this moment from now on.
  void set(UtcMillis at) {
    pipeline.simulator->thaw();
    pipeline.ahead = (at - now_utc()).count();
    pipeline.simulator->freeze();
  }

  void start(Source source) {
    pollers.emplace_back(
        [parts = parts(metrics(source)), config = config(source)](std::stop_token stop) mutable {
          auto done = run_poller(std::move(parts), config, stop);
          EXPECT_TRUE(done) << done.error().text();
        });
  }

  // After start() and after every set() by more than a minute: until the one round of upcoming
  // lists that follows is over. Another poller's tells how many pages it has.
  void lists_read() {
    PollerMetrics counted;
    PollerConfig once = config(Source::Upcoming);
    once.once = true;
    once.bet_types = {"btts"};
    EXPECT_TRUE(run_poller(parts(counted), once, {}));
    pages += counted.pages.value();
    EXPECT_TRUE(test::wait_until([&] { return upcoming.pages.value() >= pages; }));
  }

  // The day's stream each event was put on since the last call; -1: on several.
  std::map<std::string, int> appended(Source source) {
    std::map<std::string, int> out;
    for (int period = 0; period < (source == Source::Live ? 1 : kPeriods); ++period)
      for (const Entry& entry :
           Pipeline::must(pipeline.streams->claim({{pipeline.stream("three_way", source, period)},
                                                   "test:1:0",
                                                   100'000,
                                                   Millis(3'600'000),
                                                   Millis(0)}))) {
        const auto [at, is_new] = out.emplace(entry.work.event_id, period);
        if (!is_new && at->second != period) at->second = -1;
        starts[entry.work.event_id] = entry.work.start_time;
      }
    return out;
  }

  // Until every one of `events` is appended, all that was since the last call.
  std::map<std::string, int> appended_until(Source source, const std::vector<std::string>& events) {
    std::map<std::string, int> out;
    EXPECT_TRUE(test::wait_until([&] {
      for (const auto& [id, period] : appended(source)) out[id] = period;
      return std::all_of(events.begin(), events.end(),
                         [&](const std::string& event) { return out.contains(event); });
    })) << events.back();
    return out;
  }

  PollerMetrics& metrics(Source source) { return source == Source::Live ? live : upcoming; }

  static sim::SimulatorConfig simulator(sim::WorldConfig world) {
    sim::SimulatorConfig out;
    out.world = std::move(world);
    return out;
  }

  PollerParts parts(PollerMetrics& counters) {
    HttpClientConfig http;
    http.total_timeout = Millis(2'000);
    return {*pipeline.bookmaker,
            Pipeline::must(pipeline.store->work_streams()),
            Pipeline::must(HttpClient::create(http)),
            *pipeline.budget,
            counters,
            [this] { return pipeline.simulator->now(); },
            Pipeline::must(pipeline.store->reader())};
  }
  PollerConfig config(Source source) const {
    PollerConfig out;
    out.source = source;
    out.bet_types = {"three_way"};
    out.base_url = pipeline.simulator->base_url();
    out.adaptive = is_adaptive;
    out.upcoming_list_every = lists_every;
    out.requests_per_second = out.burst = requests_per_second;
    return out;
  }

  const bool is_adaptive;
  Millis lists_every{60'000};          // of upcoming events
  double requests_per_second = 1'000;  // while the clock stands nothing is added to them
  PollerMetrics upcoming, live;
  std::uint64_t pages = 0;  // of upcoming lists, in the rounds that are over
  Pipeline pipeline;
  std::map<std::string, std::optional<UtcMillis>> starts;  // by event, as last appended
  std::vector<std::jthread> pollers;                       // end before what they use
};

// Of those whose sport's lists are read: football.
template <class Wanted>
sim::Event football(const std::vector<sim::Event>& events, Wanted wanted) {
  for (const sim::Event& event : events)
    if (event.sport == sim::Sport::Football && wanted(event)) return event;
  throw std::runtime_error("the simulated world has no such event");
}

// One that stays upcoming all night, to see that the poller works.
std::string witness() {
  return std::to_string(football(sim::World(world_config()).upcoming(kEvening), [](const auto& e) {
                          return e.kickoff > kMidnight + hours(30) &&
                                 e.kickoff < kMidnight + hours(40);
                        }).game_id);
}

class PollerNights : public testing::TestWithParam<bool> {};
std::string name_of(const testing::TestParamInfo<bool>& mode) {
  return mode.param ? "Adaptive" : "Fixed";
}
INSTANTIATE_TEST_SUITE_P(Schedules, PollerNights, testing::Bool(), name_of);

TEST_P(PollerNights, AtMidnightInNairobiAnEventOfTomorrowComesOnTodaysStream) {
  const auto event = football(sim::World(world_config()).upcoming(kEvening), [](const auto& e) {
    return e.kickoff > kMidnight + hours(3) && e.kickoff < kMidnight + hours(24);
  });
  const std::string id = std::to_string(event.game_id);
  Night night(GetParam());
  night.set(kMidnight - seconds(1));
  night.start(Source::Upcoming);
  EXPECT_EQ(night.appended_until(Source::Upcoming, {id})[id], 1);
  night.set(kMidnight + minutes(20));
  EXPECT_EQ(night.appended_until(Source::Upcoming, {id})[id], 0);
}

TEST_P(PollerNights, AtKickOffAnEventLeavesTheUpcomingStreamsForTheLiveOne) {
  const auto event = football(sim::World(world_config()).announced(kEvening),
                              [](const auto& e) { return e.kickoff < kEvening + minutes(90); });
  const std::string game = std::to_string(event.game_id), played = std::to_string(event.live_id);
  Night night(GetParam());
  night.set(event.kickoff - seconds(1));
  night.start(Source::Upcoming);
  night.start(Source::Live);
  night.lists_read();
  night.appended_until(Source::Upcoming, {game, witness()});
  EXPECT_TRUE(test::wait_until([&] { return night.live.known.value() > 0; }));
  EXPECT_FALSE(night.appended(Source::Live).contains(played));
  night.set(event.kickoff + seconds(6));  // live lists are read every five
  EXPECT_TRUE(night.appended_until(Source::Live, {played}).contains(played));
  night.set(event.kickoff + minutes(2));  // the others every minute
  night.lists_read();
  night.appended(Source::Upcoming);
  night.appended(Source::Live);
  night.set(event.kickoff + minutes(30));
  EXPECT_FALSE(night.appended_until(Source::Upcoming, {witness()}).contains(game));
  EXPECT_TRUE(night.appended_until(Source::Live, {played}).contains(played));
}

TEST_P(PollerNights, APostponedEventIsLookedAtAtOnceAndGoesToItsNewDay) {
  const auto event = football(sim::World(world_config()).upcoming(kEvening), [](const auto& e) {
    return e.kickoff > kMidnight + hours(24) && e.kickoff < kMidnight + hours(30);
  });
  const std::string id = std::to_string(event.game_id);
  sim::WorldConfig world = world_config();
  world.called_off = {{event.game_id, kEvening + seconds(31), event.kickoff + hours(48)}};
  Night night(GetParam(), world);
  night.lists_every = seconds(30);
  night.start(Source::Upcoming);
  EXPECT_EQ(night.appended_until(Source::Upcoming, {id, witness()})[id], 2);
  night.lists_read();
  night.set(kEvening + seconds(32));  // too soon for the look that was due
  night.lists_read();
  // It may have come along in somebody's request before the list was read: then it is looked at
  // again when that look is over, here in vain.
  if (GetParam()) night.set(kEvening + seconds(45));
  std::map<std::string, int> after;
  EXPECT_TRUE(test::wait_until([&] {
    for (const auto& [event_id, day] : night.appended(Source::Upcoming)) after[event_id] = day;
    return after.contains(id) && after.at(id) == 4;
  }));
  EXPECT_EQ(night.starts.at(id), event.kickoff + hours(48));
  // In a request that is not full others may come along.
  if (!GetParam()) {
    EXPECT_FALSE(after.contains(witness()));
  }
}

TEST_P(PollerNights, AnEventThatDisappearsIsNotLookedAtAnyMore) {
  const auto event = football(sim::World(world_config()).upcoming(kEvening), [](const auto& e) {
    return e.kickoff > kMidnight + hours(3) && e.kickoff < kMidnight + hours(20);
  });
  const std::string id = std::to_string(event.game_id);
  sim::WorldConfig world = world_config();
  world.called_off = {{event.game_id, kEvening + seconds(61)}};
  Night night(GetParam(), world);
  night.start(Source::Upcoming);
  EXPECT_EQ(night.appended_until(Source::Upcoming, {id, witness()})[id], 1);
  night.lists_read();
  night.set(kEvening + seconds(62));
  night.lists_read();
  night.appended(Source::Upcoming);
  night.set(kEvening + minutes(30));
  EXPECT_FALSE(night.appended_until(Source::Upcoming, {witness()}).contains(id));
}

// Three pages a round, and one request a second: every 30 s instead of every 5 s.
TEST(PollerLists, TakeATenthOfASmallBudget) {
  Night night(true);
  night.requests_per_second = 1;
  night.start(Source::Live);
  ASSERT_TRUE(test::wait_until([&] { return night.live.pages.value() == 3; }));
  ASSERT_TRUE(test::wait_until([&] { return night.live.requests.value() > 0; }));
  const auto looks = night.live.requests.value();
  night.set(kEvening + seconds(20));
  ASSERT_TRUE(test::wait_until([&] { return night.live.requests.value() > looks; }));
  // Had a round begun by now, its pages would be there when another poller has read them twice.
  PollerMetrics other;
  PollerConfig once = night.config(Source::Live);
  once.once = true;
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(run_poller(night.parts(other), once, {}));
  EXPECT_EQ(night.live.pages.value(), 3U);
  night.set(kEvening + seconds(31));
  EXPECT_TRUE(test::wait_until([&] { return night.live.pages.value() == 6; }));
}

}  // namespace
}  // namespace oddsloom
