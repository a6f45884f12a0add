// A feed without sockets, for tests: hand-made boards, a clock moved by hand, clients that take
// what they are given. One thread.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "serve/feed.h"
#include "serve/feed_client.h"
#include "serve/feed_world.h"

namespace oddsloom::test {

// A client and its end of the connection.
struct Connected {
  FeedClient client;
  std::unique_ptr<Subscriber> subscriber;
  Transport transport = Transport::EventStream;
  int wakes = 0;
};

class FeedTest : public ::testing::Test {
 protected:
  void start(FeedConfig config = {}) {
    config.epoch = "abc";
    feed_ = std::make_unique<FeedService>(
        std::move(config), catalog_,
        [this](std::uint64_t after, std::size_t most, const auto& done) {
          FeedLogPage page;
          page.reaches_back_to = log_begin_;
          for (const auto& [sequence, key, record] : world_.log)
            if (sequence > after && page.changes.size() < most)
              page.changes.push_back({sequence, key, record});
          ++log_reads_;
          done(std::move(page));
        },
        metrics_);
  }
  void publish() { feed_->publish(world_.board(), world_.take_changes(), world_.now); }
  void tick(Millis span = Millis(1'000)) {
    world_.now = world_.now + span;
    feed_->tick(world_.now);
  }

  HttpAnswer ask(WebRequest request, Connected& to) {
    request.path = "/feed";
    request.now = world_.now;
    return feed_->answer(request, to.transport, [&to] { ++to.wakes; });
  }
  // Begins, or comes back with the id of before.
  void connect(Connected& to, std::vector<std::pair<std::string, std::string>> query = {}) {
    to.subscriber = nullptr;
    WebRequest request;
    request.query = std::move(query);
    if (!to.client.last_id.empty())
      request.headers.emplace_back("last-event-id", to.client.last_id);
    to.subscriber = ask(request, to).subscriber;
    ASSERT_NE(to.subscriber, nullptr);
  }
  // Until nothing more comes.
  void read(Connected& from, std::size_t most_turns = 10'000) {
    for (std::size_t i = 0; i < most_turns; ++i) {
      const auto frames = from.subscriber->next(world_.now);
      if (frames.empty()) return;
      for (const auto& frame : frames)
        from.transport == Transport::EventStream ? from.client.take(*frame)
                                                 : from.client.message(*frame);
    }
  }
  std::string key(const Record& record) { return FeedClient::key(record, "bookiedelta"); }

  Catalog catalog_ = test::feed_catalog();
  FeedWorld world_;
  FeedServiceMetrics metrics_;
  std::unique_ptr<FeedService> feed_;
  std::uint64_t log_begin_ = 0;
  int log_reads_ = 0;
};

}  // namespace oddsloom::test
