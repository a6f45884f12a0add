// The socket listener and a worker against the simulated bookmaker's real feed: what it says comes
// into the store by itself, and whatever goes wrong with it is healed.
#include "discover/socket_listener.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include "support/pipeline.h"
#include "support/wait_until.h"

namespace oddsloom {
namespace {

using test::all_bet_types;
using test::Pipeline;
using test::wait_until;

class SocketListenerTest : public testing::Test {
 protected:
  static sim::SimulatorConfig world() {
    sim::SimulatorConfig config;
    config.world.upcoming = 4;
    config.world.live = 24;
    config.world.step = Millis(200);
    config.world.epoch = now_utc();
    return config;
  }

  void SetUp() override {
    // The program's own folder, less patient.
    const std::string file = ODDSLOOM_SOURCE_DIR "/bookmakers/BookieDelta/bookmaker.toml";
    std::ifstream in(file);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    for (const auto& [what, with] :
         {std::pair<std::string, std::string>{"silence = \"30s\"", silence},
          {"most_lag = \"2s\"", "most_lag = \"400ms\""}}) {
      ASSERT_NE(text.find(what), std::string::npos);
      text.replace(text.find(what), what.size(), with);
    }
    if (event_rooms) {
      const std::string sports = R"(subscribe = ['["subscribe", "sport-{sport_id}"]'])";
      ASSERT_NE(text.find(sports), std::string::npos);
      text.replace(
          text.find(sports), sports.size(),
          R"(subscribe_event = ['["subscribe", "buffered-event-{event_id}-{market_id}-0.00"]'])"
          "\nmost_event_rooms = 80");
    }
    auto loaded = parse_bookmaker("BookieDelta", file, text, pipeline.bet_types);
    ASSERT_TRUE(loaded) << loaded.error().front().text();
    *pipeline.bookmaker = *loaded;
  }

  void faults(const std::string& plan) {
    auto parsed = sim::parse_faults(plan);
    ASSERT_TRUE(parsed) << parsed.error().text();
    pipeline.simulator->set_faults(*parsed);
  }

  void start(Millis confirm_every = Millis(0)) {
    launch(confirm_every);
    ASSERT_TRUE(wait_until([&] { return metrics.ready.value() == 1; }));
    ASSERT_TRUE(wait_until([&] { return metrics.intake.looks.value() > 0; }));
  }

  void launch(Millis confirm_every = Millis(0)) {
    SocketListenerConfig config;
    config.bet_types = all_bet_types();
    config.base_url = pipeline.simulator->base_url();
    config.list_every = Millis(2'000);
    config.confirm_every = confirm_every;
    config.retry = {8, Millis(5), Millis(20)};
    config.reconnect = {8, Millis(20), Millis(200)};
    config.blocked_pause = Millis(300);
    HttpClientConfig http;
    http.total_timeout = Millis(2'000);
    auto parts = std::make_shared<SocketListenerParts>(SocketListenerParts{
        *pipeline.bookmaker, pipeline.bet_types, Pipeline::must(pipeline.store->work_streams()),
        Pipeline::must(pipeline.store->match_book()), Pipeline::must(HttpClient::create(http)),
        *pipeline.budget, metrics, system_clock(), rounds});
    listener = std::jthread([parts, config](std::stop_token stop) {
      const auto done = run_socket_listener(std::move(*parts), config, stop);
      EXPECT_TRUE(done) << done.error().text();
    });
    auto worker_parts = std::make_shared<WorkerParts>(pipeline.parts());
    WorkerConfig work = pipeline.worker_config(Source::Live);
    work.drain = false;
    worker = std::jthread([worker_parts, work](std::stop_token stop) {
      const auto done = run_worker(std::move(*worker_parts), work, stop);
      EXPECT_TRUE(done) << done.error().text();
    });
  }

  // What could be bet at, and at which price: the store's against the truth's, live.
  std::set<std::string> wrong() {
    std::set<std::string> out;
    for (const test::TrueMarket& market : test::read_truth(pipeline.simulator->truth_json())) {
      if (market.id.source != Source::Live) continue;
      const auto key = Pipeline::must(pipeline.reader->find(market.id));
      const auto document = key ? Pipeline::must(pipeline.reader->document(*key)) : std::nullopt;
      if (!document) {
        out.insert(market.id.text() + ": not in the store");
        continue;
      }
      const Record& record = document->records.at("BookieDelta");
      if (record.home != market.work.home || record.away != market.work.away)
        out.insert(market.id.text() + ": teams");
      for (const Outcome& outcome : record.outcomes) {
        const auto& truth = market.outcomes.at(outcome.key);
        if (outcome.usable != truth.usable ||
            (truth.usable && to_text(*outcome.price) != truth.price))
          out.insert(market.id.text() + " " + outcome.key);
      }
    }
    return out;
  }

  // The world stands still; the store comes to equal it without anybody's help.
  void expect_healed() {
    pipeline.simulator->freeze();
    EXPECT_TRUE(wait_until([&] { return wrong().empty(); })) << *wrong().begin();
    pipeline.simulator->thaw();
  }

  // Of every record, no entry of the change log says what the one before it said.
  void expect_no_change_twice() {
    std::map<RecordId, ContentHash> last;
    std::uint64_t after = 0, changes = 0;
    for (;;) {
      const auto page = Pipeline::must(pipeline.reader->changes(after, 500));
      if (page.empty()) break;
      for (const Change& change : page) {
        const ContentHash hash = content_hash(change.record);
        const auto [at, is_new] = last.try_emplace(change.record.id(), hash);
        EXPECT_TRUE(is_new || !(at->second == hash)) << change.record.id().text();
        at->second = hash;
        ++changes;
      }
      after = page.back().sequence;
    }
    EXPECT_GT(changes, 0U);
  }

  void play(std::uint64_t changes = 30) {
    const auto from = metrics.intake.merged.value();
    EXPECT_TRUE(wait_until([&] { return metrics.intake.merged.value() >= from + changes; }));
  }

  std::string silence = "silence = \"1s\"";
  bool event_rooms = false;
  Pipeline pipeline{world()};
  FeedMetrics metrics;
  std::shared_ptr<ListRounds> rounds;
  std::jthread listener, worker;
};

// A poller beside: lists are its to read, and new events its to look at.
class SocketListenerBesideAPoller : public SocketListenerTest {
 protected:
  SocketListenerBesideAPoller() { silence = "silence = \"5m\""; }

  void launch_both(Millis list_every) {
    rounds = std::make_shared<ListRounds>();
    PollerConfig config;
    config.source = Source::Live;
    config.bet_types = all_bet_types();
    config.base_url = pipeline.simulator->base_url();
    config.live_list_every = list_every;
    config.adaptive = false;
    config.live_look_every = Millis(3'600'000);
    auto parts = std::make_shared<PollerParts>(
        PollerParts{*pipeline.bookmaker, Pipeline::must(pipeline.store->work_streams()),
                    Pipeline::must(HttpClient::create({})), *pipeline.budget, polled,
                    system_clock(), nullptr, nullptr, rounds});
    poller = std::jthread([parts, config](std::stop_token stop) {
      const auto done = run_poller(std::move(*parts), config, stop);
      EXPECT_TRUE(done) << done.error().text();
    });
    launch();
    ASSERT_TRUE(
        wait_until([&] { return metrics.ready.value() == 1 && metrics.events.value() > 0; }));
  }

  std::uint64_t lists_asked_for() const {
    std::uint64_t out = 0;
    for (const auto& [path, count] : pipeline.simulator->stats().requests)
      if (path.find("/sports/") != std::string::npos) out += count;
    return out;
  }

  PollerMetrics polled;
  std::jthread poller;
};

class SocketListenerEventRooms : public SocketListenerTest {
 protected:
  SocketListenerEventRooms() { event_rooms = true; }
};

class SocketListenerSilentRooms : public SocketListenerEventRooms {
 protected:
  SocketListenerSilentRooms() { silence = "silence = \"5m\""; }
};

TEST_F(SocketListenerTest, WhatIsSaidIsInTheStoreWithoutBeingAskedFor) {
  start();
  // Everything was looked at once; from now on the feed alone.
  ASSERT_TRUE(wait_until([&] { return pipeline.left() == 0 && wrong().size() < 10; }));
  const auto asked = pipeline.metrics.events_fetched.value();
  play(100);
  expect_healed();
  expect_no_change_twice();
  EXPECT_EQ(metrics.gaps.value(), 0U);
  EXPECT_EQ(metrics.unreadable.value(), 0U);
  // Goals and phases are looked up; prices are not.
  EXPECT_LT(pipeline.metrics.events_fetched.value() - asked, metrics.intake.merged.value());
}

TEST_F(SocketListenerBesideAPoller, ListsAreReadOnceForBoth) {
  pipeline.simulator->freeze();
  launch_both(Millis(300));
  ASSERT_TRUE(wait_until([&] { return polled.pages.value() >= 30; }));
  EXPECT_EQ(metrics.events.value(), polled.known.value());
  EXPECT_EQ(metrics.lists.pages.value(), 0U);
  poller = {};
  listener = {};
  EXPECT_EQ(lists_asked_for(), polled.pages.value());
  // The poller looked at every event when it was new; once more, when the rooms were in force, did
  // the listener.
  const auto events = static_cast<std::uint64_t>(metrics.events.value());
  EXPECT_EQ(polled.appended.value(), events * all_bet_types().size());
  EXPECT_EQ(metrics.intake.looks.value(), events);
}

TEST_F(SocketListenerBesideAPoller, AnEventThatNoListHeldHasTheListsReadSooner) {
  launch_both(Millis(3'600'000));
  const auto pages = polled.pages.value();
  pipeline.ahead = std::int64_t{6} * 3'600'000;  // all of them are over, and others in play
  ASSERT_TRUE(wait_until([&] { return polled.pages.value() > pages; }));
  play();
  expect_healed();
  EXPECT_EQ(metrics.lists.pages.value(), 0U);
}

TEST_F(SocketListenerEventRooms, RoomsOfSingleMarketsSayTheSame) {
  start();
  play(60);
  expect_healed();
  expect_no_change_twice();
  EXPECT_EQ(metrics.unreadable.value(), 0U);
}

// What is fetched before a subscription is in force may miss a change that is not pushed either.
TEST_F(SocketListenerSilentRooms, AnEventIsLookedAtOnceMoreWhenItsRoomsAreInForce) {
  pipeline.simulator->freeze();
  faults("500=1");
  launch();
  ASSERT_TRUE(wait_until([&] { return metrics.ready.value() == 1; }));
  faults("");
  ASSERT_TRUE(wait_until([&] { return metrics.events.value() > 0; }));
  const auto events = static_cast<std::uint64_t>(metrics.events.value());
  // Nothing is said, listed anew or missed: without it every event would be looked at once.
  EXPECT_TRUE(wait_until([&] { return metrics.intake.looks.value() >= 2 * events; }))
      << metrics.intake.looks.value() << " of " << events;
  EXPECT_EQ(metrics.gaps.value(), 0U);
}

TEST_F(SocketListenerSilentRooms, RoomsOfEventsThatAreOverMakeRoomForOthers) {
  start();
  play();
  const auto connects = metrics.connects.value();
  pipeline.ahead = std::int64_t{6} * 3'600'000;  // all of them are over, and others in play
  ASSERT_TRUE(wait_until([&] { return metrics.connects.value() > connects; }));
  play();
  expect_healed();
}

TEST_F(SocketListenerTest, ACutFeedIsConnectedAgainAndWhatWasMissedIsLookedUp) {
  start();
  faults("feed_cut=0.05");
  ASSERT_TRUE(wait_until([&] { return metrics.gaps.value() >= 5; }));
  faults("");
  const auto connects = metrics.connects.value();
  EXPECT_GE(connects, 2U);
  play();
  expect_healed();
  expect_no_change_twice();
}

TEST_F(SocketListenerTest, ARestartedServerIsConnectedAgain) {
  start();
  faults("feed_restart=0.05");
  ASSERT_TRUE(wait_until([&] { return metrics.gaps.value() >= 3; }));
  faults("");
  play();
  expect_healed();
}

TEST_F(SocketListenerTest, SilenceIsNoticedAndEnded) {
  start();
  play();
  faults("feed_silence=1");
  const auto connects = metrics.connects.value();
  ASSERT_TRUE(wait_until([&] { return metrics.connects.value() >= connects + 2; }));
  faults("");
  play();
  expect_healed();
}

TEST_F(SocketListenerTest, GarbledMessagesAreCountedAndWhatTheySaidIsLookedUp) {
  start();
  faults("feed_garble=0.1");
  ASSERT_TRUE(wait_until([&] { return metrics.unreadable.value() >= 10; }));
  faults("");
  play();
  expect_healed();
  expect_no_change_twice();
}

TEST_F(SocketListenerTest, NothingButGarbleIsGivenUp) {
  start();
  faults("feed_garble=1");
  const auto connects = metrics.connects.value();
  ASSERT_TRUE(wait_until([&] { return metrics.connects.value() >= connects + 2; }));
  faults("");
  play();
  expect_healed();
}

TEST_F(SocketListenerTest, MessagesThatComeTwiceChangeNothingTwice) {
  start();
  faults("feed_duplicate=0.5");
  play(60);
  EXPECT_GT(metrics.intake.same.value(), 0U);
  expect_no_change_twice();
}

TEST_F(SocketListenerTest, MessagesOutOfOrderAreSetRightByTheNextLook) {
  start(Millis(500));
  faults("feed_reorder=0.3");
  play(60);
  faults("");
  expect_healed();
}

TEST_F(SocketListenerTest, AFeedThatIsLateIsNotBelieved) {
  start();
  play();
  faults("feed_delay=700ms");
  const auto gaps = metrics.gaps.value();
  ASSERT_TRUE(wait_until([&] { return metrics.gaps.value() > gaps; }));
  // From here on what comes is old: looked up, not committed.
  std::this_thread::sleep_for(
      std::chrono::milliseconds(200));  // what was given before is committed
  const auto committed = metrics.intake.merged.value();
  const auto messages = metrics.messages.value();
  const auto looks = metrics.intake.looks.value();
  ASSERT_TRUE(wait_until([&] { return metrics.messages.value() >= messages + 30; }));
  EXPECT_EQ(metrics.intake.merged.value(), committed);
  EXPECT_GT(metrics.intake.looks.value(), looks);
  faults("");
  play();
  expect_healed();
}

TEST_F(SocketListenerTest, AHandshakeThatIsRefusedIsTriedAgainLater) {
  start();
  faults("feed_refuse=1,feed_cut=0.2");
  ASSERT_TRUE(wait_until([&] { return metrics.ready.value() == 0; }));
  ASSERT_TRUE(wait_until([&] { return pipeline.simulator->stats().faults["feed_refuse"] >= 2; }));
  faults("");
  ASSERT_TRUE(wait_until([&] { return metrics.ready.value() == 1; }));
  play();
  expect_healed();
}

TEST_F(SocketListenerTest, WithoutAFeedItSaysSo) {
  SocketListenerConfig config;
  config.source = Source::Upcoming;
  config.bet_types = all_bet_types();
  SocketListenerParts parts{*pipeline.bookmaker,
                            pipeline.bet_types,
                            Pipeline::must(pipeline.store->work_streams()),
                            Pipeline::must(pipeline.store->match_book()),
                            Pipeline::must(HttpClient::create({})),
                            *pipeline.budget,
                            metrics,
                            system_clock()};
  const auto done = run_socket_listener(std::move(parts), config, {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::Invalid);
}

}  // namespace
}  // namespace oddsloom
