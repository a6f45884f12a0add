#include "sim/replay.h"

#include <gtest/gtest.h>
#include <simdjson.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "base/text.h"
#include "raw_client.h"
#include "sim/recording.h"

namespace oddsloom::sim {
namespace {

using testing::get;
using testing::Reply;

// A folder of invented recordings in the form of the captures.
class Recordings {
 public:
  Recordings() {
    std::string name = (std::filesystem::temp_directory_path() / "oddsloom-replay-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    index_ = "file\tkind\turl\thttp_status\tcontent_type\tcontent_range\tresponse_date\n";
  }
  ~Recordings() { std::filesystem::remove_all(folder_); }
  Recordings(const Recordings&) = delete;
  Recordings& operator=(const Recordings&) = delete;

  void add(const std::string& file, const std::string& kind, const std::string& url,
           const std::string& status, const std::string& type, const std::string& body) {
    std::ofstream(folder_ / file) << body;
    index_ += file + "\t" + kind + "\t" + url + "\t" + status + "\t" + type + "\t\t\n";
  }
  std::unique_ptr<Replay> start() {
    std::ofstream(folder_ / "INDEX.tsv") << index_;
    auto replay = Replay::start(folder_);
    EXPECT_TRUE(replay) << replay.error().text();
    return std::move(*replay);
  }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  std::string index_;
};

const std::string kHost = "https://book.example";
const std::string kList =
    R"([{"id":101,"competition":{"id":9},"dateTimestamp":1768467600000,"markets":[{"id":10,"name":"3 Way"}]},)"
    R"( {"id":103,"competition":{"id":8},"dateTimestamp":1768567600000,"markets":[{"id":10,"name":"3 Way"}]}])";

TEST(Replay, ListsAreFoundWhateverThePagingAndEndWhereTheRecordingEnds) {
  Recordings recordings;
  recordings.add("prematch-list__x__20260101T000000Z.json", "prematch-list",
                 kHost + "/api/upcoming/games?type=prematch&sportId=1&pag_count=15&pag_min=1",
                 "206", "text/html; charset=utf-8", kList);
  const auto replay = recordings.start();
  const Reply whole = get(replay->port(), "/api/upcoming/games?sportId=1&o=startTime&pag_count=50");
  EXPECT_EQ(whole.status, 206);
  EXPECT_EQ(whole.body, kList) << "the recorded bytes";
  EXPECT_EQ(whole.headers.at("content-range"), "0-1/2");
  EXPECT_TRUE(whole.headers.at("content-type").starts_with("text/html"));
  const Reply second = get(replay->port(), "/api/upcoming/games?sportId=1&pag_count=1&pag_min=2");
  EXPECT_EQ(second.headers.at("content-range"), "1-1/2");
  EXPECT_NE(second.body.find("103"), std::string::npos);
  const Reply past = get(replay->port(), "/api/upcoming/games?sportId=1&pag_min=16");
  EXPECT_EQ(past.body, "[]");
  EXPECT_EQ(past.status, 206);
  EXPECT_EQ(get(replay->port(), "/api/upcoming/games?sportId=4").body, "[]");
  EXPECT_EQ(
      get(replay->port(), "/api/upcoming/games?gameId=103&sportId=1").headers.at("content-range"),
      "0-0/1");
  EXPECT_EQ(get(replay->port(), "/api/upcoming/games?gameId=103&sportId=2").body, "[]");
  const Reply league = get(replay->port(), "/api/upcoming/games?sportId=1&leagueId=9");
  EXPECT_EQ(league.body.find("103"), std::string::npos);
  const Reply today = get(replay->port(), "/api/todays/1/games");
  EXPECT_EQ(today.body.find("103"), std::string::npos) << "a day later";
}

TEST(Replay, GameMarketsComeFromWhereverTheyWereRecorded) {
  Recordings recordings;
  recordings.add("prematch-list__x__20260101T000000Z.json", "prematch-list",
                 kHost + "/api/upcoming/games?sportId=1&pag_min=1", "206", "application/json",
                 kList);
  recordings.add("prematch-markets-all__x__game-103__20260101T000100Z.json", "prematch-markets-all",
                 kHost + "/api/games/markets?games=103&markets=all", "200", "application/json",
                 R"({"103":[{"id":10,"x":1},{"id":43},{"id":52,"specValue":2.5}]})");
  const auto replay = recordings.start();
  EXPECT_EQ(get(replay->port(), "/api/games/markets?games=103,101,55&markets=10,43").body,
            R"({"101":[{"id":10,"name":"3 Way"}],"103":[{"id":10,"x":1},{"id":43}]})");
  EXPECT_EQ(get(replay->port(), "/api/games/markets?markets=all&games=103").body,
            R"({"103":[{"id":10,"x":1},{"id":43},{"id":52,"specValue":2.5}]})");
  EXPECT_EQ(get(replay->port(), "/api/games/markets?games=55&markets=10").body, "{}");
  EXPECT_EQ(replay->ids().games_with_markets, (std::vector<std::int64_t>{101, 103}));
}

TEST(Replay, AnswersToTheSameQuestionComeInTurn) {
  Recordings recordings;
  const std::string url = kHost + "/api/live/event/markets?eventId=8,7&type=194&sportId=1";
  recordings.add("live-event-markets__b__20260101T000200Z.json", "live-event-markets", url, "200",
                 "application/json", R"({"markets":[{"eventId":7,"markets":[{"id":194,"t":2}]}]})");
  recordings.add("live-event-markets__a__20260101T000100Z.json", "live-event-markets", url, "200",
                 "application/json", R"({"markets":[{"eventId":7,"markets":[{"id":194,"t":1}]}]})");
  recordings.add("live-event-details__x__20260101T000300Z.json", "live-event-details",
                 kHost + "/api/live/events/7/details", "200", "application/json",
                 R"({"event":{"id":7},"markets":[{"id":194,"t":3},{"id":147,"t":3}]})");
  const auto replay = recordings.start();
  const std::string same = "/api/live/event/markets?type=194&sportId=1&eventId=7,8";
  EXPECT_NE(get(replay->port(), same).body.find("\"t\":1"), std::string::npos);
  EXPECT_NE(get(replay->port(), same).body.find("\"t\":2"), std::string::npos);
  EXPECT_NE(get(replay->port(), same).body.find("\"t\":2"), std::string::npos) << "the last stays";
  const std::string other = "/api/live/event/markets?eventId=7,99&type=194%230%230,147";
  EXPECT_EQ(get(replay->port(), other).body,
            R"({"markets":[{"eventId":7,"markets":[{"id":147,"t":3},{"id":194,"t":1}]}]})");
  EXPECT_NE(get(replay->port(), "/api/live/events/7/details").body.find("147"), std::string::npos);
  EXPECT_EQ(get(replay->port(), "/api/live/events/8/details").status, 404);
  EXPECT_EQ(get(replay->port(), "/api/live/event/markets?eventId=7&type=138").body,
            R"({"markets":[]})");
}

TEST(Replay, LiveListsEndWhereTheRecordingEnds) {
  Recordings recordings;
  recordings.add(
      "live-events__x__20260101T000200Z.json", "live-events",
      kHost + "/api/live/sports/1/events?limit=15&offset=0", "200", "application/json",
      R"({"events":[{"id":7,"status":"Started"},{"id":8,"status":"NotStarted"}],"loadMore":true})");
  const auto replay = recordings.start();
  EXPECT_NE(get(replay->port(), "/api/live/sports/1/events?limit=100&offset=0").body.find("true"),
            std::string::npos);
  EXPECT_EQ(get(replay->port(), "/api/live/sports/1/events?limit=15&offset=15").body,
            R"({"events":[],"loadMore":false})");
  EXPECT_EQ(get(replay->port(), "/api/live/sports/1/events/started").body,
            R"({"events":[{"id":7,"status":"Started"}],"loadMore":false})");
}

TEST(Replay, AFolderThatIsNoneIsAnError) {
  EXPECT_FALSE(Replay::start("/nonexistent"));
  Recordings recordings;
  std::ofstream(recordings.folder() / "INDEX.tsv") << "file\tkind\n";
  const auto replay = Replay::start(recordings.folder());
  ASSERT_FALSE(replay);
  EXPECT_EQ(replay.error().kind, ErrorKind::Malformed);
}

class Captures : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* root = std::getenv("ODDSLOOM_CAPTURES");
    if (root == nullptr) GTEST_SKIP() << "ODDSLOOM_CAPTURES names no folder of captures";
    folder_ = std::filesystem::path(root) / "bookiedelta";
    if (!std::filesystem::exists(folder_ / "INDEX.tsv"))
      GTEST_SKIP() << folder_ << " has no INDEX.tsv";
    auto replay = Replay::start(folder_);
    ASSERT_TRUE(replay) << replay.error().text();
    replay_ = std::move(*replay);
  }
  std::filesystem::path folder_;
  std::unique_ptr<Replay> replay_;
};

TEST_F(Captures, EveryRecordedRequestIsAnsweredWithRecordedBytes) {
  const auto recorded = load_recorded(folder_);
  ASSERT_TRUE(recorded);
  int same_bytes = 0;
  for (const Recorded& one : *recorded) {
    if (one.placeholder) continue;
    std::string target = one.target.path;
    char separator = '?';
    for (const auto& [name, value] : one.target.parameters) {
      target += separator + name + "=" + value;
      separator = '&';
    }
    const Reply reply = get(replay_->port(), target);
    EXPECT_EQ(reply.status, one.status) << one.file;
    EXPECT_TRUE(reply.whole) << one.file;
    if (std::any_of(recorded->begin(), recorded->end(),
                    [&](const Recorded& r) { return r.body == reply.body; }))
      ++same_bytes;
  }
  EXPECT_GT(same_bytes, 50);
}

TEST_F(Captures, EveryListedIdIsFoundAgain) {
  const auto& ids = replay_->ids();
  EXPECT_GT(ids.listed_games.size(), 100U);
  EXPECT_GT(ids.games_with_markets.size(), 100U);
  EXPECT_GT(ids.listed_live.size(), 50U);
  EXPECT_GT(ids.live_with_markets.size(), 30U);
  EXPECT_EQ(ids.live_with_details.size(), 6U);
  simdjson::dom::parser parser;
  for (const std::int64_t id : ids.games_with_markets) {
    const std::string key = std::to_string(id);
    const Reply reply = get(replay_->port(), "/api/games/markets?markets=all&games=" + key);
    simdjson::dom::array markets;
    ASSERT_EQ(parser.parse(reply.body)[key].get(markets), simdjson::SUCCESS) << key;
    EXPECT_GT(markets.size(), 0U) << key;
  }
  for (const std::int64_t id : ids.live_with_details)
    EXPECT_EQ(get(replay_->port(), "/api/live/events/" + std::to_string(id) + "/details").status,
              200);
}

}  // namespace
}  // namespace oddsloom::sim
