// A client that is killed and comes back again and again, a server that is, too, and prices that
// move meanwhile: each change of the log comes exactly once, and what the client
// holds in the end is what the store holds.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <random>

#include "serve/feed_client.h"
#include "serve/feed_house.h"
#include "support/http_wire.h"
#include "support/redis_server.h"
#include "support/temp_dir.h"
#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

using SteadyClock = std::chrono::steady_clock;

// One life of a client's connection.
class Connection {
 public:
  Connection(std::uint16_t port, FeedClient& client, const std::string& query = "")
      : client_(client), socket_(port) {
    client_.lose_connection();
    socket_.send(request("/feed" + query, client.last_id.empty()
                                              ? ""
                                              : "Last-Event-ID: " + client.last_id + "\r\n"));
  }
  // Reads what comes within the time; false: the server ended it.
  bool read(Millis span) {
    const auto end = SteadyClock::now() + span;
    for (;;) {
      const auto left = std::chrono::duration_cast<Millis>(end - SteadyClock::now()).count();
      pollfd wanted{socket_.fd(), POLLIN, 0};
      if (poll(&wanted, 1, static_cast<int>(std::max<std::int64_t>(left, 0))) <= 0) return true;
      std::array<char, 20'000> bytes{};
      const auto got = recv(socket_.fd(), bytes.data(), bytes.size(), 0);
      if (got <= 0) return false;
      client_.take({bytes.data(), static_cast<std::size_t>(got)});
      if (left <= 0) return true;
    }
  }

 private:
  FeedClient& client_;
  RawClient socket_;
};

// Moves prices until it is told to stop.
void move_prices(const std::string& url, const std::stop_token& stop) {
  const auto store = must(open_store(url, feed_store_options()));
  const auto book = must(store->match_book());
  std::minstd_rand random(7);
  for (std::int32_t n = 0; !stop.stop_requested(); ++n) {
    CommitBatch batch;
    for (std::uint32_t i = 0; i < 1 + random() % 4; ++i) {
      Record record = market(std::to_string(random() % 40), 1'500 + n % 5'000);
      if (random() % 5 == 0) {
        record.bet_type = "btts";
        record.outcomes = {outcome("yes", Price{1'800 + n % 999}, Status::Open, "1", "Yes"),
                           outcome("no", Price{2'000}, Status::Open, "2", "No")};
      }
      if (random() % 6 == 0) record.source = Source::Live;
      if (random() % 9 == 0) {
        record.status = Status::Suspended;
        for (Outcome& one : record.outcomes) {
          one.status = Status::Suspended;
          one.usable = false;
        }
      }
      if (random() % 13 == 0) {
        record.offered = false;
        record.status = Status::Closed;
        record.outcomes.clear();
      }
      record.start_time = now_utc() + Millis(3'600'000);
      record.observed_at = now_utc();
      batch.records.push_back(std::move(record));
    }
    must(commit(*book, std::move(batch)));
    std::this_thread::sleep_for(Millis(1));
  }
}

class FeedResume : public ::testing::TestWithParam<bool> {
 protected:
  FeedResume() {
    if (GetParam())
      redis_ = std::make_unique<RedisServer>();
    else
      dir_ = std::make_unique<TempDir>();
    url_ = redis_ ? redis_->url() : "sqlite:" + dir_->file("store.db");
  }
  std::unique_ptr<RedisServer> redis_;
  std::unique_ptr<TempDir> dir_;
  std::string url_;
};

TEST_P(FeedResume, AHundredKillsMissNothingAndRepeatNothing) {
  auto house = std::make_unique<FeedHouse>(url_);
  std::jthread writer([&](const std::stop_token& stop) { move_prices(url_, stop); });
  FeedClient client;
  ASSERT_TRUE(wait_until([&] {
    Connection first(house->server->port(), client);
    first.read(Millis(100));
    return client.has_snapshot;
  }));
  std::uint64_t first_id = 0;
  for (const auto& event : client.events)
    if (event.name == "snapshot-complete") first_id = parse_feed_id(event.id)->sequence;
  ASSERT_NE(first_id, 0U);

  std::minstd_rand random(11);
  std::uint64_t from_memory = 0, from_log = 0;
  const auto count_resumed = [&] {
    from_memory += house->metrics.resumed_from_memory.value();
    from_log += house->metrics.resumed_from_log.value();
  };
  for (int kill = 0; kill < 100; ++kill) {
    if (kill % 10 == 9) {
      count_resumed();
      house = nullptr;
      house = std::make_unique<FeedHouse>(url_);
    }
    const std::size_t before = client.events.size();
    // Many lives are over before anything has come; then the next ones last longer.
    Millis life(random() % 25);
    ASSERT_TRUE(wait_until([&] {
      Connection one(house->server->port(), client);
      one.read(life);
      const bool enough = client.events.size() > before || life < Millis(5);
      life = life * 3 / 2;
      return enough;
    }));
  }
  writer.request_stop();
  writer.join();
  const auto reader = must(house->store->reader());
  std::map<std::string, int> expected;
  std::uint64_t last = first_id;
  for (;;) {
    const auto changes = must(reader->changes(last, 1'000));
    for (const Change& change : changes) {
      last = change.sequence;
      expected[fmt::format("test-{}", last)] = 1;
    }
    if (changes.size() < 1'000) break;
  }
  ASSERT_TRUE(wait_until([&] {
    Connection one(house->server->port(), client);
    one.read(Millis(200));
    const auto at = parse_feed_id(client.last_id);
    return at && at->sequence >= last;
  }));
  count_resumed();
  EXPECT_EQ(client.resets, 0);
  EXPECT_GT(from_memory, 10U);
  EXPECT_GT(from_log, 3U);
  EXPECT_GT(expected.size(), 300U);
  std::size_t missing = 0, twice = 0;
  for (const auto& [id, once] : expected) missing += client.change_ids.count(id) == 0;
  for (const auto& [id, times] : client.change_ids) twice += times != 1;
  EXPECT_EQ(missing, 0U);
  EXPECT_EQ(twice, 0U);
  EXPECT_EQ(client.change_ids.size(), expected.size());

  FeedClient fresh;
  ASSERT_TRUE(wait_until([&] {
    Connection one(house->server->port(), fresh);
    one.read(Millis(500));
    return fresh.has_snapshot;
  }));
  EXPECT_TRUE(client.markets == fresh.markets);
  const auto documents = must(reader->documents(DocumentFilter{}));
  std::size_t offered = 0;
  for (const MatchDocument& document : documents)
    for (const auto& [bookmaker, record] : document.records) {
      if (!record.offered) continue;
      ++offered;
      const auto found = client.markets.find(FeedClient::key(record, "bookiedelta"));
      ASSERT_NE(found, client.markets.end()) << record.id().text();
      for (const Outcome& one : record.outcomes) {
        const std::string price = fmt::format("{:.3f}", one.price->thousandths / 1000.0);
        const FeedClient::Outcome& told = found->second.outcomes.at(one.key);
        EXPECT_EQ(one.usable ? told.price : told.last_price, price);
        EXPECT_EQ(told.status, to_string(one.status));
      }
    }
  EXPECT_EQ(offered, client.markets.size());
}

INSTANTIATE_TEST_SUITE_P(Stores, FeedResume, ::testing::Values(false, true),
                         [](const auto& of) { return of.param ? "Redis" : "Sqlite"; });

}  // namespace
}  // namespace oddsloom::test
