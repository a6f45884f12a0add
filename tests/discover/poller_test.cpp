// Step 1 against the simulated bookmaker's real lists.
#include "discover/poller.h"

#include <gtest/gtest.h>

#include <algorithm>
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
            std::move(clock),
            Pipeline::must(pipeline.store->reader())};
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

  PollerConfig busy() const {
    PollerConfig out = config(Source::Live);
    out.once = false;
    out.requests_per_second = out.burst = 50;
    out.live_look_least = Millis(100);
    return out;
  }
  std::jthread start(PollerConfig with) {
    return std::jthread([this, with = std::move(with)](std::stop_token stop) {
      auto done = run_poller(parts(), with, std::move(stop));
      EXPECT_TRUE(done) << done.error().text();
    });
  }
  std::jthread start_worker(const std::vector<std::string>& bet_types = all_bet_types()) {
    WorkerConfig with = pipeline.worker_config(Source::Live);
    with.drain = false;
    std::erase_if(with.streams, [&](const StreamId& stream) {
      return std::find(bet_types.begin(), bet_types.end(), stream.bet_type) == bet_types.end();
    });
    return std::jthread([this, with = std::move(with)](std::stop_token stop) {
      auto done = run_worker(pipeline.parts(), with, std::move(stop));
      EXPECT_TRUE(done) << done.error().text();
    });
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

TEST_F(PollerTest, AtFixedIntervalsLiveEventsAreLookedAtAgainAndAgainUntilAStop) {
  PollerConfig steady = config(Source::Live);
  steady.once = steady.adaptive = false;
  steady.live_look_every = Millis(20);
  const auto poller = start(steady);
  EXPECT_TRUE(test::wait_until([&] {
    return metrics.known.value() > 0 &&
           metrics.appended.value() >= static_cast<std::uint64_t>(metrics.known.value()) * 3 * 3;
  }));
}

TEST_F(PollerTest, WhatIsSeenIsLookedAtAgainAndWhatIsNotMaySoonBe) {
  pipeline.simulator->thaw();
  const auto poller = start(busy());
  const auto worker = start_worker();
  EXPECT_TRUE(test::wait_until([&] {
    return metrics.known.value() > 0 && pipeline.metrics.events_fetched.value() >=
                                            static_cast<std::uint64_t>(metrics.known.value()) * 4;
  }));
  EXPECT_EQ(metrics.out_of_reach.value(), 0);
  EXPECT_TRUE(test::wait_until([&] { return metrics.past_limit.value() == 0; }));
}

TEST_F(PollerTest, NothingIsPutOnStreamsThatNobodyWorksOff) {
  PollerConfig idle = busy();
  idle.requests_per_second = 4;  // six requests' worth may lie there
  idle.most_ids = 2;
  const auto poller = start(idle);
  EXPECT_TRUE(test::wait_until([&] { return metrics.held_back.value() > 5; }));
  EXPECT_LE(metrics.requests.value(), 6U);
  EXPECT_EQ(pipeline.left(), metrics.appended.value());
  // A worker comes, and all goes on.
  const auto worker = start_worker();
  EXPECT_TRUE(test::wait_until([&] { return metrics.requests.value() > 12; }));
}

TEST_F(PollerTest, ABetTypeThatNobodyWorksOffHoldsUpNoOther) {
  PollerConfig small = busy();
  small.requests_per_second = 100;
  small.most_ids = 1;
  small.most_backlog = 3 * 60;  // 60 of each bet type
  const auto poller = start(small);
  const auto worker = start_worker({"three_way", "btts"});
  EXPECT_TRUE(test::wait_until([&] {
    std::uint64_t left = 0;
    for (const StreamStatistics& one : Pipeline::must(pipeline.streams->statistics()))
      if (one.stream.bet_type == "double_chance") left = one.length;
    return left >= 60 && metrics.appended.value() > 3 * 60 + 200;
  }));
  EXPECT_LE(pipeline.left(), small.most_backlog + 3 * 60);
}

TEST_F(PollerTest, ABudgetThatDoesNotReachIsSaidToBeTooSmall) {
  PollerConfig poor = busy();
  poor.requests_per_second = 1;
  poor.most_ids = 1;
  const auto poller = start(poor);
  const auto worker = start_worker();
  EXPECT_TRUE(test::wait_until([&] { return metrics.out_of_reach.value() == 1; }));
  EXPECT_GT(metrics.needed_milli.value(), 1'000);
  EXPECT_LE(metrics.allowed_milli.value(), 1'000);
  EXPECT_TRUE(test::wait_until([&] { return metrics.past_limit.value() > 0; }));
}

TEST_F(PollerTest, AfterARestartEverythingIsLookedAtAgain) {
  {
    const auto poller = start(busy());
    const auto worker = start_worker();
    EXPECT_TRUE(test::wait_until([&] {
      return metrics.known.value() > 0 && pipeline.metrics.events_fetched.value() >=
                                              static_cast<std::uint64_t>(metrics.known.value());
    }));
  }
  const UtcMillis restarted = now_utc();
  const auto poller = start(busy());
  const auto worker = start_worker();
  std::set<std::string> playing;
  for (const auto& [period, work] : test::events_of(truth, Source::Live))
    playing.insert(work.event_id);
  EXPECT_TRUE(test::wait_until([&] {
    std::set<std::string> seen;
    for (const MatchDocument& document : pipeline.documents())
      for (const auto& [bookmaker, record] : document.records)
        if (record.observed_at >= restarted) seen.insert(record.event_id);
    return std::includes(seen.begin(), seen.end(), playing.begin(), playing.end());
  }));
}

}  // namespace
}  // namespace oddsloom
