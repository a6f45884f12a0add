// The loop, with everything around it real: HTTP to the simulated bookmaker, SQLite, the
// BookieDelta folder.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/pipeline.h"
#include "support/wait_until.h"

namespace oddsloom {
namespace {

using test::all_bet_types;
using test::Pipeline;

sim::SimulatorConfig small_world() {
  sim::SimulatorConfig config;
  config.world.upcoming = 200;
  config.world.live = 30;
  config.world.epoch = now_utc();
  return config;
}

// Football events that offer all three bet types, so that counts are easy to state.
std::vector<WorkEntry> complete_events(const std::vector<test::TrueMarket>& truth, Source source,
                                       std::size_t most) {
  std::map<std::string, std::pair<std::size_t, WorkEntry>> seen;
  std::vector<WorkEntry> out;
  for (const test::TrueMarket& market : truth) {
    if (market.id.source != source || market.work.sport_id != "1") continue;
    auto& [markets, work] = seen[market.id.event_id];
    work = market.work;
    if (++markets == all_bet_types().size() && out.size() < most) out.push_back(work);
  }
  return out;
}

class WorkerTest : public testing::Test {
 protected:
  void use(sim::SimulatorConfig config) {
    pipeline = std::make_unique<Pipeline>(std::move(config));
    pipeline->simulator->freeze();
    truth = test::read_truth(pipeline->simulator->truth_json());
  }
  void faults(const std::string& text) {
    auto plan = sim::parse_faults(text);
    ASSERT_TRUE(plan) << plan.error().text();
    pipeline->simulator->set_faults(*plan);
  }
  void expect_truth_of(const std::vector<WorkEntry>& events) {
    std::set<std::string> ids;
    for (const WorkEntry& event : events) ids.insert(event.event_id);
    std::vector<test::TrueMarket> wanted;
    std::copy_if(truth.begin(), truth.end(), std::back_inserter(wanted),
                 [&](const test::TrueMarket& market) { return ids.contains(market.id.event_id); });
    EXPECT_EQ(test::differences(wanted, *pipeline->reader), std::vector<std::string>{});
  }

  std::unique_ptr<Pipeline> pipeline;
  std::vector<test::TrueMarket> truth;
};

TEST_F(WorkerTest, ThreeBetTypesOfOneEventCostOneRequest) {
  use(small_world());
  const auto events = complete_events(truth, Source::Upcoming, 1);
  ASSERT_EQ(events.size(), 1U);
  pipeline->push(events, all_bet_types());
  pipeline->drain(pipeline->worker_config());
  EXPECT_EQ(pipeline->metrics.requests.value(), 1U);
  EXPECT_EQ(pipeline->metrics.records_created.value(), 3U);
  EXPECT_EQ(pipeline->documents().size(), 3U);
  EXPECT_EQ(pipeline->left(), 0U);
  expect_truth_of(events);
}

TEST_F(WorkerTest, FiftyUpcomingEventsCostOneRequest) {
  use(small_world());
  const auto events = complete_events(truth, Source::Upcoming, 50);
  ASSERT_EQ(events.size(), 50U);
  pipeline->push(events, all_bet_types());
  pipeline->drain(pipeline->worker_config());
  EXPECT_EQ(pipeline->metrics.requests.value(), 1U);
  EXPECT_EQ(pipeline->simulator->stats().total_requests(), 1U);
  EXPECT_EQ(pipeline->metrics.entries_done.value(), 150U);
  expect_truth_of(events);
}

TEST_F(WorkerTest, LiveEventsShareRequestsToo) {
  use(small_world());
  const auto events = complete_events(truth, Source::Live, 15);
  ASSERT_GE(events.size(), 5U);
  pipeline->push(events, all_bet_types(), Source::Live);
  pipeline->drain(pipeline->worker_config(Source::Live));
  EXPECT_EQ(pipeline->metrics.requests.value(), 1U);
  expect_truth_of(events);
}

TEST_F(WorkerTest, EverythingOfferedArrivesWhateverTheSport) {
  use(small_world());
  for (const Source source : {Source::Upcoming, Source::Live}) {
    for (const auto& [period, work] : test::events_of(truth, source))
      pipeline->push({work}, all_bet_types(), source, period);
    pipeline->drain(pipeline->worker_config(source));
  }
  EXPECT_EQ(test::differences(truth, *pipeline->reader), std::vector<std::string>{});
  EXPECT_TRUE(pipeline->dead().empty());
  EXPECT_EQ(pipeline->left(), 0U);
}

TEST_F(WorkerTest, ABatchThatNeverFillsIsCommittedAllTheSame) {
  use(small_world());
  WorkerConfig config = pipeline->worker_config();
  config.drain = false;
  config.batch = 50;
  std::jthread worker([&](std::stop_token stop) {
    auto done = run_worker(pipeline->parts(), config, stop);
    EXPECT_TRUE(done) << done.error().text();
  });
  const auto events = complete_events(truth, Source::Upcoming, 1);
  pipeline->push(events, {"three_way"});
  EXPECT_TRUE(
      test::wait_until([&] { return !pipeline->documents().empty() && pipeline->left() == 0; }));
}

TEST_F(WorkerTest, TooManyIdsAreSplitUntilTheyPass) {
  auto world = small_world();
  world.max_ids = 10;
  use(world);
  const auto events = complete_events(truth, Source::Upcoming, 40);
  pipeline->push(events, all_bet_types());
  pipeline->drain(pipeline->worker_config());
  EXPECT_TRUE(pipeline->dead().empty());
  EXPECT_GT(pipeline->metrics.failed(FailureKind::TooMany).value(), 0U);
  EXPECT_EQ(pipeline->metrics.entries_delayed.value(), 0U);  // a split is no failed attempt
  expect_truth_of(events);
}

TEST_F(WorkerTest, OneBadEventIsBuriedWithItsReasonAndDoesNotSpoilItsCompanions) {
  use(small_world());
  auto events = complete_events(truth, Source::Upcoming, 50);
  const std::string bad = events[7].event_id;
  faults("event:" + bad + "=500");
  pipeline->push(events, all_bet_types());
  pipeline->drain(pipeline->worker_config());
  const auto dead = pipeline->dead();
  ASSERT_EQ(dead.size(), 3U);
  for (const DeadLetter& letter : dead) {
    EXPECT_EQ(letter.work.event_id, bad);
    EXPECT_NE(letter.reason.find("server error"), std::string::npos) << letter.reason;
    EXPECT_NE(letter.reason.find("BookieDelta upcoming_markets"), std::string::npos)
        << letter.reason;
    EXPECT_NE(letter.reason.find(bad), std::string::npos) << letter.reason;
  }
  std::erase_if(events, [&](const WorkEntry& event) { return event.event_id == bad; });
  expect_truth_of(events);
}

TEST_F(WorkerTest, BlockedTruncatedAndChangedFormatAreThreeDifferentReasons) {
  use(small_world());
  const auto events = complete_events(truth, Source::Upcoming, 3);
  faults("event:" + events[0].event_id + "=challenge,event:" + events[1].event_id +
         "=badjson,event:" + events[2].event_id + "=shape");
  pipeline->push(events, {"three_way"});
  pipeline->drain(pipeline->worker_config());
  std::map<std::string, std::string> reasons;
  for (const DeadLetter& letter : pipeline->dead()) reasons[letter.work.event_id] = letter.reason;
  EXPECT_NE(reasons[events[0].event_id].find("blocked"), std::string::npos)
      << reasons[events[0].event_id];
  EXPECT_NE(reasons[events[1].event_id].find("truncated"), std::string::npos)
      << reasons[events[1].event_id];
  EXPECT_NE(reasons[events[2].event_id].find("changed format"), std::string::npos)
      << reasons[events[2].event_id];
  EXPECT_TRUE(pipeline->documents().empty());
}

TEST_F(WorkerTest, PassingTroubleOfEveryKindIsOvercome) {
  use(small_world());
  faults(
      "429=0.05,500=0.05,503=0.05,truncate=0.05,badjson=0.05,challenge=0.05,html=0.05,shape=0.05,"
      "drop=0.05,redirect=0.05");
  const auto events = complete_events(truth, Source::Upcoming, 100);
  pipeline->push(events, all_bet_types());
  WorkerConfig config = pipeline->worker_config();
  config.most_ids = 5;
  config.retry.most_attempts = 30;
  config.missing_event_attempts = 30;
  pipeline->drain(config);
  EXPECT_TRUE(pipeline->dead().empty());
  EXPECT_GT(pipeline->metrics.entries_delayed.value(), 0U);
  expect_truth_of(events);
}

TEST_F(WorkerTest, AnEntryMayNameADocumentInsteadOfAnEvent) {
  use(small_world());
  const auto events = complete_events(truth, Source::Upcoming, 1);
  pipeline->push(events, {"three_way"});
  pipeline->drain(pipeline->worker_config());
  const auto documents = pipeline->documents();
  ASSERT_EQ(documents.size(), 1U);
  WorkEntry by_document;
  by_document.data_key = documents[0].key;
  WorkEntry by_key;
  by_key.data_key = "bookiedelta:upcoming:0:" + events[0].event_id;
  pipeline->push({by_document}, {"btts"});
  pipeline->push({by_key}, {"double_chance"});
  pipeline->drain(pipeline->worker_config());
  EXPECT_TRUE(pipeline->dead().empty());
  expect_truth_of(events);
}

TEST_F(WorkerTest, WithoutNamesTheyComeFromTheThreeWayMarketAskedForAlongside) {
  use(small_world());
  auto events = complete_events(truth, Source::Upcoming, 1);
  WorkEntry bare;
  bare.event_id = events[0].event_id;
  pipeline->push({bare}, {"btts"});
  pipeline->drain(pipeline->worker_config());
  EXPECT_EQ(pipeline->metrics.requests.value(), 1U);
  const auto documents = pipeline->documents();
  ASSERT_EQ(documents.size(), 1U);
  const Record& record = documents[0].records.at("BookieDelta");
  EXPECT_EQ(record.bet_type, "btts");
  EXPECT_EQ(record.home, events[0].home);
  EXPECT_EQ(record.away, events[0].away);
  EXPECT_FALSE(record.start_time);
}

TEST_F(WorkerTest, AnUnchangedAnswerIsNotMappedAgainAndChangesNothingButTheAge) {
  use(small_world());
  const auto events = complete_events(truth, Source::Upcoming, 20);
  WorkerConfig config = pipeline->worker_config();
  config.drain = false;
  std::jthread worker(
      [&](std::stop_token stop) { (void)run_worker(pipeline->parts(), config, stop); });
  pipeline->push(events, all_bet_types());
  ASSERT_TRUE(test::wait_until([&] { return pipeline->left() == 0; }));
  DocumentFilter btts;
  btts.bet_type = "btts";
  const auto before = pipeline->documents(btts);
  const auto changes = Pipeline::must(pipeline->reader->counts()).changes;
  pipeline->push(events, all_bet_types());
  ASSERT_TRUE(test::wait_until([&] { return pipeline->left() == 0; }));
  // Counted a moment after it is stored.
  EXPECT_TRUE(test::wait_until([&] { return pipeline->metrics.records_same.value() > 0; }));
  EXPECT_EQ(Pipeline::must(pipeline->reader->counts()).changes, changes);
  const auto after = pipeline->documents(btts);
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    const Record& then = before[i].records.at("BookieDelta");
    const Record& now = after[i].records.at("BookieDelta");
    EXPECT_GT(now.observed_at, then.observed_at);
    EXPECT_EQ(now.changed_at, then.changed_at);
  }
}

TEST_F(WorkerTest, OfTwentyEqualAnswersOneIsMappedAndTheOthersMoveNothingButTheAge) {
  constexpr std::size_t kEvents = 20, kPasses = 20;
  use(small_world());
  const auto events = complete_events(truth, Source::Upcoming, kEvents);
  WorkerConfig config = pipeline->worker_config();
  config.drain = false;
  config.linger = Millis(1);
  config.most_ids = 1;  // so that the questions are the same each time
  std::jthread worker(
      [&](std::stop_token stop) { (void)run_worker(pipeline->parts(), config, stop); });
  ExtractMetrics& metrics = pipeline->metrics;
  for (std::size_t pass = 1; pass <= kPasses; ++pass) {
    pipeline->push(events, {"three_way"});
    ASSERT_TRUE(test::wait_until([&] { return metrics.entries_done.value() == pass * kEvents; }));
  }
  EXPECT_EQ(metrics.requests.value(), kPasses * kEvents);
  EXPECT_EQ(metrics.answers_mapped.value(), kEvents);
  EXPECT_EQ(metrics.answers_unchanged.value(), (kPasses - 1) * kEvents);
  EXPECT_EQ(metrics.records_created.value(), kEvents);
  EXPECT_EQ(metrics.records_same.value(), (kPasses - 1) * kEvents);
  EXPECT_EQ(metrics.sightings_refused.value(), 0U);
  EXPECT_EQ(Pipeline::must(pipeline->reader->counts()).changes, kEvents);
}

TEST_F(WorkerTest, WhatTheStoreHasLostOrChangedIsMappedAgainThoughTheAnswerIsTheSame) {
  use(small_world());
  const auto events = complete_events(truth, Source::Upcoming, 2);
  WorkerConfig config = pipeline->worker_config();
  config.drain = false;
  config.linger = Millis(1);
  std::jthread worker(
      [&](std::stop_token stop) { (void)run_worker(pipeline->parts(), config, stop); });
  ExtractMetrics& metrics = pipeline->metrics;
  const auto pass = [&](std::uint64_t done) {
    pipeline->push(events, {"three_way"});
    ASSERT_TRUE(test::wait_until([&] { return metrics.entries_done.value() == done; }));
  };
  pass(2);
  const auto book = Pipeline::must(pipeline->store->match_book());
  Record changed = pipeline->documents()[0].records.at("BookieDelta");
  changed.outcomes[0].price = Price{77'000};
  changed.observed_at = now_utc();
  ASSERT_EQ(Pipeline::must(commit(*book, {{changed}, {}, {}, {}})).at(0), Committed::Merged);
  test::wait_until([&] { return now_utc() > changed.observed_at; });
  pass(4);
  EXPECT_GT(metrics.sightings_refused.value(), 0U);
  std::set<std::string> ids{events[0].event_id, events[1].event_id};
  std::vector<test::TrueMarket> wanted;
  for (const test::TrueMarket& market : truth)
    if (ids.contains(market.id.event_id) && market.id.bet_type == "three_way" &&
        market.id.source == Source::Upcoming)
      wanted.push_back(market);
  EXPECT_EQ(test::differences(wanted, *pipeline->reader), std::vector<std::string>{});
  EXPECT_EQ(pipeline->left(), 0U);
}

// A feed may have said something newer while the answer was under way.
TEST_F(WorkerTest, AnAnswerIsASightingOfTheMomentItWasAskedFor) {
  sim::SimulatorConfig slow = small_world();
  slow.latency = Millis(200);
  use(slow);
  const auto events = complete_events(truth, Source::Live, 1);
  ASSERT_EQ(events.size(), 1U);
  pipeline->push(events, all_bet_types(), Source::Live);
  pipeline->drain(pipeline->worker_config(Source::Live));
  const UtcMillis after = now_utc();
  const auto documents = pipeline->documents();
  ASSERT_EQ(documents.size(), 3U);
  for (const MatchDocument& document : documents)
    EXPECT_LE(document.records.at("BookieDelta").observed_at + slow.latency, after);
}

TEST_F(WorkerTest, WhatWaitedPastMidnightOnYesterdaysStreamIsOfTheDayThatItIsNow) {
  use(small_world());
  std::map<std::string, int> day_of;
  for (const auto& [period, work] : test::events_of(truth, Source::Upcoming)) {
    if (period > 3 || work.sport_id != "1") continue;
    day_of[work.event_id] = period;
    pipeline->push({work}, {"three_way"}, Source::Upcoming, period + 1);
  }
  ASSERT_FALSE(day_of.empty());
  pipeline->drain(pipeline->worker_config());
  const auto documents = pipeline->documents();
  EXPECT_FALSE(documents.empty());
  for (const MatchDocument& document : documents)
    for (const auto& [bookmaker, record] : document.records)
      EXPECT_EQ(record.period, day_of.at(record.event_id)) << record.event_id;
}

TEST_F(WorkerTest, WithNothingInHandNewWorkIsLookedForAtOnce) {
  use(small_world());
  const auto events = complete_events(truth, Source::Upcoming, 2);
  WorkerConfig config = pipeline->worker_config();
  config.drain = false;
  config.linger = Millis(0);
  WorkerParts parts = pipeline->parts();
  // The clock stands still: what was put off does not come about.
  parts.clock = [now = now_utc()] { return now; };
  std::jthread worker(
      [&](std::stop_token stop) { (void)run_worker(std::move(parts), config, stop); });
  for (const WorkEntry& event : events) {
    pipeline->push({event}, {"three_way"});
    EXPECT_TRUE(test::wait_until([&] { return pipeline->left() == 0; }, std::chrono::seconds(20)));
  }
}

TEST_F(WorkerTest, AStopGivesBackWhatItCouldNotFinishAsIfItHadNeverBeenClaimed) {
  use(small_world());
  const auto events = complete_events(truth, Source::Upcoming, 10);
  faults("event:" + events[0].event_id + "=hang");
  WorkerConfig config = pipeline->worker_config();
  config.drain = false;
  config.stop_grace = Millis(50);
  {
    std::jthread worker([&](std::stop_token stop) {
      auto done = run_worker(pipeline->parts(), config, stop);
      EXPECT_TRUE(done) << done.error().text();
    });
    pipeline->push(events, {"three_way"});
    ASSERT_TRUE(test::wait_until([&] { return pipeline->metrics.in_flight.value() > 0; }));
  }
  EXPECT_EQ(pipeline->left(), 10U);
  auto again = pipeline->streams->claim(
      {{pipeline->stream("three_way")}, "other:1:0", 50, Millis(1000), Millis(1000)});
  ASSERT_TRUE(again);
  ASSERT_EQ(again->size(), 10U);
  for (const Entry& entry : *again) {
    EXPECT_EQ(entry.deliveries, 1);
    EXPECT_EQ(entry.attempts, 0);
  }
}

TEST_F(WorkerTest, AnEntryDeliveredTooOftenIsBuried) {
  use(small_world());
  const auto events = complete_events(truth, Source::Upcoming, 1);
  pipeline->push(events, {"three_way"});
  for (int i = 0; i < 3; ++i)  // three workers that died over it
    ASSERT_EQ(pipeline->streams
                  ->claim({{pipeline->stream("three_way")}, "dead:1:0", 5, Millis(0), Millis(1000)})
                  ->size(),
              1U);
  WorkerConfig config = pipeline->worker_config();
  config.most_deliveries = 3;
  pipeline->drain(config);
  const auto dead = pipeline->dead();
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_NE(dead[0].reason.find("delivered 4 times"), std::string::npos) << dead[0].reason;
}

TEST_F(WorkerTest, AMarketThatIsNoLongerOfferedIsWithdrawn) {
  use(small_world());
  const auto events = complete_events(truth, Source::Upcoming, 1);
  pipeline->push(events, all_bet_types());
  pipeline->drain(pipeline->worker_config());
  // The event vanishes from the answers: after a second look its prices are no prices any more.
  faults("event:" + events[0].event_id + "=drop");
  pipeline->push(events, all_bet_types());
  pipeline->drain(pipeline->worker_config());
  EXPECT_TRUE(pipeline->dead().empty());
  for (const MatchDocument& document : pipeline->documents()) {
    const Record& record = document.records.at("BookieDelta");
    EXPECT_FALSE(record.offered);
    EXPECT_FALSE(record.outcomes.empty());
    for (const Outcome& outcome : record.outcomes) EXPECT_FALSE(outcome.usable);
  }
}

TEST_F(WorkerTest, SeveralWorkersShareTheWorkWithoutDoingItTwice) {
  use(small_world());
  const auto events = complete_events(truth, Source::Upcoming, 100);
  pipeline->push(events, all_bet_types());
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < 4; ++i)
      workers.emplace_back([&, i] {
        WorkerConfig config = pipeline->worker_config();
        config.consumer = "test:1:" + std::to_string(i);
        config.most_ids = 5;
        auto done = run_worker(pipeline->parts(), config, {});
        EXPECT_TRUE(done) << done.error().text();
      });
  }
  const auto counts = Pipeline::must(pipeline->reader->counts());
  EXPECT_EQ(counts.documents, events.size() * 3);
  EXPECT_EQ(counts.announcements, events.size() * 3);
  EXPECT_EQ(pipeline->metrics.entries_done.value(), events.size() * 3);
  EXPECT_EQ(pipeline->left(), 0U);
  expect_truth_of(events);
}

}  // namespace
}  // namespace oddsloom
