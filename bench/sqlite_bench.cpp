// What a record costs between its work stream and its document in the embedded store, by batch,
// number of workers and size of the file: claim, commit, acknowledge, through the store's ports,
// with nothing fetched or mapped. Durable (synchronous FULL), change log on.
// usage: sqlite_bench FOLDER [--documents N[,N..]] [--workers N[,N..]] [--batches N[,N..]]
// CPU and bytes are those of this process: writer thread, checkpoints and workers.
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "bench/measure.h"
#include "store/store.h"

namespace oddsloom {
namespace {

constexpr std::size_t kAppendedAtOnce = 500;
constexpr std::size_t kUnderWay = 2;  // batches per worker: one is stored while the next is made
constexpr std::size_t kMostRecords = 40'000;  // a pass
constexpr std::size_t kFewest = 4'000;        // .. of single records

std::atomic<std::uint64_t> statements_run{0};

extern "C" int count_statement(unsigned, void*, void*, void*) {
  statements_run.fetch_add(1, std::memory_order_relaxed);
  return 0;
}
extern "C" int watch_connection(sqlite3* connection, const char**, const void*) {
  return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, &count_statement, nullptr);
}

// About 1.3 KB as `map` and `show --json` print it.
Record record_of(std::size_t event, int price, UtcMillis now) {
  Record record;
  record.bookmaker = "BookieDelta";
  record.bet_type = "three_way";
  record.event_id = std::to_string(8'700'000 + event);
  record.home = fmt::format("Northgate Rovers {}", event % 977);
  record.away = fmt::format("Southquay United {}", event % 991);
  record.start_time = now + Millis(3'600'000);
  record.competition = "Invented Premier League of the North";
  record.sport_id = "1";
  record.betradar_id = "70" + record.event_id;
  record.target_date = "2031-05-07";
  record.market_id = "551" + record.event_id;
  record.outcomes = {{"1", Price{2'000 + price}, Status::Open, true, "90571234501", record.home},
                     {"X", Price{3'000 + price}, Status::Open, true, "90571234502", "Draw"},
                     {"2", Price{4'000 + price}, Status::Open, true, "90571234503", record.away}};
  record.observed_at = record.changed_at = now;
  return record;
}

std::uint64_t bytes_written() {
  std::ifstream file("/proc/self/io");
  std::string name;
  for (std::uint64_t value = 0; file >> name >> value;)
    if (name == "wchar:") return value;
  return 0;
}

struct Latencies {
  std::mutex mutex;
  std::vector<double> millis;
};

class Bench {
 public:
  Bench(std::string folder, std::size_t documents)
      : path_(fmt::format("{}/odds-{}.db", folder, documents)), documents_(documents) {
    options_.bet_types = BetTypes({{"three_way", {"1", "X", "2"}, false, "THREE_WAY", "3way"}});
    store_ = must(open_store("sqlite:" + path_, options_));
    const auto book = must(store_->match_book());
    for (std::size_t event = 0; event < documents_;) {
      CommitBatch batch;
      for (int i = 0; i < 1'000 && event < documents_; ++i)
        batch.records.push_back(record_of(event++, 0, start_));
      must(commit(*book, std::move(batch), Millis(120'000)));
    }
  }
  ~Bench() {
    store_.reset();
    for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + tail);
  }

  void run(std::size_t batch, std::size_t workers) {
    ++round_;
    const std::size_t count = std::clamp(batch * 1'000, kFewest, kMostRecords);
    // Spread over the whole file, each event once a pass.
    std::vector<std::size_t> known, fresh;
    const std::size_t step = std::max<std::size_t>(1, documents_ / count);
    for (std::size_t i = 0; known.size() < std::min(count, documents_); ++i)
      known.push_back(i * step % documents_);
    for (std::size_t i = 0; i < count; ++i) fresh.push_back(documents_ + made_++);
    one("created", fresh, batch, workers);
    while (known.size() < count) known.insert(known.end(), known.begin(), known.end());
    known.resize(count);
    one("changed", known, batch, workers);
    one("the same", known, batch, workers);
  }

 private:
  void one(const char* content, const std::vector<std::size_t>& events, std::size_t batch,
           std::size_t workers) {
    const bool changes = content != std::string_view("the same");
    if (changes) price_ += 10;
    append(events);
    const std::uint64_t statements = statements_run, bytes = bytes_written();
    const double cpu = cpu_micros();
    const auto begin = std::chrono::steady_clock::now();
    Latencies latencies;
    std::atomic<std::size_t> left{events.size()};
    {
      std::vector<std::jthread> crew;
      for (std::size_t i = 0; i < workers; ++i)
        crew.emplace_back([&, i] { work_off(i, batch, left, latencies); });
    }
    const double wall =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const auto per = [&](double value) { return value / static_cast<double>(events.size()); };
    auto& millis = latencies.millis;
    std::sort(millis.begin(), millis.end());
    const auto at = [&](double share) {
      return millis[static_cast<std::size_t>(share * static_cast<double>(millis.size() - 1))];
    };
    fmt::print(
        "| {} | {} | {} | {} | {:.0f} | {:.1f} | {:.2f} | {:.2f} | {:.2f} | {:.1f} | {:.0f} |\n",
        documents_, workers, batch, content, static_cast<double>(events.size()) / wall,
        per(cpu_micros() - cpu), at(0.5), at(0.99), millis.back(),
        per(static_cast<double>(statements_run - statements)),
        per(static_cast<double>(bytes_written() - bytes)));
    std::fflush(stdout);
  }

  void append(const std::vector<std::size_t>& events) {
    const auto streams = must(store_->work_streams());
    for (std::size_t i = 0; i < events.size(); i += kAppendedAtOnce) {
      std::vector<WorkEntry> entries;
      for (std::size_t j = i; j < std::min(i + kAppendedAtOnce, events.size()); ++j) {
        const Record record = record_of(events[j], 0, start_);
        WorkEntry& entry = entries.emplace_back();
        entry.event_id = record.event_id;
        entry.home = record.home;
        entry.away = record.away;
        entry.competition = record.competition;
        entry.sport_id = record.sport_id;
      }
      must(streams->append(stream_, entries));
    }
  }

  void work_off(std::size_t number, std::size_t batch, std::atomic<std::size_t>& left,
                Latencies& latencies) {
    const auto streams = must(store_->work_streams());
    const auto book = must(store_->match_book());
    const std::string consumer = fmt::format("bench:1:{}", number);
    std::deque<std::chrono::steady_clock::time_point> begun;
    std::vector<double> millis;
    const auto collect = [&](Millis wait) {
      for (const CommitReport& report : book->collect(wait)) {
        must(report.result);
        millis.push_back(std::chrono::duration<double, std::milli>(
                             std::chrono::steady_clock::now() - begun.front())
                             .count());
        begun.pop_front();
      }
    };
    while (left > 0) {
      const auto claimed =
          must(streams->claim({{stream_}, consumer, batch, Millis(60'000), Millis(1)}));
      if (claimed.empty()) {
        collect(Millis(0));
        continue;
      }
      CommitBatch out;
      for (const Entry& entry : claimed) {
        out.records.push_back(
            record_of(static_cast<std::size_t>(std::stoul(entry.work.event_id)) - 8'700'000, price_,
                      start_ + Millis(price_)));
        out.acknowledge.push_back(entry.ref);
      }
      begun.push_back(std::chrono::steady_clock::now());
      book->submit(std::move(out));
      left -= claimed.size();
      collect(Millis(0));
      while (begun.size() >= kUnderWay) collect(Millis(1'000));
    }
    while (!begun.empty()) collect(Millis(1'000));
    const std::lock_guard lock(latencies.mutex);
    latencies.millis.insert(latencies.millis.end(), millis.begin(), millis.end());
  }

  static void must(const Result<void>& result) {
    if (!result) throw std::runtime_error(result.error().text());
  }
  template <class T>
  static T must(Result<T> result) {
    return oddsloom::must(std::move(result));
  }

  const StreamId stream_{"BookieDelta", "three_way", Source::Upcoming, 0};
  const UtcMillis start_ = now_utc();
  const std::string path_;
  const std::size_t documents_;
  StoreOptions options_;
  std::unique_ptr<Store> store_;
  std::size_t made_ = 0;
  int price_ = 0, round_ = 0;
};

std::vector<std::size_t> numbers(std::string_view text) {
  std::vector<std::size_t> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    out.push_back(std::stoul(std::string(text.substr(0, end))));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace
}  // namespace oddsloom

int main(int count, char** arguments) try {
  using namespace oddsloom;
  std::vector<std::size_t> documents{1'000, 100'000}, workers{1, 2, 4}, batches{1, 10, 50, 200};
  bool usable = count >= 2 && count % 2 == 0;
  for (int i = 2; usable && i + 1 < count; i += 2) {
    const std::string_view name = arguments[i];
    auto* list = name == "--documents" ? &documents
                 : name == "--workers" ? &workers
                 : name == "--batches" ? &batches
                                       : nullptr;
    usable = list != nullptr;
    if (list) *list = numbers(arguments[i + 1]);
  }
  if (!usable) {
    fmt::print(stderr,
               "usage: sqlite_bench FOLDER [--documents N[,N..]] [--workers N[,N..]] "
               "[--batches N[,N..]] (bench/run --sqlite does it)\n");
    return 2;
  }
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(&watch_connection));
  fmt::print(
      "| documents | workers | batch | content | records/s | CPU us/record | commit p50 ms | p99 "
      "ms "
      "| max ms | statements/record | bytes written/record |\n"
      "|---:|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|\n");
  for (const std::size_t size : documents) {
    Bench bench(arguments[1], size);
    for (const std::size_t crew : workers)
      for (const std::size_t batch : batches) bench.run(batch, crew);
  }
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}
