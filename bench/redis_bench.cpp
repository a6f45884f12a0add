// What one event costs between its work stream and its document on Redis, by batch: claim, commit,
// acknowledge, with nothing fetched or mapped. usage: redis_bench REDIS_URL [BATCH..] (emptied!).
// CPU is that of this process, and the server's own.
#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <stdexcept>

#include "bench/measure.h"
#include "store/redis_house.h"
#include "store/store.h"

namespace oddsloom {
namespace {

constexpr int kEvents = 10'000;

Record record_of(int event, int price, UtcMillis kick_off, UtcMillis now) {
  Record record;
  record.bookmaker = "BookieDelta";
  record.bet_type = "three_way";
  record.event_id = std::to_string(8'700'000 + event);
  record.home = "Northgate Rovers";
  record.away = "Southquay United";
  record.start_time = kick_off;
  record.competition = "Invented League";
  record.sport_id = "1";
  record.betradar_id = "70" + record.event_id;
  record.target_date = "2031-05-07";
  record.market_id = "551" + record.event_id;
  record.outcomes = {{"1", Price{2'000 + price}, Status::Open, true, "501", "Northgate Rovers"},
                     {"X", Price{3'000 + price}, Status::Open, true, "502", "Draw"},
                     {"2", Price{4'000 + price}, Status::Open, true, "503", "Southquay United"}};
  record.observed_at = record.changed_at = now;
  return record;
}

// The server's own account.
struct ServerState {
  double cpu = 0;               // microseconds
  double sent = 0, inside = 0;  // commands that a client sent, and that scripts ran for it
};

class Bench {
 public:
  explicit Bench(const std::string& url) : url_(url) {
    options_.bet_types = BetTypes({{"three_way", {"1", "X", "2"}, false, "THREE_WAY", "3way"}});
    client_ = must(RedisClient::connect(must(parse_redis_url(url)), {}, Millis(5'000)));
    if (must(client_->ask(RedisCommand("DBSIZE"), Millis(5'000))).view().integer() != 0)
      throw std::runtime_error(url + " is not empty: name a server of its own");
  }

  void run(std::size_t batch) {
    must(client_->ask(RedisCommand("FLUSHALL"), Millis(5'000)));
    const auto store = must(open_store(url_, options_));
    const auto work = must(store->work_streams());
    const auto book = must(store->match_book());
    const UtcMillis start = now_utc();
    const char* passes[] = {"created", "changed", "the same"};
    for (int pass = 0; pass < 3; ++pass) {
      const int price = pass == 0 ? 0 : 10;
      std::vector<WorkEntry> entries(kEvents);
      for (int i = 0; i < kEvents; ++i)
        entries[static_cast<std::size_t>(i)].event_id = record_of(i, 0, start, start).event_id;
      for (std::size_t first = 0; first < entries.size(); first += 500)
        must(work->append(stream_, {entries.begin() + static_cast<std::ptrdiff_t>(first),
                                    entries.begin() + static_cast<std::ptrdiff_t>(first + 500)}));
      const ServerState before = server();
      const double cpu = cpu_micros();
      const auto begin = std::chrono::steady_clock::now();
      work_off(*work, *book, batch, price, start + Millis(3'600'000), start + Millis(pass));
      const double wall =
          std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
      const double client = (cpu_micros() - cpu) / kEvents;
      const ServerState after = server();
      fmt::print("| {} | {} | {:.2f} | {:.2f} | {:.1f} | {:.3f} | {:.1f} | {:.0f} |\n", batch,
                 passes[pass], client, making_, (after.cpu - before.cpu) / kEvents,
                 (after.sent - before.sent) / kEvents, (after.inside - before.inside) / kEvents,
                 kEvents / wall);
      std::fflush(stdout);
    }
  }

 private:
  void work_off(WorkStreams& work, MatchBook& book, std::size_t batch, int price,
                UtcMillis kick_off, UtcMillis at) {
    making_ = 0;
    for (int done = 0; done < kEvents;) {
      const auto claimed =
          must(work.claim({{stream_}, "bench:1:1", batch, Millis(60'000), Millis(0)}));
      if (claimed.empty()) throw std::runtime_error("entries are missing");
      const double before = cpu_micros();
      CommitBatch out;
      for (const Entry& entry : claimed) {
        out.records.push_back(
            record_of(std::stoi(entry.work.event_id) - 8'700'000, price, kick_off, at));
        out.acknowledge.push_back(entry.ref);
      }
      making_ += (cpu_micros() - before) / kEvents;
      must(commit(book, std::move(out)));
      done += static_cast<int>(claimed.size());
    }
  }

  ServerState server() {
    ServerState out;
    RedisCommand info("INFO");
    info.add("everything");
    const Reply reply = must(client_->ask(std::move(info), Millis(5'000)));
    const std::string text(reply.text());
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string line = text.substr(at, end - at);
      at = end + 1;
      if (line.starts_with("used_cpu_user:") || line.starts_with("used_cpu_sys:"))
        out.cpu += 1e6 * std::stod(line.substr(line.find(':') + 1));
      if (!line.starts_with("cmdstat_")) continue;
      const std::string name = line.substr(8, line.find(':') - 8);
      const double calls = std::stod(line.substr(line.find("calls=") + 6));
      const bool by_client = name == "evalsha" || name == "xread" || name == "xautoclaim" ||
                             name == "sadd" || name.starts_with("xgroup") ||
                             name.starts_with("script") || name == "ping" ||
                             name.starts_with("client");
      (by_client ? out.sent : out.inside) += name == "info" ? 0 : calls;
    }
    return out;
  }

  const std::string url_;
  const StreamId stream_{"BookieDelta", "three_way", Source::Upcoming, 0};
  StoreOptions options_;
  std::unique_ptr<RedisClient> client_;
  double making_ = 0;  // of the client's CPU: inventing the records
};

}  // namespace
}  // namespace oddsloom

int main(int count, char** arguments) try {
  using namespace oddsloom;
  if (count < 2) {
    fmt::print(stderr, "usage: redis_bench REDIS_URL [BATCH..] (bench/run --redis does it)\n");
    return 2;
  }
  Bench bench(arguments[1]);
  fmt::print(
      "{} events of one bet type a pass: claimed, committed, acknowledged. CPU in microseconds per "
      "event.\n\n",
      kEvents);
  fmt::print(
      "| batch | content | client CPU | of which inventing the records | server CPU | commands "
      "sent | run inside scripts "
      "| events/s |\n|---:|---|---:|---:|---:|---:|---:|---:|\n");
  std::vector<std::size_t> batches{1, 10, 50, 200};
  if (count > 2) batches.clear();
  for (int i = 2; i < count; ++i) batches.push_back(std::stoul(arguments[i]));
  for (const std::size_t batch : batches) bench.run(batch);
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}
