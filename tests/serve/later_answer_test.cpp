// Answers that take time (HttpAnswer::later): made on another thread, sent in their place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "serve/server_under_test.h"
#include "support/http_wire.h"
#include "support/wait_until.h"

namespace oddsloom {
namespace {

using test::get;
using test::RawClient;
using test::request;
using test::ServerUnderTest;

// Runs jobs when it is told to, each on a thread of its own.
class Later {
 public:
  RunLater taker() {
    return [this](std::function<WebResponse()> job, std::function<void(WebResponse)> done) {
      const std::lock_guard lock(mutex_);
      if (full) return false;
      waiting_.push_back({std::move(job), std::move(done)});
      return true;
    };
  }
  std::size_t waiting() {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
  }
  void run_all(HttpServer& server) {
    const std::lock_guard lock(mutex_);
    for (auto& [job, done] : waiting_)
      threads_.emplace_back([&server, job = std::move(job), done = std::move(done)] {
        server.post([done, response = job()] { done(response); });
      });
    waiting_.clear();
  }

  std::atomic<bool> full{false};

 private:
  std::mutex mutex_;
  std::vector<std::pair<std::function<WebResponse()>, std::function<void(WebResponse)>>> waiting_;
  std::vector<std::jthread> threads_;
};

HttpAnswer handler(const WebRequest& asked, Transport, const std::function<void()>&) {
  if (asked.path != "/v4/past") return test::echo(asked);
  HttpAnswer out;
  out.response.status = 503;
  out.later = [] {
    WebResponse response;
    response.body = std::make_shared<const std::string>("long ago");
    response.cost = 10;
    return response;
  };
  return out;
}

HttpServerConfig config_with(Later& later) {
  HttpServerConfig config;
  config.run_later = later.taker();
  return config;
}

TEST(LaterAnswer, KeepsItsPlaceAndTellsItsCost) {
  Later later;
  ServerUnderTest server(handler, config_with(later));
  RawClient client(server.port());
  ASSERT_TRUE(client.send(request("/v4/past") + request("/next")));
  ASSERT_TRUE(test::wait_until([&] { return later.waiting() == 1; }));
  EXPECT_EQ(get(server.port(), "/others").body, "/others\n") << "others do not wait";
  later.run_all(*server.server);
  const auto past = client.answer();
  EXPECT_EQ(past.status, 200);
  EXPECT_EQ(past.body, "long ago");
  EXPECT_EQ(past.header("x-requests-last"), "10");
  EXPECT_EQ(client.answer().body, "/next\n");
}

TEST(LaterAnswer, TooManyAreRefused) {
  Later later;
  later.full = true;
  ServerUnderTest server(handler, config_with(later));
  const auto refused = get(server.port(), "/v4/past");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("x-requests-last"), "0");
}

TEST(LaterAnswer, OneThatTakesTooLongIsNotWaitedFor) {
  Later later;
  auto config = config_with(later);
  config.later_time = Millis(100);
  ServerUnderTest server(handler, config);
  RawClient client(server.port());
  ASSERT_TRUE(client.send(request("/v4/past")));
  EXPECT_EQ(client.answer().status, 503);
  later.run_all(*server.server);  // nobody waits for it any more
  ASSERT_TRUE(client.send(request("/next")));
  EXPECT_EQ(client.answer().body, "/next\n");
}

TEST(LaterAnswer, AClientThatHasGoneIsForgotten) {
  Later later;
  ServerUnderTest server(handler, config_with(later));
  {
    RawClient client(server.port());
    ASSERT_TRUE(client.send(request("/v4/past")));
    ASSERT_TRUE(test::wait_until([&] { return later.waiting() == 1; }));
  }
  later.run_all(*server.server);
  EXPECT_EQ(get(server.port(), "/others").body, "/others\n");
}

}  // namespace
}  // namespace oddsloom
