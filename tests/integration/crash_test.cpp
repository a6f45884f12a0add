// Four worker processes over one store, three of them killed with kill -9 again and again while the
// site fails one request in ten: afterwards the store equals what the bookmaker offers, and nothing
// was lost or said twice.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <random>
#include <thread>

#include "sim/simulator.h"
#include "support/fleet.h"

namespace oddsloom {
namespace {

using test::Pipeline;
using test::Program;

std::chrono::seconds duration() {
  const char* seconds = std::getenv("ODDSLOOM_CRASH_SECONDS");
  return std::chrono::seconds(seconds ? std::atoi(seconds) : 40);
}

class CrashTest : public testing::Test {
 protected:
  static sim::SimulatorConfig world() {
    sim::SimulatorConfig config;
    config.world.upcoming = 2000;
    config.world.live = 150;
    config.world.epoch = now_utc();
    return config;
  }

  Pipeline pipeline{world()};
  test::Fleet fleet{pipeline};
};

TEST_F(CrashTest, KilledWorkersLoseNothingAndSayNothingTwice) {
  const auto at_start = test::read_truth(pipeline.simulator->truth_json());
  const std::string bad_upcoming =
      test::events_of(at_start, Source::Upcoming).back().second.event_id;
  const std::string bad_live = test::events_of(at_start, Source::Live).back().second.event_id;
  auto plan = sim::parse_faults(
      "429=0.01,500=0.02,503=0.01,hang=0.005,slow=0.005,truncate=0.01,badjson=0.01,challenge=0.01,"
      "html=0.01,"
      "shape=0.005,redirect=0.005,slow_time=1s,event:" +
      bad_upcoming + "=500,event:" + bad_live + "=truncate");
  ASSERT_TRUE(plan) << plan.error().text();
  pipeline.simulator->set_faults(*plan);

  const std::vector<std::string> sources{"upcoming", "upcoming", "live", "live"};
  std::vector<Program> listeners;
  listeners.push_back(fleet.listener("upcoming"));
  listeners.push_back(fleet.listener("live"));
  std::vector<std::unique_ptr<Program>> workers;
  for (const std::string& source : sources)
    workers.push_back(std::make_unique<Program>(fleet.worker(source)));

  // The first worker lives; one of the others dies every second or so and is started again.
  std::minstd_rand random(7);
  int kills = 0;
  for (const auto end = std::chrono::steady_clock::now() + duration();
       std::chrono::steady_clock::now() < end;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300 + random() % 1400));
    const std::size_t victim = 1 + random() % 3;
    ASSERT_TRUE(workers[victim]->running()) << workers[victim]->err();
    workers[victim]->signal(SIGKILL);
    ASSERT_EQ(workers[victim]->wait(), 128 + SIGKILL);
    workers[victim] = std::make_unique<Program>(fleet.worker(sources[victim]));
    ++kills;
  }
  EXPECT_TRUE(workers[0]->running()) << workers[0]->err();
  for (auto& program : listeners) {
    program.signal(SIGTERM);
    EXPECT_EQ(program.wait(), 0) << program.err();
  }
  for (auto& program : workers) {
    program->signal(SIGTERM);
    EXPECT_EQ(program->wait(), 0) << program->err();
  }

  fleet.last_look(4);

  auto truth = test::read_truth(pipeline.simulator->truth_json());
  std::erase_if(truth, [&](const test::TrueMarket& market) {
    return market.id.event_id == bad_upcoming || market.id.event_id == bad_live;
  });
  EXPECT_EQ(test::differences(truth, *pipeline.reader), std::vector<std::string>{});

  const StoreCounts counts = Pipeline::must(pipeline.reader->counts());
  EXPECT_EQ(fleet.announced_once(), counts.documents);
  EXPECT_EQ(counts.documents, counts.records);
  EXPECT_EQ(counts.announcements, counts.documents);

  EXPECT_EQ(pipeline.left(), 0U);
  for (const DeadLetter& letter : Pipeline::must(pipeline.streams->dead(100'000))) {
    EXPECT_TRUE(letter.work.event_id == bad_upcoming || letter.work.event_id == bad_live)
        << letter.reason;
    EXPECT_NE(
        letter.reason.find(letter.work.event_id == bad_upcoming ? "server error" : "transport"),
        std::string::npos)
        << letter.reason;
  }
  EXPECT_GT(counts.dead, 0U);
  std::printf("%d kills, %llu documents, %llu changes, %llu dead letters of 2 events\n", kills,
              static_cast<unsigned long long>(counts.documents),
              static_cast<unsigned long long>(counts.changes),
              static_cast<unsigned long long>(counts.dead));
}

}  // namespace
}  // namespace oddsloom
