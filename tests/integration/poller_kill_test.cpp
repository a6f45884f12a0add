// Pollers as processes of their own, killed with kill -9 again and again on a budget that reaches
// for a few looks in each of their lives, while workers go on. What those saw is in the store, and
// a poller that comes back goes on from there: nobody is looked at again and again while others
// wait. Afterwards the store comes to equal what the bookmaker offers by itself, and nothing was
// said twice.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <random>
#include <set>
#include <thread>

#include "sim/simulator.h"
#include "support/fleet.h"
#include "support/wait_until.h"

namespace oddsloom {
namespace {

using test::Pipeline;
using test::Program;
using test::wait_until;

class PollerKill : public testing::Test {
 protected:
  static sim::SimulatorConfig world() {
    sim::SimulatorConfig config;
    config.world.upcoming = 20;
    config.world.live = 24;
    config.world.step = Millis(250);
    config.world.epoch = now_utc();
    return config;
  }
  // By event in play: when it was last seen.
  std::map<std::string, UtcMillis> seen() {
    std::map<std::string, UtcMillis> out;
    for (const Seen& one :
         Pipeline::must(pipeline.reader->seen("BookieDelta", Source::Live, std::nullopt, 10'000)))
      if (one.id.bet_type == "three_way") out[one.id.event_id] = one.observed_at;
    return out;
  }
  std::set<std::string> playing() {
    std::set<std::string> out;
    for (const auto& [period, work] :
         test::events_of(test::read_truth(pipeline.simulator->truth_json()), Source::Live))
      out.insert(work.event_id);
    return out;
  }
  // Of those in play all along, who was not seen since.
  std::vector<std::string> not_seen_since(UtcMillis since, const std::set<std::string>& at_first) {
    std::vector<std::string> out;
    const auto times = seen();
    for (const std::string& event : playing())
      if (const auto at = times.find(event);
          at_first.contains(event) && (at == times.end() || at->second < since))
        out.push_back(event);
    return out;
  }

  Pipeline pipeline{world()};
  // One event a request, and so few of them that a poller's life is over long before all had their
  // turn.
  test::Fleet fleet{pipeline,
                    {{"ODDSLOOM_BOOKMAKER_BOOKIEDELTA_REQUESTS_PER_SECOND", "4"},
                     {"ODDSLOOM_BOOKMAKER_BOOKIEDELTA_BURST", "1"},
                     {"ODDSLOOM_EXTRACT_MOST_IDS", "1"}}};
};

TEST_F(PollerKill, KilledPollersForgetNobodyAndSayNothingTwice) {
  Program worker = fleet.worker("live");
  const auto poller = [&] { return fleet.listener("live", false, {"--poll"}); };
  auto polling = std::make_unique<Program>(poller());
  const std::set<std::string> at_first = playing();
  ASSERT_GT(at_first.size(), 15U);
  ASSERT_TRUE(wait_until([&] { return seen().size() > 4; })) << polling->err();

  std::minstd_rand random(11);
  int kills = 0;
  const auto live_a_little = [&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1'500 + random() % 1'500));
    ASSERT_TRUE(polling->running()) << polling->err();
    polling->signal(SIGKILL);
    ASSERT_EQ(polling->wait(), 128 + SIGKILL);
    polling = std::make_unique<Program>(poller());
    ++kills;
  };
  // Until everybody was seen twice, each time by several of them.
  for (int round = 0; round < 2; ++round) {
    const UtcMillis since = now_utc();
    const int before = kills;
    while (!not_seen_since(since, at_first).empty() && kills < before + 40) live_a_little();
    EXPECT_EQ(not_seen_since(since, at_first), std::vector<std::string>{});
    EXPECT_GE(kills, before + 2) << "one life was enough; the test shows nothing";
  }

  pipeline.simulator->freeze();
  const auto differences = [&] {
    auto truth = test::read_truth(pipeline.simulator->truth_json());
    std::erase_if(truth, [](const auto& market) { return market.id.source != Source::Live; });
    return test::differences(truth, *pipeline.reader);
  };
  EXPECT_TRUE(wait_until([&] { return differences().empty(); })) << differences().front();
  for (Program* program : {polling.get(), &worker}) {
    program->signal(SIGTERM);
    EXPECT_EQ(program->wait(), 0) << program->err();
  }
  Program last = fleet.worker("live", true);  // what the pollers left on the streams
  EXPECT_EQ(last.wait(), 0) << last.err();
  EXPECT_EQ(pipeline.left(), 0U);
  const StoreCounts counts = Pipeline::must(pipeline.reader->counts());
  EXPECT_EQ(counts.documents, counts.records);
  EXPECT_EQ(counts.announcements, counts.documents);
  EXPECT_EQ(fleet.announced_once(), counts.documents);
  EXPECT_EQ(counts.dead, 0U);
}

}  // namespace
}  // namespace oddsloom
