// The program on Redis, while processes and servers die: afterwards the store equals what the
// bookmaker offers, and nothing was lost or said twice.
#include <gtest/gtest.h>
#include <signal.h>

#include <random>
#include <thread>

#include "sim/simulator.h"
#include "support/fleet.h"
#include "support/redis_replicas.h"
#include "support/redis_server.h"
#include "support/wait_until.h"

namespace oddsloom {
namespace {

using test::Fleet;
using test::Pipeline;
using test::Program;

sim::SimulatorConfig world(std::size_t upcoming, std::size_t live) {
  sim::SimulatorConfig config;
  config.world.upcoming = static_cast<int>(upcoming);
  config.world.live = static_cast<int>(live);
  config.world.epoch = now_utc();
  return config;
}

void end(Program& program) {
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 0) << program.err();
}

void expect_truth(Pipeline& pipeline) {
  EXPECT_EQ(test::differences(test::read_truth(pipeline.simulator->truth_json()), *pipeline.reader),
            std::vector<std::string>{});
  EXPECT_EQ(pipeline.left(), 0U);
}

TEST(RedisIntegration, KilledWorkersOverFiveThousandEventsMakeOneDocumentAndOneAnnouncementEach) {
  test::RedisServer server;
  // Of five days of events; just before midnight the list's days hold four of them.
  Pipeline pipeline{world(5'700, 0), server.url()};
  pipeline.simulator->freeze();
  // Slow enough for some kills before all is done.
  Fleet fleet{pipeline,
              {{"ODDSLOOM_EXTRACT_MOST_IDS", "10"},
               {"ODDSLOOM_EXTRACT_VISIBILITY", "2s"},
               {"ODDSLOOM_BOOKMAKER_BOOKIEDELTA_REQUESTS_PER_SECOND", "20"},
               {"ODDSLOOM_BOOKMAKER_BOOKIEDELTA_BURST", "5"}}};
  {
    Program once = fleet.listener("upcoming", true);
    ASSERT_EQ(once.wait(), 0) << once.err();
  }
  const auto truth = test::read_truth(pipeline.simulator->truth_json());
  const std::size_t events = test::events_of(truth, Source::Upcoming).size();
  ASSERT_GE(pipeline.left(), 3 * 4'500U);

  std::vector<std::unique_ptr<Program>> workers;
  for (int i = 0; i < 4; ++i)
    workers.push_back(std::make_unique<Program>(fleet.worker("upcoming")));
  std::minstd_rand random(11);
  int kills = 0;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(240);
  while (pipeline.left() > 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300 + random() % 900));
    const std::size_t victim = 1 + random() % 3;
    workers[victim]->signal(SIGKILL);
    ASSERT_EQ(workers[victim]->wait(), 128 + SIGKILL) << workers[victim]->err();
    workers[victim] = std::make_unique<Program>(fleet.worker("upcoming"));
    ++kills;
  }
  for (auto& worker : workers) end(*worker);

  EXPECT_GT(kills, 2);
  expect_truth(pipeline);
  const StoreCounts counts = Pipeline::must(pipeline.reader->counts());
  EXPECT_EQ(fleet.announced_once(), counts.documents);
  EXPECT_EQ(counts.announcements, counts.documents);
  EXPECT_EQ(counts.records, counts.documents);
  EXPECT_EQ(counts.changes, counts.documents);
  EXPECT_EQ(counts.documents, truth.size());
  EXPECT_EQ(counts.dead, 0U);
  std::printf("%d kills, %zu events, %llu documents, %llu announcements\n", kills, events,
              static_cast<unsigned long long>(counts.documents),
              static_cast<unsigned long long>(counts.announcements));
}

TEST(RedisIntegration, AServerThatStopsForTenSecondsAndForgetsItsScriptsCostsNothing) {
  test::RedisServerOptions options;
  options.persistent = true;
  test::RedisServer server(options);
  Pipeline pipeline{world(400, 40), server.url()};
  Fleet fleet{pipeline};
  Program listen_upcoming = fleet.listener("upcoming"), listen_live = fleet.listener("live");
  Program upcoming = fleet.worker("upcoming"), live = fleet.worker("live");
  const auto documents = [&] { return Pipeline::must(pipeline.reader->counts()).documents; };
  ASSERT_TRUE(test::wait_until([&] { return documents() > 200; })) << live.err();

  server.stop();
  std::this_thread::sleep_for(std::chrono::seconds(10));
  for (Program* program : {&listen_upcoming, &listen_live, &upcoming, &live})
    EXPECT_TRUE(program->running()) << program->err();
  server.start();
  const auto changes = [&] { return Pipeline::must(pipeline.reader->counts()).changes; };
  const auto after_restart = changes();
  EXPECT_TRUE(test::wait_until([&] { return changes() > after_restart + 20; })) << live.err();
  server.cli("SCRIPT", "FLUSH");
  const auto after_flush = changes();
  EXPECT_TRUE(test::wait_until([&] { return changes() > after_flush + 20; })) << live.err();

  for (Program* program : {&listen_upcoming, &listen_live, &upcoming, &live}) end(*program);
  fleet.last_look(2);
  expect_truth(pipeline);
  const StoreCounts counts = Pipeline::must(pipeline.reader->counts());
  EXPECT_EQ(counts.announcements, counts.documents);
  EXPECT_EQ(counts.dead, 0U);
}

TEST(RedisIntegration, AReplicaThatIsPromotedGoesOnWhereThePrimaryDied) {
  test::RedisReplicas replicas;
  Pipeline pipeline{world(400, 40), replicas.url()};
  Fleet fleet{pipeline};
  Program listen_upcoming = fleet.listener("upcoming"), listen_live = fleet.listener("live");
  Program upcoming = fleet.worker("upcoming"), live = fleet.worker("live");
  const auto documents = [&] { return Pipeline::must(pipeline.reader->counts()).documents; };
  ASSERT_TRUE(test::wait_until([&] { return documents() > 200; })) << live.err();

  replicas.primary().kill();
  replicas.wait_for_failover();
  const auto changes = [&] {
    const auto counts = pipeline.reader->counts();
    return counts ? counts->changes : 0;
  };
  ASSERT_TRUE(test::wait_until([&] { return changes() > 0; }));
  const auto after_failover = changes();
  EXPECT_TRUE(test::wait_until([&] { return changes() > after_failover + 20; })) << live.err();

  for (Program* program : {&listen_upcoming, &listen_live, &upcoming, &live}) end(*program);
  fleet.last_look(2);
  expect_truth(pipeline);
  const StoreCounts counts = Pipeline::must(pipeline.reader->counts());
  EXPECT_EQ(counts.announcements, counts.documents);
  EXPECT_EQ(counts.dead, 0U);
}

}  // namespace
}  // namespace oddsloom
