// The feed as people run it: listeners and workers as processes of their own, a feed with which
// everything goes wrong, listeners that are killed. All the while an open price is one that was
// offered when it is said to have been seen; afterwards the store comes to equal what the bookmaker
// offers by itself, and no change stands in the log twice.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "sim/pricing.h"
#include "sim/simulator.h"
#include "support/fleet.h"
#include "support/redis_cluster.h"
#include "support/redis_replicas.h"
#include "support/redis_server.h"
#include "support/wait_until.h"
#include "tests/transport/socks_server.h"

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

// The folder of bookmakers, with a feed that is less patient.
std::string impatient_bookmakers(const test::TempDir& dir) {
  const std::string copy = dir.file("bookmakers");
  std::filesystem::copy(ODDSLOOM_SOURCE_DIR "/bookmakers", copy,
                        std::filesystem::copy_options::recursive);
  const std::string file = copy + "/BookieDelta/bookmaker.toml";
  std::ifstream in(file);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  for (const auto& [what, with] :
       {std::pair<std::string, std::string>{"silence = \"30s\"", "silence = \"2s\""},
        {"most_lag = \"2s\"", "most_lag = \"400ms\""}}) {
    if (text.find(what) == std::string::npos) throw std::runtime_error("no " + what);
    text.replace(text.find(what), what.size(), with);
  }
  std::ofstream(file) << text;
  return copy;
}

// The prices that could be had of a market, "-" for one that could not; "" = it is not open.
std::string said_by(const sim::World& world, const Record& record, UtcMillis at) {
  const auto event = world.in_play_event(std::stoll(record.event_id), at);
  const auto bet_type = record.bet_type == "btts" ? sim::BetType::Btts : sim::BetType::ThreeWay;
  const auto* spec = event ? sim::spec_of(bet_type, event->sport, sim::Source::Live) : nullptr;
  if (!spec) return "";
  const auto offered =
      sim::quote(world, sim::open_book(world, *event, sim::Source::Live, at), *spec);
  if (!offered || offered->suspended) return "";
  std::string out;
  for (int i = 0; i < offered->count; ++i) {
    const auto& selection = offered->selections.at(static_cast<std::size_t>(i));
    out += sim::usable(*offered, selection)
               ? fmt::format(" {}", sim::odds_text(selection.hundredths))
               : " -";
  }
  return out;
}

std::string said_by(const Record& record) {
  std::string out;
  for (const Outcome& outcome : record.outcomes)
    out += outcome.usable ? fmt::format(" {}", to_text(*outcome.price)) : " -";
  return out;
}

class FeedRun {
 public:
  explicit FeedRun(const std::string& store_url = "") : pipeline(config, store_url) {}

  Program listener(const std::vector<std::string>& ways,
                   std::map<std::string, std::string> environment = {}) {
    std::vector<std::string> arguments{"listen",
                                       "BookieDelta",
                                       "live",
                                       "--store",
                                       pipeline.store_url,
                                       "--base-url",
                                       pipeline.simulator->base_url()};
    arguments.insert(arguments.end(), ways.begin(), ways.end());
    environment.insert({{"ODDSLOOM_LOG_LEVEL", "info"}, {"ODDSLOOM_BOOKMAKERS", bookmakers}});
    return Program(arguments, {environment, ""});
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

  // Open markets that say what was not offered around the moment at which they were seen. A feed
  // that is late is found out within two pings.
  std::vector<std::string> stale_as_fresh(Millis late) {
    std::vector<std::string> out;
    DocumentFilter live;
    live.source = Source::Live;
    for (const MatchDocument& document : pipeline.documents(live))
      for (const auto& [bookmaker, record] : document.records) {
        if (!record.offered || record.status != Status::Open || record.bet_type == "double_chance")
          continue;
        ++checked;
        const std::string said = said_by(record);
        bool was_so = false;
        for (Millis around = -late; !was_so && around <= Millis(500); around += Millis(25))
          was_so = said_by(reality, record, record.observed_at + around) == said;
        if (!was_so)
          out.push_back(fmt::format("{}: '{}' was not offered at {}", record.id().text(), said,
                                    to_iso8601(record.observed_at)));
      }
    return out;
  }

  std::vector<std::string> live_differences() {
    auto truth = test::read_truth(pipeline.simulator->truth_json());
    std::erase_if(truth, [](const auto& market) { return market.id.source != Source::Live; });
    return test::differences(truth, *pipeline.reader);
  }

  // A worker, and a listener that is killed and started again while the feed misbehaves.
  void play_and_kill(const std::vector<std::string>& ways) {
    Program worker = fleet.worker("live");
    auto listening = std::make_unique<Program>(listener(ways));
    ASSERT_TRUE(wait_until([&] { return clients() == 1 && changes() > 100; })) << listening->err();
    for (const auto& [plan, late] : plans()) {
      faults(plan);
      for (int look = 0; look < 15; ++look) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        EXPECT_EQ(stale_as_fresh(late), std::vector<std::string>{}) << plan;
      }
      listening->signal(SIGKILL);
      ASSERT_EQ(listening->wait(), 128 + SIGKILL) << listening->err();
      listening = std::make_unique<Program>(listener(ways));
    }
    faults("");
    const auto before = changes();
    ASSERT_TRUE(wait_until([&] { return clients() == 1 && changes() > before + 50; }))
        << listening->err();
    EXPECT_GT(checked, 1000U);
    // Nobody helps: what was missed is looked up, or confirmed.
    pipeline.simulator->freeze();
    EXPECT_TRUE(wait_until([&] { return live_differences().empty(); }))
        << live_differences().front();
    listening->signal(SIGTERM);
    EXPECT_EQ(listening->wait(), 0) << listening->err();
    worker.signal(SIGTERM);
    EXPECT_EQ(worker.wait(), 0) << worker.err();
    expect_truth_and_no_change_twice();
  }

  // Each is played until the listener is killed; beside it how much older than it seems a price may
  // be then.
  static std::vector<std::pair<std::string, Millis>> plans() {
    const Millis usual(1'000);
    return {
        {"feed_cut=0.02,feed_refuse=0.3,500=0.05", usual},
        {"feed_restart=0.01,feed_duplicate=0.3", usual},
        {"feed_garble=0.05,feed_duplicate=0.2,badjson=0.05", usual},
        {"feed_silence=0.02", usual},
        {"feed_delay=700ms", Millis(2'000)},
        {"feed_reorder=0.2", Millis(5'000)},
        {"feed_cut=0.01,feed_restart=0.003,feed_garble=0.02,feed_duplicate=0.2,feed_silence=0.003",
         usual}};
  }

  const sim::SimulatorConfig config = world();
  Pipeline pipeline;
  const sim::World reality{config.world};
  const std::string bookmakers = impatient_bookmakers(pipeline.dir);
  std::size_t checked = 0;
  Fleet fleet{pipeline};
};

TEST(FeedIntegration, AFeedAndPollsSurviveFaultsAndKills) { FeedRun().play_and_kill({}); }

TEST(FeedIntegration, TheFeedAloneSurvivesFaultsAndKills) { FeedRun().play_and_kill({"--socket"}); }

TEST(FeedIntegration, OnRedisToo) {
  test::RedisServer server;
  FeedRun(server.url()).play_and_kill({"--socket", "--poll"});
}

// On nodes of a cluster that stays whole; the listener and the worker are killed as ever.
TEST(FeedIntegration, OnARedisClusterToo) {
  test::RedisCluster cluster;
  FeedRun(cluster.url()).play_and_kill({"--socket", "--poll"});
}

// The primary is killed while the feed goes on; the replica takes over.
TEST(FeedIntegration, AFailoverOfRedisIsSurvived) {
  test::RedisReplicas redis;
  FeedRun run(redis.url());
  Program worker = run.fleet.worker("live");
  Program listening = run.listener({});
  ASSERT_TRUE(wait_until([&] { return run.clients() == 1 && run.changes() > 100; }))
      << listening.err();
  redis.wait_for_sync();
  redis.primary().kill();
  redis.wait_for_failover();
  run.pipeline.simulator->freeze();
  EXPECT_TRUE(wait_until([&] { return run.live_differences().empty(); }))
      << run.live_differences().front() << listening.err();
  for (Program* program : {&listening, &worker}) {
    EXPECT_TRUE(program->running()) << program->err();
    program->signal(SIGTERM);
    EXPECT_EQ(program->wait(), 0) << program->err();
  }
}

// One process that polls and listens asks for the lists once.
TEST(FeedIntegration, AFeedAndPollsOfOneProcessReadTheListsOnce) {
  FeedRun run;
  run.pipeline.simulator->freeze();
  const auto lists = [&] {
    std::uint64_t out = 0;
    for (const auto& [path, count] : run.pipeline.simulator->stats().requests)
      if (path.find("/sports/") != std::string::npos) out += count;
    return out;
  };
  const auto once =
      test::run_program({"listen", "BookieDelta", "live", "--once", "--store",
                         run.pipeline.store_url, "--base-url", run.pipeline.simulator->base_url()});
  ASSERT_EQ(once.exit_code, 0) << once.err;
  const std::uint64_t one_round = lists();
  ASSERT_GT(one_round, 0U);
  Program worker = run.fleet.worker("live");
  Program listening = run.listener({}, {{"ODDSLOOM_DISCOVER_LIVE_LIST_EVERY", "1h"}});
  ASSERT_TRUE(wait_until([&] { return run.clients() == 1 && run.live_differences().empty(); }))
      << listening.err();
  std::this_thread::sleep_for(std::chrono::seconds(3));
  EXPECT_EQ(lists(), 2 * one_round) << listening.err();
  listening.signal(SIGTERM);
  EXPECT_EQ(listening.wait(), 0) << listening.err();
}

TEST(FeedIntegration, PollsAloneDoNotConnect) {
  FeedRun run;
  Program polling = run.listener({"--poll"});
  ASSERT_TRUE(wait_until([&] { return run.pipeline.left() > 0; })) << polling.err();
  EXPECT_EQ(run.clients(), 0U);
  polling.signal(SIGTERM);
  EXPECT_EQ(polling.wait(), 0) << polling.err();
}

// Only the proxy knows where the bookmaker is.
TEST(FeedIntegration, AFeedAndPollsGoThroughASocksProxy) {
  FeedRun run;
  SocksServer proxy(run.pipeline.simulator->port(), "me", "secret");
  Program listening(
      {"listen", "BookieDelta", "live", "--store", run.pipeline.store_url, "--base-url",
       "http://bookmaker.invalid"},
      {{{"ODDSLOOM_BOOKMAKERS", run.bookmakers},
        {"ODDSLOOM_HTTP_PROXIES", fmt::format("socks5h://me:secret@127.0.0.1:{}", proxy.port())}},
       ""});
  EXPECT_TRUE(wait_until([&] {
    return run.clients() == 1 && run.pipeline.left() > 0 && run.changes() > 0;
  })) << listening.err();
  listening.signal(SIGTERM);
  EXPECT_EQ(listening.wait(), 0) << listening.err();
  for (const std::string& host : proxy.asked_for()) EXPECT_EQ(host, "bookmaker.invalid:80");
  EXPECT_EQ(proxy.refused(), 0U);
  EXPECT_EQ(listening.err().find("secret"), std::string::npos) << listening.err();
}

TEST(FeedIntegration, WhatCannotBeListenedToIsSaid) {
  FeedRun run;
  const auto upcoming = test::run_program(
      {"listen", "BookieDelta", "upcoming", "--socket", "--store", run.pipeline.store_url});
  EXPECT_EQ(upcoming.exit_code, 2);
  EXPECT_NE(upcoming.err.find("declares no feed of the source upcoming"), std::string::npos)
      << upcoming.err;
  const auto as_set = [&](const std::string& key, const std::string& ways) {
    return test::run_program(
        {"listen", "BookieDelta", "upcoming", "--store", run.pipeline.store_url},
        {{{"ODDSLOOM_BOOKMAKER_BOOKIEDELTA_" + key, ways}}, ""});
  };
  const auto no_feed = as_set("LISTEN_UPCOMING", "poll,socket");
  EXPECT_EQ(no_feed.exit_code, 2);
  EXPECT_NE(no_feed.err.find("declares no feed of the source upcoming"), std::string::npos)
      << no_feed.err;
  const auto proxy =
      test::run_program({"run", "--plain", "--store", run.pipeline.store_url},
                        {{{"ODDSLOOM_HTTP_PROXIES", "https://me:secret@127.0.0.1:1"}}, ""});
  EXPECT_EQ(proxy.exit_code, 2);
  EXPECT_NE(proxy.err.find("not through https://"), std::string::npos) << proxy.err;
  EXPECT_NE(proxy.err.find("listen_live = [\"poll\"]"), std::string::npos) << proxy.err;
  EXPECT_EQ(proxy.err.find("secret"), std::string::npos) << proxy.err;
  const auto unknown = as_set("LISTEN_LIVE", "pol");
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_NE(unknown.err.find("expected a list of poll, socket, browser"), std::string::npos)
      << unknown.err;
  const auto once = test::run_program(
      {"listen", "BookieDelta", "live", "--socket", "--once", "--store", run.pipeline.store_url});
  EXPECT_EQ(once.exit_code, 2);
  EXPECT_NE(once.err.find("--once"), std::string::npos) << once.err;
}

}  // namespace
}  // namespace oddsloom
