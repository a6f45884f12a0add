// How long it takes from a price's move at the bookmaker to where a reader of the store sees it, by
// the feed. usage: feed_bench SIMULATOR_URL SCRATCH_FOLDER SECONDS. The simulator is a process of
// its own, started with --seed 1 --live 150; its world is a function of time, so that the moment of
// a move is known here exactly. CPU is that of this process: listener, worker, store and reader.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <thread>

#include "bench/measure.h"
#include "discover/socket_listener.h"
#include "extract/worker.h"
#include "sim/pricing.h"

namespace oddsloom {
namespace {

const std::vector<std::string> kBetTypes{"three_way", "btts", "double_chance"};
constexpr std::int64_t kWeek = std::int64_t{7} * 24 * 3600 * 1000;
constexpr Millis kWarmUp{8'000};

// What a market says at a moment: "Open 2.10 3.25 3.60", a closed selection with '-'.
std::string said_by_world(const sim::World& world, const sim::Event& event,
                          const sim::MarketSpec& spec, UtcMillis at) {
  const auto offered = sim::quote(world, sim::open_book(world, event, sim::Source::Live, at), spec);
  if (!offered) return "";
  std::string out = offered->suspended ? "suspended" : "open";
  for (int i = 0; i < offered->count; ++i) {
    const auto& selection = offered->selections.at(static_cast<std::size_t>(i));
    out += fmt::format(" {}{}", selection.closed ? "-" : "", sim::odds_text(selection.hundredths));
  }
  return out;
}

std::string said_by_record(const Record& record) {
  std::string out(to_string(record.status));
  for (const Outcome& outcome : record.outcomes)
    out += fmt::format(" {}{}", outcome.status == Status::Open ? "" : "-",
                       outcome.price ? to_text(*outcome.price) : "?");
  return out;
}

// When the bookmaker began to say what the record says; nothing if that was no move of prices (a
// suspension, a look that came first), or not the latest.
std::optional<UtcMillis> moved_at(const sim::World& world, const Record& record, UtcMillis seen) {
  const auto event = world.in_play_event(std::stoll(record.event_id), seen);
  if (!event) return std::nullopt;
  const auto bet_type = record.bet_type == "btts" ? sim::BetType::Btts : sim::BetType::ThreeWay;
  const sim::MarketSpec* spec = sim::spec_of(bet_type, event->sport, sim::Source::Live);
  if (!spec) return std::nullopt;
  const UtcMillis move = world.last_move(*event, sim::Source::Live, record.observed_at);
  const std::string now = said_by_world(world, *event, *spec, move);
  if (now != said_by_record(record)) return std::nullopt;
  if (now == said_by_world(world, *event, *spec, move - Millis(1))) return std::nullopt;
  return move;
}

void run(const std::string& url, const std::string& folder, int seconds) {
  const std::string root = ODDSLOOM_SOURCE_DIR "/bookmakers";
  auto types = load_bet_types(root + "/bet_types.toml");
  if (!types) throw std::runtime_error(types.error().front().text());
  auto bookmaker = load_bookmaker(root + "/BookieDelta", *types);
  if (!bookmaker) throw std::runtime_error(bookmaker.error().front().text());
  StoreOptions options;
  options.bet_types = *types;
  auto store = must(open_store("sqlite:" + folder + "/feed.db", options));
  HostBudget budget(HostBudgetConfig{});
  FeedMetrics feed;
  ExtractMetrics extract;

  SocketListenerConfig listen;
  listen.bet_types = kBetTypes;
  listen.base_url = url;
  listen.confirm_every = Millis(6'000);
  auto listener_parts = std::make_shared<SocketListenerParts>(SocketListenerParts{
      *bookmaker, *types, must(store->work_streams()), must(store->match_book()),
      must(HttpClient::create({})), budget, feed, system_clock()});
  WorkerConfig work;
  for (const std::string& type : kBetTypes)
    work.streams.push_back({"BookieDelta", type, Source::Live, 0});
  work.consumer = "bench:1:0";
  work.base_url = url;
  auto worker_parts = std::make_shared<WorkerParts>(WorkerParts{
      *bookmaker, *types, must(store->work_streams()), must(store->match_book()),
      must(store->reader()), must(HttpClient::create({})), budget, extract, system_clock()});
  const std::jthread listener([&](std::stop_token stop) {
    if (auto done = run_socket_listener(std::move(*listener_parts), listen, stop); !done)
      fmt::print(stderr, "listener: {}\n", done.error().text());
  });
  const std::jthread worker([&](std::stop_token stop) {
    if (auto done = run_worker(std::move(*worker_parts), work, stop); !done)
      fmt::print(stderr, "worker: {}\n", done.error().text());
  });
  std::this_thread::sleep_for(kWarmUp);
  if (feed.ready.value() == 0) throw std::runtime_error("the feed could not be reached");

  sim::WorldConfig config;
  config.seed = 1;
  config.live = 150;
  config.epoch = {now_utc().value / kWeek * kWeek};
  const sim::World world(config);
  auto reader = must(store->reader());
  std::uint64_t cursor = must(reader->change_log()).end;
  std::vector<std::int64_t> delays;
  std::size_t changes = 0;
  const auto messages = feed.messages.value(), looks = extract.events_fetched.value();
  const double cpu = cpu_micros();
  const UtcMillis until = now_utc() + Millis(1000) * seconds;
  while (now_utc() < until) {
    const auto page = must(reader->changes(cursor, 1000));
    const UtcMillis seen = now_utc();
    for (const Change& change : page) {
      cursor = change.sequence;
      ++changes;
      if (change.record.bet_type == "double_chance") continue;
      if (const auto moved = moved_at(world, change.record, seen))
        delays.push_back((seen - *moved).count());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  const double used = cpu_micros() - cpu;
  if (delays.empty()) throw std::runtime_error("no move was seen");
  std::sort(delays.begin(), delays.end());
  const auto at = [&](double share) {
    return delays[static_cast<std::size_t>(share * static_cast<double>(delays.size() - 1))];
  };
  fmt::print(
      "150 live events, {} s: {} changes seen, {} of them price moves whose moment is known\n",
      seconds, changes, delays.size());
  fmt::print("| move to visible | p50 | p95 | p99 | most |\n|---|---|---|---|---|\n");
  fmt::print("| ms | {} | {} | {} | {} |\n", at(0.5), at(0.95), at(0.99), delays.back());
  fmt::print(
      "{:.0f} messages/s, {:.0f} events/s looked at for confirmation, CPU {:.1f} % of a core, "
      "gaps {}, unreadable {}\n",
      static_cast<double>(feed.messages.value() - messages) / seconds,
      static_cast<double>(extract.events_fetched.value() - looks) / seconds, used / 1e4 / seconds,
      feed.gaps.value(), feed.unreadable.value());
}

}  // namespace
}  // namespace oddsloom

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: feed_bench SIMULATOR_URL SCRATCH_FOLDER SECONDS\n");
    return 2;
  }
  try {
    oddsloom::run(argv[1], argv[2], std::stoi(argv[3]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "feed_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
