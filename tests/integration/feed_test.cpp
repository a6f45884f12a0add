// The feed as people run it: listeners and workers as processes of their own, a feed that is cut,
// garbled, restarted and repeats itself, listeners that are killed. Afterwards the store equals
// what the bookmaker offers, and no change stands in the log twice.
#include <gtest/gtest.h>
#include <signal.h>

#include <thread>

#include "sim/simulator.h"
#include "support/fleet.h"
#include "support/redis_server.h"
#include "support/wait_until.h"

namespace oddsloom {
namespace {

using test::Fleet;
using test::Pipeline;
using test::Program;
using test::wait_until;

sim::SimulatorConfig world() {
  sim::SimulatorConfig config;
  config.world.upcoming = 20;
  config.world.live = 40;
  config.world.step = Millis(250);
  config.world.epoch = now_utc();
  return config;
}

class FeedRun {
 public:
  explicit FeedRun(const std::string& store_url = "") : pipeline(world(), store_url) {}

  Program listener(const std::vector<std::string>& ways) {
    std::vector<std::string> arguments{"listen",
                                       "BookieDelta",
                                       "live",
                                       "--store",
                                       pipeline.store_url,
                                       "--base-url",
                                       pipeline.simulator->base_url()};
    arguments.insert(arguments.end(), ways.begin(), ways.end());
    return Program(arguments, {{{"ODDSLOOM_LOG_LEVEL", "info"}}, ""});
  }
  void faults(const std::string& text) {
    auto plan = sim::parse_faults(text);
    ASSERT_TRUE(plan) << plan.error().text();
    pipeline.simulator->set_faults(*plan);
  }
  std::uint64_t clients() const { return pipeline.simulator->stats().feed_clients; }
  std::uint64_t changes() { return Pipeline::must(pipeline.reader->counts()).changes; }

  void expect_truth_and_no_change_twice() {
    fleet.last_look(2);
    EXPECT_EQ(
        test::differences(test::read_truth(pipeline.simulator->truth_json()), *pipeline.reader),
        std::vector<std::string>{});
    std::map<RecordId, ContentHash> last;
    for (std::uint64_t after = 0;;) {
      const auto page = Pipeline::must(pipeline.reader->changes(after, 500));
      if (page.empty()) break;
      for (const Change& change : page) {
        const ContentHash hash = content_hash(change.record);
        const auto [at, is_new] = last.try_emplace(change.record.id(), hash);
        EXPECT_TRUE(is_new || !(at->second == hash)) << change.record.id().text();
        at->second = hash;
      }
      after = page.back().sequence;
    }
    const StoreCounts counts = Pipeline::must(pipeline.reader->counts());
    EXPECT_EQ(fleet.announced_once(), counts.documents);
  }

  // A worker, and a listener that is killed and started again while the feed misbehaves.
  void play_and_kill(const std::vector<std::string>& ways) {
    Program worker = fleet.worker("live");
    auto listening = std::make_unique<Program>(listener(ways));
    ASSERT_TRUE(wait_until([&] { return clients() == 1 && changes() > 100; })) << listening->err();
    faults("feed_cut=0.01,feed_restart=0.003,feed_garble=0.02,feed_duplicate=0.2,500=0.05");
    for (int kill = 0; kill < 4; ++kill) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
      listening->signal(SIGKILL);
      ASSERT_EQ(listening->wait(), 128 + SIGKILL) << listening->err();
      listening = std::make_unique<Program>(listener(ways));
    }
    faults("");
    const auto before = changes();
    ASSERT_TRUE(wait_until([&] { return clients() == 1 && changes() > before + 50; }))
        << listening->err();
    listening->signal(SIGTERM);
    EXPECT_EQ(listening->wait(), 0) << listening->err();
    worker.signal(SIGTERM);
    EXPECT_EQ(worker.wait(), 0) << worker.err();
    expect_truth_and_no_change_twice();
  }

  Pipeline pipeline;
  Fleet fleet{pipeline};
};

TEST(FeedIntegration, AFeedAndPollsSurviveFaultsAndKills) { FeedRun().play_and_kill({}); }

TEST(FeedIntegration, TheFeedAloneSurvivesFaultsAndKills) { FeedRun().play_and_kill({"--socket"}); }

TEST(FeedIntegration, OnRedisToo) {
  test::RedisServer server;
  FeedRun(server.url()).play_and_kill({"--socket", "--poll"});
}

TEST(FeedIntegration, PollsAloneDoNotConnect) {
  FeedRun run;
  Program polling = run.listener({"--poll"});
  ASSERT_TRUE(wait_until([&] { return run.pipeline.left() > 0; })) << polling.err();
  EXPECT_EQ(run.clients(), 0U);
  polling.signal(SIGTERM);
  EXPECT_EQ(polling.wait(), 0) << polling.err();
}

TEST(FeedIntegration, WhatCannotBeListenedToIsSaid) {
  FeedRun run;
  const auto upcoming = test::run_program(
      {"listen", "BookieDelta", "upcoming", "--socket", "--store", run.pipeline.store_url});
  EXPECT_EQ(upcoming.exit_code, 2);
  EXPECT_NE(upcoming.err.find("declares no feed of the source upcoming"), std::string::npos)
      << upcoming.err;
  const auto once = test::run_program(
      {"listen", "BookieDelta", "live", "--socket", "--once", "--store", run.pipeline.store_url});
  EXPECT_EQ(once.exit_code, 2);
  EXPECT_NE(once.err.find("--once"), std::string::npos) << once.err;
}

}  // namespace
}  // namespace oddsloom
