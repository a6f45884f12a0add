// How old stored prices get with the real parts: poller, worker and store against the simulated
// bookmaker over HTTP, in real time. usage: schedule_live_bench SCRATCH_FOLDER SECONDS
// WARM_UP_SECONDS. The simulated world is a function of time, so that what is true at each moment
// is known here. The ways of looking that are compared run side by side, each with a host budget
// and a store of its own.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <thread>

#include "bench/measure.h"
#include "bench/schedule/reader.h"
#include "discover/poller.h"
#include "extract/worker.h"
#include "sim/simulator.h"

namespace oddsloom {
namespace {

using bench::kPrices;
using bench::kTick;
using bench::Tape;
using bench::TapeEvent;
using bench::Times;

const std::vector<std::string> kBetTypes{"three_way", "btts", "double_chance"};
constexpr double kRequestsPerSecond = 5;
constexpr Millis kLatency{600};
constexpr Millis kLookEvery{500};

struct Truth {
  const Tape& tape;
  std::map<std::string, const TapeEvent*> by_id;

  explicit Truth(const Tape& of) : tape(of) {
    for (const TapeEvent& event : of.events) by_id[event.id] = &event;
  }
  std::size_t tick_at(UtcMillis at) const {
    return static_cast<std::size_t>(std::max(at - tape.begin, Millis(0)) / kTick);
  }
};

// Where a tape keeps an outcome.
std::size_t place_of(const std::string& bet_type, const std::string& outcome) {
  static const std::map<std::string, std::size_t> kThree{{"1", 0}, {"X", 1}, {"2", 2}},
      kBoth{{"yes", 3}, {"no", 4}}, kDouble{{"1X", 6}, {"X2", 7}, {"12", 8}};
  const auto& places = bet_type == "three_way" ? kThree : bet_type == "btts" ? kBoth : kDouble;
  return places.at(outcome);
}

// One way of looking.
class Run {
 public:
  Run(std::string name, const Bookmaker& bookmaker, const BetTypes& types, const std::string& url,
      const std::string& file, std::size_t ids, std::optional<Millis> interval)
      : name_(std::move(name)),
        bookmaker_(bookmaker),
        budget_({.requests_per_second = kRequestsPerSecond, .burst = kRequestsPerSecond}) {
    StoreOptions options;
    options.bet_types = types;
    store_ = must(open_store("sqlite:" + file, options));
    reader_ = must(store_->reader());
    PollerConfig poll;
    poll.source = Source::Live;
    poll.bet_types = kBetTypes;
    poll.base_url = url;
    poll.adaptive = !interval;
    poll.requests_per_second = poll.burst = kRequestsPerSecond;
    poll.most_ids = ids;
    if (interval) poll.live_look_every = *interval;
    WorkerConfig work;
    for (const std::string& type : kBetTypes)
      work.streams.push_back({bookmaker_.name, type, Source::Live, 0});
    work.consumer = "bench:1:0";
    work.base_url = url;
    work.most_ids = ids;
    auto poller_parts = std::make_shared<PollerParts>(
        PollerParts{bookmaker_, must(store_->work_streams()), must(HttpClient::create({})), budget_,
                    lists_, system_clock(), must(store_->reader())});
    auto worker_parts = std::make_shared<WorkerParts>(WorkerParts{
        bookmaker_, types, must(store_->work_streams()), must(store_->match_book()),
        must(store_->reader()), must(HttpClient::create({})), budget_, extract_, system_clock()});
    threads_.emplace_back([this, poller_parts, poll](std::stop_token stop) {
      said(run_poller(std::move(*poller_parts), poll, std::move(stop)));
    });
    threads_.emplace_back([this, worker_parts, work](std::stop_token stop) {
      said(run_worker(std::move(*worker_parts), work, std::move(stop)));
    });
  }

  void begin(UtcMillis now) {
    began_ = now;
    requests_ = requests();
    looked_ = extract_.events_fetched.value();
  }

  // As a reader of the store would: every price that is shown as usable.
  void look(const Truth& truth) {
    DocumentFilter filter;
    filter.source = Source::Live;
    filter.most = 100'000;
    const auto documents = must(reader_->documents(filter));
    const UtcMillis now = now_utc();
    const std::size_t tick = truth.tick_at(now);
    std::set<std::string_view> stored;
    for (const MatchDocument& document : documents)
      for (const auto& [bookmaker, record] : document.records) {
        const auto at = truth.by_id.find(record.event_id);
        if (at == truth.by_id.end() || !at->second->in_play(tick)) continue;
        stored.insert(at->first);
        for (const Outcome& outcome : record.outcomes)
          if (outcome.usable) add(truth, *at->second, record, outcome, tick, now);
      }
    for (const auto& [id, event] : truth.by_id)
      if (event->in_play(tick)) {
        ++events_;
        if (!stored.contains(id)) ++missing_;
      }
  }

  void print(UtcMillis now) const {
    const double seconds = static_cast<double>((now - began_).count()) / 1000;
    const auto share = [&](std::uint64_t count) { return static_cast<double>(count) / seconds; };
    fmt::print("| {} | {:.2f} | {:.1f} | {:.2f} | {:.2f} | {:.2f} | {:.2f} | {:.1f} | {:.1f} |\n",
               name_, share(requests() - requests_),
               share(extract_.events_fetched.value() - looked_), wrong_.mean(), wrong_.at(0.95),
               seen_.mean(), seen_.at(0.95), 100 * seen_.share_above(bookmaker_.fresh_live),
               100 * static_cast<double>(missing_) / static_cast<double>(events_));
    std::fflush(stdout);
  }

 private:
  void said(const Result<void>& done) const {
    if (!done) fmt::print(stderr, "{}: {}\n", name_, done.error().text());
  }
  std::uint64_t requests() const {
    return extract_.requests.value() + lists_.pages.value() + lists_.page_failures.value();
  }

  void add(const Truth& truth, const TapeEvent& event, const Record& record, const Outcome& outcome,
           std::size_t tick, UtcMillis now) {
    const std::size_t place = place_of(record.bet_type, outcome.key);
    const auto stored = static_cast<std::int16_t>(outcome.price->thousandths / 10);
    const std::size_t observed = truth.tick_at(record.observed_at);
    std::size_t first_wrong = tick + 1;  // of those up to now
    while (first_wrong > observed + 1 && event.in_play(first_wrong - 1) &&
           event.at(first_wrong - 1).prices.at(place) != stored)
      --first_wrong;
    wrong_.add(first_wrong > tick
                   ? Millis(0)
                   : now - (truth.tape.begin + kTick * static_cast<Millis::rep>(first_wrong)));
    seen_.add(now - record.observed_at);
  }

  const std::string name_;
  const Bookmaker& bookmaker_;
  HostBudget budget_;
  PollerMetrics lists_;
  ExtractMetrics extract_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Reader> reader_;
  Times wrong_, seen_;
  UtcMillis began_;
  std::uint64_t requests_ = 0, looked_ = 0;
  std::uint64_t events_ = 0, missing_ = 0;  // in play at each look, and not stored so far
  std::vector<std::jthread> threads_;       // last: they use everything above
};

sim::SimulatorConfig simulator_config(UtcMillis epoch) {
  sim::SimulatorConfig out;
  out.latency = kLatency;
  out.world.seed = 7;
  out.world.live = 164;  // 150 of them in sports whose lists are read
  out.world.upcoming = 0;
  out.world.step = kTick;
  out.world.change_share = 0.02;
  out.world.change_spread = 1.2;
  out.world.paused_share = 0.15;
  out.world.epoch = epoch;
  return out;
}

void compare(const Bookmaker& bookmaker, const BetTypes& types, const std::string& folder,
             std::size_t ids, const std::vector<int>& intervals, Millis warm_up, Millis span) {
  const UtcMillis epoch{(now_utc().value / 1000 + 1) * 1000};
  const sim::SimulatorConfig config = simulator_config(epoch);
  const Tape tape = bench::record(config.world, warm_up + span + Millis(60'000));
  const Truth truth(tape);
  const auto simulator = must(sim::Simulator::start(config));
  std::vector<std::unique_ptr<Run>> runs;
  const auto add = [&](const std::string& name, std::optional<Millis> interval) {
    runs.push_back(std::make_unique<Run>(name, bookmaker, types, simulator->base_url(),
                                         fmt::format("{}/{}-{}.db", folder, ids, runs.size()), ids,
                                         interval));
  };
  for (const int seconds : intervals)
    add(fmt::format("fixed, every {} s", seconds), Millis(1'000) * seconds);
  add("adaptive", std::nullopt);
  std::this_thread::sleep_for(warm_up);
  const UtcMillis began = now_utc();
  for (auto& run : runs) run->begin(began);
  for (UtcMillis next = began; next < began + span; next = next + kLookEvery) {
    std::this_thread::sleep_for(std::max(next - now_utc(), Millis(0)));
    for (auto& run : runs) run->look(truth);
  }
  fmt::print("\n### {} requests/s, {} events a request, {} events\n\n", kRequestsPerSecond, ids,
             truth.by_id.size());
  fmt::print(
      "| way | requests/s | events/s | wrong mean s | wrong p95 s | seen mean s | seen p95 s | "
      "past "
      "limit % | never seen % |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
  const UtcMillis ended = now_utc();
  for (const auto& run : runs) run->print(ended);
}

void run(const std::string& folder, Millis span, Millis warm_up) {
  const std::string root = ODDSLOOM_SOURCE_DIR "/bookmakers";
  auto types = load_bet_types(root + "/bet_types.toml");
  if (!types) throw std::runtime_error(types.error().front().text());
  auto bookmaker = load_bookmaker(root + "/BookieDelta", *types);
  if (!bookmaker) throw std::runtime_error(bookmaker.error().front().text());
  // Intervals about what the budget gives, and what the poller has by default.
  compare(*bookmaker, *types, folder, 1, {3, 30, 40}, warm_up, span);
  compare(*bookmaker, *types, folder, 3, {3, 10, 13}, warm_up, span);
  compare(*bookmaker, *types, folder, 15, {2, 3, 4}, warm_up, span);
}

}  // namespace
}  // namespace oddsloom

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: schedule_live_bench SCRATCH_FOLDER SECONDS WARM_UP_SECONDS\n");
    return 2;
  }
  try {
    oddsloom::run(argv[1], std::chrono::seconds(std::stoi(argv[2])),
                  std::chrono::seconds(std::stoi(argv[3])));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "schedule_live_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
