// How long a price that moves at the bookmaker takes into the store through a real Chromium, with
// no poller and no worker. usage: browser_bench SCRATCH_FOLDER. The simulated bookmaker stands
// still, then makes a step; every change that the store logs in the three seconds after it is
// counted. Its page looks at the markets every 500 ms, which is part of what is measured.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>
#include <thread>

#include "bench/measure.h"
#include "discover/browser_listener.h"
#include "sim/simulator.h"

namespace oddsloom {
namespace {

constexpr int kRounds = 20;
constexpr Millis kStandstill{3'000};  // longer than anything under way

int run(const std::string& folder) {
  const std::string root = ODDSLOOM_SOURCE_DIR "/bookmakers";
  const auto types = load_bet_types(root + "/bet_types.toml");
  if (!types) throw std::runtime_error(types.error().front().text());
  const auto bookmaker = load_bookmaker(root + "/BookieDelta", *types);
  if (!bookmaker) throw std::runtime_error(bookmaker.error().front().text());
  StoreOptions options;
  options.bet_types = *types;
  const auto store = must(open_store("sqlite:" + folder + "/browser.db", options));
  sim::SimulatorConfig world;
  world.world.live = 60;
  world.world.upcoming = 10;
  const auto simulator = must(sim::Simulator::start(world));

  BrowserMetrics metrics;
  BrowserListenerConfig config;
  config.bet_types = {"three_way", "btts", "double_chance"};
  config.base_url = simulator->base_url();
  if (::geteuid() == 0) config.program.arguments.emplace_back("--no-sandbox");
  BrowserListenerParts parts{
      *bookmaker, *types,        must(store->work_streams()), must(store->match_book()),
      metrics,    system_clock()};
  Result<void> ended;
  std::vector<std::int64_t> took;
  {
    std::jthread listener([&](const std::stop_token& stop) {
      ended = run_browser_listener(std::move(parts), config, stop);
    });
    const auto reader = must(store->reader());
    std::this_thread::sleep_for(kStandstill);
    simulator->freeze();
    for (int round = 0; round < kRounds; ++round) {
      std::this_thread::sleep_for(kStandstill);
      std::uint64_t cursor = must(reader->change_log()).end;
      simulator->thaw();
      simulator->freeze();
      const UtcMillis moved_at = now_utc();
      std::set<std::string> seen;
      while (now_utc() - moved_at < kStandstill) {
        for (const Change& change : must(reader->changes(cursor, 1'000))) {
          cursor = change.sequence;
          if (seen.insert(change.record.id().text()).second)
            took.push_back((now_utc() - moved_at).count());
        }
        std::this_thread::sleep_for(Millis(1));
      }
    }
  }
  if (!ended) throw std::runtime_error(ended.error().text());
  if (took.empty()) throw std::runtime_error("nothing came through the browser");
  std::sort(took.begin(), took.end());
  fmt::print(
      "{} changes of {} events in play through a headless Chromium: p50 {} ms, p95 {} ms, "
      "most {} ms; {} answers read, {} lost\n",
      took.size(), world.world.live, took[took.size() / 2], took[took.size() * 95 / 100],
      took.back(), metrics.responses.value(), metrics.lost.value());
  return 0;
}

}  // namespace
}  // namespace oddsloom

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: browser_bench SCRATCH_FOLDER\n", stderr);
    return 2;
  }
  try {
    return oddsloom::run(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "browser_bench: %s\n", error.what());
    return 1;
  }
}
