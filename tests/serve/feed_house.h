// Everything that serves the feed, as app/ puts it together: a store, the board's thread, a thread
// that reads the change log, a real server. The catalog's limits are long, so that a slow machine
// makes nothing stale.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "serve/board_keeper.h"
#include "serve/feed.h"
#include "serve/feed_world.h"
#include "serve/server_under_test.h"

namespace oddsloom::test {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return *std::move(result);
}

inline StoreOptions feed_store_options() {
  StoreOptions out;
  out.bet_types = feed_bet_types();
  out.bookmakers = {"BookieAlpha", "BookieDelta"};
  return out;
}

class FeedHouse {
 public:
  explicit FeedHouse(const std::string& store_url, FeedConfig config = {})
      : catalog(long_limits()), store(must(open_store(store_url, feed_store_options()))) {
    config.epoch = "test";
    feed = std::make_unique<FeedService>(
        std::move(config), catalog,
        [this](std::uint64_t after, std::size_t most, auto done) {
          const std::lock_guard lock(mutex_);
          asked_.push_back({after, most, std::move(done)});
          woken_.notify_one();
        },
        metrics);
    server = std::make_unique<ServerUnderTest>(
        [this](const WebRequest& request, Transport transport, std::function<void()> wake) {
          return request.path == "/feed" ? feed->answer(request, transport, std::move(wake))
                                         : echo(request);
        },
        many_requests());
    log_ = std::jthread([this](const std::stop_token& stop) { read_log(stop); });
    board_ = std::jthread([this](const std::stop_token& stop) { keep_board(stop); });
  }
  ~FeedHouse() {
    board_ = {};
    log_ = {};
    server->stop();
  }

  const Catalog catalog;
  std::unique_ptr<Store> store;
  FeedServiceMetrics metrics;
  std::unique_ptr<FeedService> feed;
  std::unique_ptr<ServerUnderTest> server;

 private:
  struct Asked {
    std::uint64_t after;
    std::size_t most;
    std::function<void(Result<FeedLogPage>)> done;
  };

  static HttpServerConfig many_requests() {
    HttpServerConfig out;
    out.client_rate = 1e6;
    return out;
  }
  static Catalog long_limits() {
    Catalog out = feed_catalog();
    for (CatalogBookmaker& one : out.bookmakers)
      one.live_limit = one.upcoming_limit = Millis(3'600'000);
    return out;
  }
  void keep_board(const std::stop_token& stop) {
    BoardKeeper keeper(catalog, must(store->reader()));
    while (!stop.stop_requested()) {
      BoardTurn turn = keeper.turn(now_utc());
      server->server->post([this, turn = std::move(turn)] {
        if (turn.board) feed->publish(turn.board, turn.changes, now_utc());
        feed->tick(now_utc());
      });
      std::this_thread::sleep_for(Millis(2));
    }
  }
  void read_log(const std::stop_token& stop) {
    const auto reader = must(store->reader());
    std::unique_lock lock(mutex_);
    while (woken_.wait(lock, stop, [&] { return !asked_.empty(); })) {
      Asked asked = std::move(asked_.front());
      asked_.pop_front();
      lock.unlock();
      FeedLogPage page;
      page.changes = must(reader->changes(asked.after, asked.most));
      page.reaches_back_to = must(reader->change_log()).begin;
      server->server->post([page = std::move(page), done = std::move(asked.done)]() mutable {
        done(std::move(page));
      });
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable_any woken_;
  std::deque<Asked> asked_;
  std::jthread log_, board_;
};

}  // namespace oddsloom::test
