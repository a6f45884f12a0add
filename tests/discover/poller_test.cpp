// Step 1 against the simulated bookmaker's real lists.
#include "discover/poller.h"

#include <gtest/gtest.h>

#include <set>

#include "support/pipeline.h"
#include "support/wait_until.h"

namespace oddsloom {
namespace {

using test::all_bet_types;
using test::Pipeline;

class PollerTest : public testing::Test {
 protected:
  static sim::SimulatorConfig world() {
    sim::SimulatorConfig config;
    config.world.upcoming = 400;  // several pages
    config.world.live = 40;
    config.world.epoch = now_utc();
    return config;
  }
  void SetUp() override {
    pipeline.simulator->freeze();
    truth = test::read_truth(pipeline.simulator->truth_json());
  }
  PollerParts parts(Clock clock = system_clock()) {
    HttpClientConfig http;
    http.total_timeout = Millis(2'000);
    return {*pipeline.bookmaker,
            Pipeline::must(pipeline.store->work_streams()),
            Pipeline::must(HttpClient::create(http)),
            *pipeline.budget,
            metrics,
            std::move(clock)};
  }
  PollerConfig config(Source source) const {
    PollerConfig out;
    out.source = source;
    out.bet_types = all_bet_types();
    out.base_url = pipeline.simulator->base_url();
    out.once = true;
    out.retry = {8, Millis(5), Millis(20)};
    return out;
  }
  std::vector<Entry> all_entries(const std::string& bet_type, Source source, int period) {
    return Pipeline::must(pipeline.streams->claim({{pipeline.stream(bet_type, source, period)},
                                                   "test:1:0",
                                                   100'000,
                                                   Millis(60'000),
                                                   Millis(0)}));
  }

  Pipeline pipeline{world()};
  std::vector<test::TrueMarket> truth;
  PollerMetrics metrics;
};

TEST_F(PollerTest, EveryListedEventComesOnTheStreamOfItsDayForEveryBetType) {
  // By the simulator's clock, which stands still: the day cannot change in between.
  const auto done =
      run_poller(parts([this] { return pipeline.simulator->now(); }), config(Source::Upcoming), {});
  ASSERT_TRUE(done) << done.error().text();
  std::map<std::string, int> day_of;
  for (const auto& [period, work] : test::events_of(truth, Source::Upcoming))
    day_of[work.event_id] = period;
  ASSERT_GT(day_of.size(), 200U);
  for (const std::string& bet_type : all_bet_types()) {
    std::map<std::string, int> found;
    for (int period = 0; period < kPeriods; ++period)
      for (const Entry& entry : all_entries(bet_type, Source::Upcoming, period)) {
        EXPECT_FALSE(found.contains(entry.work.event_id)) << "twice: " << entry.work.event_id;
        found[entry.work.event_id] = period;
      }
    for (const auto& [event_id, period] : day_of) {
      ASSERT_TRUE(found.contains(event_id)) << bet_type << " " << event_id;
      EXPECT_EQ(found[event_id], period) << event_id;
    }
  }
}

TEST_F(PollerTest, AnEntryTellsWhatTheListKnows) {
  ASSERT_TRUE(run_poller(parts(), config(Source::Live), {}));
  std::map<std::string, WorkEntry> known;
  for (const auto& [period, work] : test::events_of(truth, Source::Live))
    known[work.event_id] = work;
  ASSERT_GT(known.size(), 10U);
  std::size_t compared = 0;
  for (const Entry& entry : all_entries("btts", Source::Live, 0))
    if (const auto at = known.find(entry.work.event_id); at != known.end()) {
      EXPECT_EQ(entry.work, at->second);
      ++compared;
    }
  EXPECT_EQ(compared, known.size());
}

TEST_F(PollerTest, ListsThatFailNowAndThenAreReadAllTheSame) {
  pipeline.simulator->set_faults(*sim::parse_faults("500=0.1,challenge=0.1,badjson=0.1"));
  PollerConfig patient = config(Source::Upcoming);
  for (int round = 0; round < 20; ++round)  // a page may fail too often in one round
    if (run_poller(parts(), patient, {})) break;
  EXPECT_GT(metrics.page_failures.value(), 0U);
  std::set<std::string> found;
  for (int period = 0; period < kPeriods; ++period)
    for (const Entry& entry : all_entries("three_way", Source::Upcoming, period))
      found.insert(entry.work.event_id);
  for (const auto& [period, work] : test::events_of(truth, Source::Upcoming))
    EXPECT_TRUE(found.contains(work.event_id));
}

TEST_F(PollerTest, AListThatCannotBeReadIsAnErrorThatNamesIt) {
  pipeline.simulator->set_faults(*sim::parse_faults("500=1"));
  const auto done = run_poller(parts(), config(Source::Live), {});
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().text().find("BookieDelta live_list: HTTP 500"), std::string::npos)
      << done.error().text();
}

TEST_F(PollerTest, NothingIsAppendedBeyondTheBacklog) {
  PollerConfig small = config(Source::Upcoming);
  small.most_backlog = 30;
  ASSERT_TRUE(run_poller(parts(), small, {}));
  EXPECT_EQ(pipeline.left(), 30U);
  EXPECT_GT(metrics.held_back.value(), 0U);
}

TEST_F(PollerTest, LiveEventsAreLookedAtAgainAndAgainUntilAStop) {
  PollerConfig steady = config(Source::Live);
  steady.once = false;
  steady.live_look_every = Millis(20);
  std::jthread poller([&](std::stop_token stop) {
    auto done = run_poller(parts(), steady, stop);
    EXPECT_TRUE(done) << done.error().text();
  });
  EXPECT_TRUE(test::wait_until([&] {
    return metrics.known.value() > 0 &&
           metrics.appended.value() >= static_cast<std::uint64_t>(metrics.known.value()) * 3 * 3;
  }));
}

}  // namespace
}  // namespace oddsloom
