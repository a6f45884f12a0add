// What an event costs from work stream to store, by job. usage: extract_bench SIMULATOR_URL
// SCRATCH_FOLDER CPU is that of this process (user and system), which holds workers and store but
// not the simulator.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "bench/measure.h"
#include "bookmaker/request.h"
#include "extract/worker.h"

namespace oddsloom {
namespace {

const std::vector<std::string> kBetTypes{"three_way", "btts", "double_chance"};

struct Job {
  std::string name;
  Source source = Source::Upcoming;
  std::vector<std::string> bet_types = kBetTypes;
  std::size_t events = 2000;
  std::size_t most_ids = 50;
  std::size_t batch = 50;
  int passes = 3;  // over the same events; the first creates, the others merge or find the same
};

class Bench {
 public:
  Bench(std::string url, std::string folder) : url_(std::move(url)), folder_(std::move(folder)) {
    const std::string root = ODDSLOOM_SOURCE_DIR "/bookmakers";
    auto types = load_bet_types(root + "/bet_types.toml");
    if (!types) throw std::runtime_error(types.error().front().text());
    types_ = *types;
    auto loaded = load_bookmaker(root + "/BookieDelta", types_);
    if (!loaded) throw std::runtime_error(loaded.error().front().text());
    bookmaker_ = std::make_unique<Bookmaker>(*loaded);
  }

  void run(const Job& job) {
    const std::vector<WorkEntry> events = listed(job.source, job.events);
    auto store = fresh_store();
    auto streams = must(store->work_streams());
    ExtractMetrics metrics;
    double cpu = 0, wall = 0;
    for (int pass = 0; pass < job.passes; ++pass) {
      for (const std::string& type : job.bet_types)
        must(streams->append({"BookieDelta", type, job.source, 0}, events));
      const double before = cpu_micros();
      const auto begin = std::chrono::steady_clock::now();
      if (auto done = run_worker(parts(*store, metrics), config(job), {}); !done)
        throw std::runtime_error(done.error().text());
      wall += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
      cpu += cpu_micros() - before;
    }
    const double looked_at = static_cast<double>(events.size()) * job.passes;
    const double entries = looked_at * static_cast<double>(job.bet_types.size());
    if (metrics.entries_done.value() != static_cast<std::uint64_t>(entries))
      throw std::runtime_error("entries were left over");
    const auto per_event = [&](const Counter& counter) {
      return static_cast<double>(counter.value()) / looked_at;
    };
    fmt::print("| {} | {} | {:.3f} | {:.1f} | {:.1f} | {:.3f} | {:.0f} |\n", job.name,
               events.size() * static_cast<std::size_t>(job.passes), per_event(metrics.requests),
               cpu / looked_at, cpu / entries, per_event(metrics.commits), looked_at / wall);
    std::fflush(stdout);
  }

  // One event at a time, from append to visible in the store.
  void latency(Millis linger, int times) {
    const std::vector<WorkEntry> events = listed(Source::Upcoming, static_cast<std::size_t>(times));
    auto store = fresh_store();
    auto streams = must(store->work_streams());
    auto reader = must(store->reader());
    ExtractMetrics metrics;
    Job job;
    WorkerConfig worker_config = config(job);
    worker_config.drain = false;
    worker_config.linger = linger;
    std::jthread worker([&](std::stop_token stop) {
      (void)run_worker(parts(*store, metrics), worker_config, stop);
    });
    std::vector<double> millis;
    for (const WorkEntry& event : events) {
      const auto begin = std::chrono::steady_clock::now();
      must(streams->append({"BookieDelta", "three_way", Source::Upcoming, 0}, {event}));
      const RecordId id{"BookieDelta",          "three_way", Source::Upcoming, event.event_id,
                        std::string(kFullTime), std::nullopt};
      while (!must(reader->find(id))) std::this_thread::sleep_for(std::chrono::microseconds(200));
      millis.push_back(
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
              .count());
    }
    std::sort(millis.begin(), millis.end());
    const auto at = [&](double share) {
      return millis[static_cast<std::size_t>(share * static_cast<double>(millis.size() - 1))];
    };
    fmt::print("| {} ms | {} | {:.1f} | {:.1f} | {:.1f} |\n", linger.count(), millis.size(),
               at(0.5), at(0.99), millis.back());
  }

  // So many a second, one every few milliseconds whatever becomes of the others.
  void paced(Millis linger, int per_second, std::size_t times) {
    using Steady = std::chrono::steady_clock;
    const std::vector<WorkEntry> events = listed(Source::Upcoming, times);
    auto store = fresh_store();
    auto streams = must(store->work_streams());
    auto reader = must(store->reader());
    ExtractMetrics metrics;
    WorkerConfig worker_config = config(Job{.name = "paced", .bet_types = {"three_way"}});
    worker_config.drain = false;
    worker_config.linger = linger;
    std::jthread worker([&](std::stop_token stop) {
      (void)run_worker(parts(*store, metrics), worker_config, stop);
    });
    std::this_thread::sleep_for(Millis(500));
    const double idle_before = cpu_micros();
    std::this_thread::sleep_for(Millis(2'000));
    const double idle = (cpu_micros() - idle_before) / 2e6 * 100;
    const auto begin = Steady::now();
    std::jthread appender([&] {
      for (std::size_t i = 0; i < events.size(); ++i) {
        std::this_thread::sleep_until(begin +
                                      i * std::chrono::microseconds(1'000'000 / per_second));
        must(streams->append({"BookieDelta", "three_way", Source::Upcoming, 0}, {events[i]}));
      }
    });
    std::vector<double> millis;
    std::vector<bool> seen(events.size(), false);
    for (std::size_t first = 0; first < events.size();) {
      const double now = std::chrono::duration<double, std::milli>(Steady::now() - begin).count();
      for (std::size_t i = first; i < events.size(); ++i) {
        const double age = now - static_cast<double>(i) * 1000.0 / per_second;
        if (age < 0) break;
        if (seen[i] || !must(reader->find({"BookieDelta",
                                           "three_way",
                                           Source::Upcoming,
                                           events[i].event_id,
                                           std::string(kFullTime),
                                           {}})))
          continue;
        seen[i] = true;
        millis.push_back(age);
      }
      while (first < events.size() && seen[first]) ++first;
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    std::sort(millis.begin(), millis.end());
    const auto at = [&](double share) {
      return millis[static_cast<std::size_t>(share * static_cast<double>(millis.size() - 1))];
    };
    fmt::print("| {} ms | {} a second, {} | {:.1f} | {:.1f} | {:.1f} | {:.2f} % |\n",
               linger.count(), per_second, millis.size(), at(0.5), at(0.99), millis.back(), idle);
    std::fflush(stdout);
  }

 private:
  std::unique_ptr<Store> fresh_store() {
    StoreOptions options;
    options.bet_types = types_;
    return must(open_store(fmt::format("sqlite:{}/odds-{}.db", folder_, ++stores_), options));
  }

  WorkerParts parts(Store& store, ExtractMetrics& metrics) {
    return {*bookmaker_,
            types_,
            must(store.work_streams()),
            must(store.match_book()),
            must(store.reader()),
            must(HttpClient::create({})),
            budget_,
            metrics,
            system_clock()};
  }

  WorkerConfig config(const Job& job) const {
    WorkerConfig out;
    for (const std::string& type : job.bet_types)
      out.streams.push_back({"BookieDelta", type, job.source, 0});
    out.consumer = "bench:1:0";
    out.base_url = url_;
    out.batch = job.batch;
    out.in_flight = std::min<std::size_t>(job.batch, 50);
    out.most_ids = job.most_ids;
    out.drain = true;
    return out;
  }

  // Football events as the bookmaker's lists tell them, page by page.
  std::vector<WorkEntry> listed(Source source, std::size_t most) {
    auto http = must(HttpClient::create({}));
    std::vector<WorkEntry> out;
    for (std::optional<ListPage> page : first_pages(*bookmaker_, source, url_)) {
      while (page && page->sport_id == first_sport_ && out.size() < most) {
        http->start({1, "GET", page->url, page->headers, "", 0});
        std::vector<HttpResponse> answers;
        while (answers.empty()) answers = http->poll(Millis(1000));
        auto list = must(read_list(*bookmaker_, *page, answers[0].status, answers[0].content_range,
                                   answers[0].body, url_));
        std::move(list.events.begin(), list.events.end(), std::back_inserter(out));
        page = list.next;
      }
    }
    std::sort(out.begin(), out.end(),
              [](const WorkEntry& a, const WorkEntry& b) { return a.event_id < b.event_id; });
    out.erase(std::unique(
                  out.begin(), out.end(),
                  [](const WorkEntry& a, const WorkEntry& b) { return a.event_id == b.event_id; }),
              out.end());
    if (out.size() > most) out.resize(most);
    return out;
  }

  const std::string url_, folder_;
  const std::string first_sport_ = "1";
  BetTypes types_;
  std::unique_ptr<Bookmaker> bookmaker_;
  HostBudget budget_{{1e6, 1e6, 1000, 1'000'000, Millis(100), Millis(100)}};
  int stores_ = 0;
};

}  // namespace
}  // namespace oddsloom

int main(int count, char** arguments) try {
  using namespace oddsloom;
  if (count != 3) {
    fmt::print(stderr, "usage: extract_bench SIMULATOR_URL SCRATCH_FOLDER (bench/run does it)\n");
    return 2;
  }
  Bench bench(arguments[1], arguments[2]);
  fmt::print("Embedded store, synchronous FULL; an event is all its bet types of the job.\n\n");
  fmt::print(
      "| job | events | HTTP requests per event | CPU us per event | CPU us per event and bet type "
      "| commits per event | events/s |\n");
  fmt::print("|---|---:|---:|---:|---:|---:|---:|\n");
  bench.run({.name = "one event, three bet types", .events = 1, .passes = 1});
  bench.run({.name = "50 upcoming events, three bet types", .events = 50, .passes = 1});
  bench.run({.name = "upcoming, three bet types"});
  bench.run({.name = "upcoming, one bet type", .bet_types = {"three_way"}});
  bench.run({.name = "upcoming, one bet type, one id a request",
             .bet_types = {"three_way"},
             .most_ids = 1});
  bench.run({.name = "upcoming, three bet types, batch 200", .batch = 200});
  bench.run({.name = "live, three bet types", .source = Source::Live, .events = 100, .passes = 10});
  fmt::print(
      "\n| linger | pushed one by one | p50 ms | p99 ms | max ms |\n|---|---:|---:|---:|---:|\n");
  for (const Millis linger : {Millis(100), Millis(0)}) bench.latency(linger, 200);
  fmt::print(
      "\n| linger | pushed | p50 ms | p99 ms | max ms | CPU while idle |\n"
      "|---|---|---:|---:|---:|---:|\n");
  for (const Millis linger : {Millis(100), Millis(0)}) bench.paced(linger, 200, 2'000);
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}
