// A match that is put off on the evening it was to be played, and one that is called off: pollers,
// workers and store follow the lists, in the same documents and with one announcement each, until
// the one is played two days later. The real parts over HTTP, by the simulated bookmaker's clock,
// which runs as ours does and jumps between the acts.
#include <gtest/gtest.h>

#include "discover/poller.h"
#include "sim/world.h"
#include "support/fleet.h"
#include "support/wait_until.h"

namespace oddsloom {
namespace {

using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;
using test::Pipeline;
using test::wait_until;

// 23:00 in Nairobi, of a day to come: the store's own clock stays behind.
UtcMillis next_evening() {
  constexpr std::int64_t kDay = 86'400'000;
  return UtcMillis{(now_utc().value / kDay + 1) * kDay} + hours(20);
}

class Postponed : public testing::Test {
 protected:
  static sim::WorldConfig usual_world(UtcMillis evening) {
    sim::WorldConfig out;
    out.upcoming = 60;
    out.live = 24;
    out.epoch = evening;
    return out;
  }
  static sim::Event football_after(const std::vector<sim::Event>& events, UtcMillis from) {
    for (const sim::Event& event : events)
      if (event.sport == sim::Sport::Football && event.kickoff >= from) return event;
    throw std::runtime_error("the simulated world has no such match");
  }
  sim::SimulatorConfig world() const {
    sim::SimulatorConfig out;
    out.world = usual_world(evening);
    out.world.called_off = {{put_off.game_id, evening + minutes(5), later},
                            {called_off.game_id, evening + minutes(5)}};
    return out;
  }

  void SetUp() override {
    go_to(evening);
    for (const Source source : {Source::Upcoming, Source::Live}) {
      crew.emplace_back([this, source](std::stop_token stop) {
        PollerConfig config;
        config.source = source;
        config.bet_types = test::all_bet_types();
        config.base_url = pipeline.simulator->base_url();
        config.live_list_every = config.upcoming_list_every = seconds(1);
        config.requests_per_second = config.burst = 100;
        const auto done =
            run_poller({*pipeline.bookmaker, Pipeline::must(pipeline.store->work_streams()), http(),
                        *pipeline.budget, lists, clock, Pipeline::must(pipeline.store->reader())},
                       config, stop);
        EXPECT_TRUE(done) << done.error().text();
      });
      crew.emplace_back([this, source](std::stop_token stop) {
        WorkerConfig config = pipeline.worker_config(source);
        config.drain = false;
        WorkerParts parts = pipeline.parts();
        parts.http = http();
        parts.clock = clock;
        const auto done = run_worker(std::move(parts), config, stop);
        EXPECT_TRUE(done) << done.error().text();
      });
    }
  }

  void go_to(UtcMillis at) { pipeline.ahead = (at - now_utc()).count(); }
  std::unique_ptr<HttpClient> http() { return Pipeline::must(HttpClient::create({}, clock)); }

  // What the store holds of an event's three-way market, and under which key.
  struct Held {
    std::string key;
    Record record;
  };
  std::optional<Held> held(Source source, std::int64_t event_id) {
    DocumentFilter filter;
    filter.source = source;
    filter.bet_type = "three_way";
    filter.event_id = std::to_string(event_id);
    const auto documents = pipeline.documents(filter);
    EXPECT_LE(documents.size(), 1U) << "a second document of " << event_id;
    if (documents.empty()) return std::nullopt;
    return Held{documents[0].key, documents[0].records.begin()->second};
  }
  bool seen_since(Source source, std::int64_t event_id, UtcMillis at) {
    const auto found = held(source, event_id);
    return found && found->record.observed_at >= at;
  }

  const UtcMillis evening = next_evening();
  const sim::Event put_off =
      football_after(sim::World(usual_world(evening)).announced(evening), evening + minutes(20));
  const sim::Event called_off = football_after(sim::World(usual_world(evening)).announced(evening),
                                               put_off.kickoff + Millis(1));
  const UtcMillis later = put_off.kickoff + hours(44);
  Pipeline pipeline{world()};
  const Clock clock = [this] { return pipeline.simulator->now(); };
  PollerMetrics lists;
  std::vector<std::jthread> crew;  // last: they use everything above
};

TEST_F(Postponed, AMatchKeepsItsDocumentThroughItsNewKickOffAndIsPlayedThen) {
  for (const sim::Event* event : {&put_off, &called_off})
    ASSERT_TRUE(wait_until([&] { return held(Source::Upcoming, event->game_id).has_value(); }));
  const Held before = *held(Source::Upcoming, put_off.game_id);
  EXPECT_EQ(before.record.start_time, put_off.kickoff);

  // It becomes known.
  go_to(evening + minutes(6));
  ASSERT_TRUE(wait_until(
      [&] { return held(Source::Upcoming, put_off.game_id)->record.start_time == later; }));
  const Held after = *held(Source::Upcoming, put_off.game_id);
  EXPECT_EQ(after.key, before.key);
  EXPECT_NE(after.record.target_date, before.record.target_date);
  EXPECT_TRUE(after.record.offered);
  EXPECT_GE(after.record.changed_at, evening + minutes(5)) << "readers of changes are told";

  // The time at which it was to be played passes: it is upcoming still, and confirmed.
  go_to(put_off.kickoff + minutes(1));
  ASSERT_TRUE(
      wait_until([&] { return seen_since(Source::Upcoming, put_off.game_id, put_off.kickoff); }));
  EXPECT_TRUE(held(Source::Upcoming, put_off.game_id)->record.offered);
  EXPECT_FALSE(held(Source::Live, put_off.live_id));

  // Two nights later it is played; what was upcoming of it is confirmed no more.
  go_to(later + seconds(2));
  ASSERT_TRUE(wait_until([&] { return seen_since(Source::Live, put_off.live_id, later); }));
  EXPECT_EQ(held(Source::Live, put_off.live_id)->record.start_time, later);
  const auto witness =
      football_after(sim::World(world().world).upcoming(later + seconds(2)), later + minutes(30))
          .game_id;
  ASSERT_TRUE(
      wait_until([&] { return seen_since(Source::Upcoming, witness, later + seconds(2)); }));
  const Held last = *held(Source::Upcoming, put_off.game_id);
  EXPECT_EQ(last.key, before.key);
  EXPECT_TRUE(!last.record.offered || last.record.observed_at < later);

  // What was called off was not seen since, and never played.
  const Held gone = *held(Source::Upcoming, called_off.game_id);
  EXPECT_TRUE(!gone.record.offered || gone.record.observed_at < evening + minutes(5));
  EXPECT_FALSE(held(Source::Live, called_off.live_id));

  crew.clear();
  const StoreCounts counts = Pipeline::must(pipeline.reader->counts());
  EXPECT_EQ(counts.documents, counts.records);
  EXPECT_EQ(counts.announcements, counts.documents);
  EXPECT_EQ(test::Fleet(pipeline).announced_once(), counts.documents);
}

}  // namespace
}  // namespace oddsloom
