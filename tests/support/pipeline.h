// The real parts around a worker: the simulated bookmaker over HTTP, a store (a SQLite one in a
// folder of its own, unless a test names another), and the BookieDelta folder of this repository.
// Tests say what is on the stream and look at what came of it.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "bookmaker/spec.h"
#include "extract/worker.h"
#include "sim/simulator.h"
#include "store/store.h"
#include "support/temp_dir.h"
#include "support/truth.h"

namespace oddsloom::test {

inline const std::vector<std::string>& all_bet_types() {
  static const std::vector<std::string> names{"three_way", "btts", "double_chance"};
  return names;
}

class Pipeline {
 public:
  explicit Pipeline(sim::SimulatorConfig config = {}, const std::string& url = "")
      : store_url(url.empty() ? "sqlite:" + dir.file("odds.db") : url) {
    config.clock = [this] { return clock(); };
    auto types = load_bet_types(ODDSLOOM_SOURCE_DIR "/bookmakers/bet_types.toml");
    if (!types) throw std::runtime_error(types.error().front().text());
    bet_types = *types;
    auto loaded = load_bookmaker(ODDSLOOM_SOURCE_DIR "/bookmakers/BookieDelta", bet_types);
    if (!loaded) throw std::runtime_error(loaded.error().front().text());
    bookmaker = std::make_unique<Bookmaker>(*loaded);
    store = must(open_store(store_url, options()));
    streams = must(store->work_streams());
    reader = must(store->reader());
    simulator = must(sim::Simulator::start(config));
    budget = std::make_unique<HostBudget>(
        HostBudgetConfig{10'000, 10'000, 100, 1'000'000, Millis(100), Millis(100)});
  }

  template <class T>
  static T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().text());
    return *std::move(result);
  }

  // The simulator's; it may be ahead of everybody else's.
  UtcMillis clock() const { return now_utc() + Millis(ahead); }

  StoreOptions options() const {
    StoreOptions out;
    out.bet_types = bet_types;
    return out;
  }

  StreamId stream(const std::string& bet_type, Source source = Source::Upcoming,
                  int period = 0) const {
    return {"BookieDelta", bet_type, source, period};
  }

  void push(const std::vector<WorkEntry>& entries, const std::vector<std::string>& types,
            Source source = Source::Upcoming, int period = 0) {
    for (const std::string& type : types) {
      auto ids = streams->append(stream(type, source, period), entries);
      ASSERT_TRUE(ids) << ids.error().text();
    }
  }

  WorkerConfig worker_config(Source source = Source::Upcoming) const {
    WorkerConfig config;
    for (int period = 0; period < (source == Source::Live ? 1 : kPeriods); ++period)
      for (const std::string& type : all_bet_types())
        config.streams.push_back(stream(type, source, period));
    config.consumer = "test:1:0";
    config.base_url = simulator->base_url();
    config.drain = true;
    config.retry = {8, Millis(10), Millis(50)};
    return config;
  }

  WorkerParts parts() {
    HttpClientConfig http;
    http.total_timeout = Millis(2'000);
    return {*bookmaker,
            bet_types,
            must(store->work_streams()),
            must(store->match_book()),
            must(store->reader()),
            must(HttpClient::create(http)),
            *budget,
            metrics,
            system_clock()};
  }

  // Until the streams are empty, in this thread.
  void drain(WorkerConfig config) {
    auto done = run_worker(parts(), std::move(config), {});
    ASSERT_TRUE(done) << done.error().text();
  }

  std::vector<MatchDocument> documents(const DocumentFilter& filter = {}) {
    return must(reader->documents(filter));
  }
  std::vector<DeadLetter> dead() { return must(streams->dead(1000)); }
  std::uint64_t left() {
    std::uint64_t out = 0;
    for (const StreamStatistics& statistics : must(streams->statistics())) out += statistics.length;
    return out;
  }

  std::atomic<std::int64_t> ahead{0};  // milliseconds; before the simulator, which reads it
  TempDir dir;
  const std::string store_url;
  BetTypes bet_types;
  std::unique_ptr<Bookmaker> bookmaker;
  std::unique_ptr<sim::Simulator> simulator;
  std::unique_ptr<Store> store;
  std::unique_ptr<WorkStreams> streams;
  std::unique_ptr<Reader> reader;
  std::unique_ptr<HostBudget> budget;
  ExtractMetrics metrics;
};

}  // namespace oddsloom::test
