// The server with prepared answers, for load.cpp: /odds is 1.4 MB of JSON and as gzip 100 KB, both
// made once; /small 200 bytes; /feed tells each subscriber 200 changes a second of 150 bytes,
// gathered every 50 ms. Prints its port, serves until interrupted, then says what CPU it took.
//   served
#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <deque>
#include <random>
#include <set>
#include <thread>

#include "serve/gzip_cache.h"
#include "serve/http_server.h"

namespace {

using namespace oddsloom;

constexpr int kChangesPerSecond = 200;
constexpr Millis kEvery{50};

// JSON that compresses about fourteen times, as odds do.
std::string odds_like(std::size_t size) {
  std::mt19937 random(1);
  std::string out = "[";
  while (out.size() < size) {
    const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    out += fmt::format(R"({{"key":"h2h","last_update":"2026-11-25T09:{:02}:{:02}Z","outcomes":[)"
                       R"({{"name":"Home","price":{}.{:02}}},{{"name":"Away","price":{}.{:02}}},)"
                       R"({{"name":"Draw","price":{}.{:02}}}]}},)",
                       below(60), below(60), 1 + below(9), below(100), 1 + below(9), below(100),
                       1 + below(9), below(100));
  }
  out.back() = ']';
  return out;
}

using Frame = std::shared_ptr<const std::string>;

struct Feed {
  std::deque<Frame> frames;  // the last second
  std::uint64_t end = 0;     // number of the frame behind the last
  std::set<class Listener*> listeners;
};

class Listener : public Subscriber {
 public:
  Listener(Feed& feed, std::function<void()> wake)
      : wake_(std::move(wake)), feed_(feed), next_(feed.end) {
    feed_.listeners.insert(this);
  }
  ~Listener() override { feed_.listeners.erase(this); }
  Frames next(UtcMillis) override {
    Frames out;
    next_ = std::max<std::uint64_t>(next_, feed_.end - feed_.frames.size());
    for (; next_ < feed_.end; ++next_)
      out.push_back(feed_.frames[feed_.frames.size() - (feed_.end - next_)]);
    return out;
  }
  std::function<void()> wake_;

 private:
  Feed& feed_;
  std::uint64_t next_;
};

}  // namespace

int main() {
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stops, nullptr);
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);

  const auto odds = std::make_shared<const std::string>(odds_like(1'400'000));
  // Cut to what the real answer has: the size is what matters here.
  auto coded = *gzip(*odds);
  coded.resize(100'000, 'x');
  const auto odds_gzip = std::make_shared<const std::string>(coded);
  const auto small = std::make_shared<const std::string>(odds_like(150));
  Feed feed;
  HttpServerConfig config;
  config.listen = {"127.0.0.1:0"};
  config.client_rate = 1e9;
  config.most_connections_per_client = config.most_subscribers = 100'000;
  ServeMetrics metrics;
  const auto server = HttpServer::start(
      config,
      [&](const WebRequest& request, Transport, std::function<void()> wake) {
        HttpAnswer out;
        if (request.path == "/feed")
          out.subscriber = std::make_unique<Listener>(feed, std::move(wake));
        out.response.body = request.path == "/small" ? small : odds;
        if (request.path != "/small") out.response.gzip = odds_gzip;
        out.response.etag = "\"1\"";
        return out;
      },
      metrics);
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().text().c_str());
    return 1;
  }
  (*server)->every(kEvery, [&] {
    for (int i = 0; i < kChangesPerSecond * kEvery.count() / 1000; ++i) {
      feed.frames.push_back(std::make_shared<const std::string>(
          fmt::format("id: {:08}\nevent: odds\ndata: {:x>118}\n\n", feed.end, "")));
      ++feed.end;
      if (feed.frames.size() > kChangesPerSecond) feed.frames.pop_front();
    }
    for (Listener* listener : feed.listeners) listener->wake_();
  });
  std::printf("%s\n", (*server)->urls()[0].c_str());
  std::fflush(stdout);
  std::jthread serving([&](const std::stop_token& stop) { (void)(*server)->run(stop); });
  int number = 0;
  sigwait(&stops, &number);
  serving.request_stop();
  serving.join();
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  std::printf(
      "CPU %.2f s (user %.2f), most memory %ld MB, %llu dropped\n",
      static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
          static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6,
      static_cast<double>(used.ru_utime.tv_sec) + static_cast<double>(used.ru_utime.tv_usec) / 1e6,
      used.ru_maxrss / 1024, static_cast<unsigned long long>(metrics.dropped_slow.value()));
  return 0;
}
