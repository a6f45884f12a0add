// The change log of a Redis store whose server's clock is set back. What is left of the time before
// is put in its place by hand: ids of changes that lie ahead of the clock.
#include <fmt/format.h>

#include "store/redis_change_log.h"
#include "store/redis_session.h"
#include "support/redis_server.h"
#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

constexpr std::int64_t kSetBack = 3'600'000;  // milliseconds
constexpr unsigned kUpcomingThreeWay = 1;     // number of the stream

class RedisClock : public ::testing::Test {
 protected:
  std::int64_t server_millis() {
    const std::string time = server_.cli("TIME");
    const auto line = time.find('\n');
    return std::stoll(time.substr(0, line)) * 1'000 + std::stoll(time.substr(line + 1)) / 1'000;
  }
  void log_by_hand(const std::string& id) {
    Record record = record_of("ahead");
    record.changed_at = record.observed_at;
    ASSERT_EQ(server_.cli("XADD", three_way_, id, "data_key", "doc", "bookmaker", "BookieDelta",
                          "event_id", "ahead", "record", to_json(record)),
              id);
  }
  std::string newest_id(const std::string& stream) {
    const std::string entry = server_.cli("XREVRANGE", stream, "+", "-", "COUNT", "1");
    return entry.substr(0, entry.find('\n'));
  }
  static Record btts(const std::string& event_id) {
    Record record = record_of(event_id);
    record.bet_type = "btts";
    record.outcomes.pop_back();
    record.outcomes[0].key = "yes";
    record.outcomes[1].key = "no";
    return record;
  }
  std::vector<std::string> events_after(std::uint64_t cursor) {
    std::vector<std::string> out;
    for (const Change& change : must(session_.reader->changes(cursor, 100)))
      out.push_back(change.record.event_id);
    return out;
  }

  RedisServer server_;
  RedisSession session_{server_.url(), system_clock()};
  const std::string three_way_ = "lst-THREE_WAY_upcoming_changes";
  const std::string btts_ = "lst-BTTS_upcoming_changes";
  const std::string newest_ = "lst_newest_change";
};

using Events = std::vector<std::string>;

TEST_F(RedisClock, SetBackItHidesNoChangeFromWhoHasReadOn) {
  const std::string id = fmt::format("{}-5", server_millis() + kSetBack);
  log_by_hand(id);
  server_.cli("SET", newest_, id);
  const std::uint64_t cursor = pack_position(id, kUpcomingThreeWay);
  session_.commit({btts("1")});
  session_.commit({record_of("2"), record_of("3")});
  EXPECT_GT(pack_position(newest_id(btts_), 0), cursor);
  EXPECT_TRUE(wait_until([&] { return events_after(cursor).size() == 3; }));
  EXPECT_EQ(events_after(cursor), (Events{"1", "2", "3"})) << "in the order of commits";
  EXPECT_EQ(must(session_.reader->change_log()).end,
            must(session_.reader->changes(cursor, 100)).back().sequence);
}

TEST_F(RedisClock, WhereTheNewestIdWasLostItIsFoundAgainInTheStream) {
  log_by_hand(fmt::format("{}-0", server_millis() + kSetBack));
  session_.commit({record_of("1")});
  session_.commit({btts("2")});
  EXPECT_EQ(server_.cli("GET", newest_), newest_id(btts_));
  EXPECT_TRUE(wait_until([&] { return events_after(0) == Events{"ahead", "1", "2"}; }));
}

TEST_F(RedisClock, MoreChangesThanAMillisecondHasNumbersGoToTheNext) {
  const std::int64_t ahead = server_millis() + kSetBack;
  server_.cli("SET", newest_, fmt::format("{}-99998", ahead));
  session_.commit({record_of("1"), record_of("2"), record_of("3")});
  EXPECT_EQ(newest_id(three_way_), fmt::format("{}-1", ahead + 1));
  EXPECT_TRUE(wait_until([&] { return events_after(0) == Events{"1", "2", "3"}; }));
}

TEST_F(RedisClock, AStreamThatIsNoneFailsTheCommitWithTheServersWords) {
  server_.cli("SET", three_way_, "a text");
  CommitBatch batch;
  batch.records = {record_of("1")};
  const auto stored = commit(*session_.book, std::move(batch));
  ASSERT_FALSE(stored);
  EXPECT_NE(stored.error().text().find("WRONGTYPE"), std::string::npos) << stored.error().text();
}

}  // namespace
}  // namespace oddsloom::test
