#include "sim/simulator.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "raw_client.h"

namespace oddsloom::sim {
namespace {

using testing::get;
using testing::post;
using testing::RawConnection;
using testing::Reply;

constexpr UtcMillis kNow{1'768'467'600'000};

// A clock that the test turns.
struct TestClock {
  std::shared_ptr<std::atomic<std::int64_t>> at =
      std::make_shared<std::atomic<std::int64_t>>(kNow.value);
  Clock clock() const {
    return [time = at] { return UtcMillis{time->load()}; };
  }
};

SimulatorConfig config(const TestClock& clock) {
  SimulatorConfig config;
  config.world.epoch = kNow;
  config.world.seed = 5;
  config.clock = clock.clock();
  return config;
}

std::unique_ptr<Simulator> started(SimulatorConfig config) {
  auto simulator = Simulator::start(std::move(config));
  EXPECT_TRUE(simulator);
  return std::move(*simulator);
}

std::string first_game(std::uint16_t port) {
  const Reply list = get(port, "/api/upcoming/games?sportId=1&pag_count=1");
  simdjson::dom::parser parser;
  return std::to_string(parser.parse(list.body).value().at(0)["id"].get_int64().value());
}

TEST(Simulator, TwoOfTheSameGiveTheSameBytes) {
  const TestClock clock;
  const auto a = started(config(clock));
  const auto b = started(config(clock));
  EXPECT_NE(a->port(), b->port());
  for (const char* target : {"/api/upcoming/games?sportId=1&pag_count=100", "/api/live/sports",
                             "/api/live/sports/1/events?limit=50", "/sim/truth"})
    EXPECT_EQ(get(a->port(), target).body, get(b->port(), target).body) << target;
}

TEST(Simulator, WithoutAnEpochARestartFindsTheSameEvents) {
  const TestClock clock;
  SimulatorConfig without = config(clock);
  without.world.epoch = {};
  const std::string before = started(without)->truth_json();
  EXPECT_EQ(started(without)->truth_json(), before);
  EXPECT_GT(before.size(), 10'000U);
}

TEST(Simulator, FrozenTimeKeepsAnswersAndTruthWhileTheClockRuns) {
  TestClock clock;
  const auto simulator = started(config(clock));
  const char* list = "/api/live/sports/1/events?limit=50";
  EXPECT_EQ(post(simulator->port(), "/sim/freeze").status, 200);
  const std::string answer = get(simulator->port(), list).body;
  const std::string truth = get(simulator->port(), "/sim/truth").body;
  EXPECT_NE(truth.find("\"frozen\":true"), std::string::npos);
  *clock.at += 3'600'000;
  EXPECT_EQ(get(simulator->port(), list).body, answer);
  EXPECT_EQ(simulator->truth_json(), truth);
  EXPECT_EQ(simulator->now(), kNow);
  EXPECT_EQ(post(simulator->port(), "/sim/thaw").status, 200);
  EXPECT_EQ(simulator->now(), kNow + Millis(3'600'000));
  EXPECT_NE(get(simulator->port(), list).body, answer);
}

TEST(Simulator, KickOffMovesAnEventFromTheUpcomingToTheLiveList) {
  TestClock clock;
  const auto simulator = started(config(clock));
  const World world(config(clock).world);
  const Event next = world.announced(kNow).front();
  const std::string game = "/api/games/markets?markets=all&games=" + std::to_string(next.game_id);
  const std::string details = "/api/live/events/" + std::to_string(next.live_id) + "/details";
  EXPECT_NE(get(simulator->port(), game).body, "{}");
  EXPECT_NE(get(simulator->port(), details).body.find("NotStarted"), std::string::npos);
  *clock.at = next.kickoff.value;
  EXPECT_EQ(get(simulator->port(), game).body, "{}");
  EXPECT_NE(get(simulator->port(), details).body.find("\"Started\""), std::string::npos);
  *clock.at = next.end.value;
  EXPECT_EQ(get(simulator->port(), details).status, 404);
}

TEST(Simulator, CountsRequestsEventsAndFaults) {
  const TestClock clock;
  const auto simulator = started(config(clock));
  get(simulator->port(), "/api/upcoming/games?sportId=1&pag_count=20");
  get(simulator->port(), "/api/live/events/77/details");
  const Reply accepted = post(simulator->port(), "/sim/faults", "500=1");
  EXPECT_EQ(accepted.status, 200);
  get(simulator->port(), "/api/live/sports");
  const Stats stats = simulator->stats();
  EXPECT_EQ(stats.total_requests(), 3U);
  EXPECT_EQ(stats.events_served, 20U);
  EXPECT_EQ(stats.requests.at("/api/live/events/#/details"), 1U);
  EXPECT_EQ(stats.faults.at("500"), 1U);
  EXPECT_NE(get(simulator->port(), "/sim/stats").body.find("\"faults\":{\"500\":1}"),
            std::string::npos);
}

TEST(Simulator, RefusesAFaultTextItCannotRead) {
  const TestClock clock;
  const auto simulator = started(config(clock));
  EXPECT_EQ(post(simulator->port(), "/sim/faults", "boom=1").status, 400);
  EXPECT_EQ(get(simulator->port(), "/sim/nothing").status, 404);
  EXPECT_EQ(post(simulator->port(), "/api/live/sports").status, 405);
}

TEST(Simulator, APortInUseIsAnError) {
  const TestClock clock;
  const auto simulator = started(config(clock));
  SimulatorConfig same = config(clock);
  same.port = simulator->port();
  const auto second = Simulator::start(same);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::Unavailable);
}

TEST(Simulator, LimitsAreConfigurable) {
  const TestClock clock;
  SimulatorConfig small = config(clock);
  small.max_ids = 2;
  small.max_live_ids = 1;
  const auto simulator = started(small);
  EXPECT_EQ(get(simulator->port(), "/api/games/markets?games=1,2,3").status, 422);
  EXPECT_EQ(get(simulator->port(), "/api/live/event/markets?eventId=1,2").status, 422);
}

TEST(Simulator, TruthMayBeAskedFromOtherThreadsWhileItServes) {
  const TestClock clock;
  SimulatorConfig little = config(clock);
  little.world.upcoming = 30;
  little.world.live = 10;
  const auto simulator = started(little);
  std::thread asker([&] {
    for (int i = 0; i < 20; ++i) {
      simulator->truth_json();
      simulator->set_faults({});
      EXPECT_LE(simulator->stats().total_requests(), 20U);
    }
  });
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(get(simulator->port(), "/api/upcoming/games?sportId=1").status, 206);
  asker.join();
}

TEST(Simulator, FaultsByEventHitEveryRequestThatAsksForIt) {
  const TestClock clock;
  const auto simulator = started(config(clock));
  const std::string id = first_game(simulator->port());
  const std::string other = std::to_string(std::stoll(id) + 2);
  simulator->set_faults(*parse_faults("event:" + id + "=500*2"));
  const std::string both = "/api/games/markets?markets=10&games=" + other + "," + id;
  EXPECT_EQ(get(simulator->port(), both).status, 500);
  EXPECT_EQ(get(simulator->port(), "/api/games/markets?markets=10&games=" + other).status, 200);
  EXPECT_EQ(get(simulator->port(), both).status, 500);
  EXPECT_EQ(get(simulator->port(), both).status, 200);
}

// One request to a list with a fault in it, as it looks on the wire.
class Wire : public ::testing::Test {
 protected:
  Reply with(const std::string& faults, const std::string& extra = "") {
    simulator_->set_faults(*parse_faults(faults));
    return get(simulator_->port(), "/api/live/sports/1/events?limit=15", extra);
  }
  static bool is_json(const std::string& body) {
    simdjson::dom::parser parser;
    return parser.parse(body).error() == simdjson::SUCCESS;
  }
  TestClock clock_;
  std::unique_ptr<Simulator> simulator_ = started(config(clock_));
};

TEST_F(Wire, StatusFaultsCarryTheirStatus) {
  const Reply limited = with("429=1,retry_after=7");
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.headers.at("retry-after"), "7");
  EXPECT_EQ(with("500=1").status, 500);
  EXPECT_EQ(with("503=1").headers.at("retry-after"), "1");
  EXPECT_EQ(with("403=1").status, 403);
}

TEST_F(Wire, TruncationAnnouncesMoreThanComes) {
  const Reply cut = with("truncate=1");
  EXPECT_EQ(cut.status, 200);
  EXPECT_FALSE(cut.whole);
  EXPECT_FALSE(cut.timed_out) << "the connection must be closed";
  EXPECT_GT(cut.body.size(), 0U);
  EXPECT_LT(cut.body.size(), cut.announced);
}

TEST_F(Wire, HalfJsonComesWithTheLengthToMatch) {
  const Reply half = with("badjson=1");
  EXPECT_TRUE(half.whole);
  EXPECT_FALSE(is_json(half.body));
}

TEST_F(Wire, PagesComeWith200AndAreNotJson) {
  const Reply challenge = with("challenge=1");
  EXPECT_EQ(challenge.status, 200);
  EXPECT_NE(challenge.body.find("Challenge Validation"), std::string::npos);
  EXPECT_NE(challenge.body.find("sec-cpt-if"), std::string::npos);
  const Reply page = with("html=1");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body.find("sec-cpt-if"), std::string::npos);
  EXPECT_FALSE(is_json(page.body));
}

TEST_F(Wire, AWrongTypeIsHarmlessAndAnotherShapeIsJson) {
  const std::string good = with("").body;
  const Reply mislabelled = with("htmltype=1");
  EXPECT_TRUE(mislabelled.headers.at("content-type").starts_with("text/html"));
  EXPECT_EQ(mislabelled.body, good);
  const Reply other = with("shape=1");
  EXPECT_TRUE(is_json(other.body));
  EXPECT_EQ(other.body.find("\"events\""), std::string::npos);
}

TEST_F(Wire, ARedirectLeadsToItselfForEver) {
  std::string target = with("redirect=1").headers.at("location");
  for (int i = 0; i < 3; ++i) {
    const Reply next = get(simulator_->port(), target);
    EXPECT_EQ(next.status, 302);
    EXPECT_EQ(next.headers.at("location"), target);
  }
}

TEST_F(Wire, AHangSendsNothingAndEndsWithACut) {
  simulator_->set_faults(*parse_faults("hang=1,hang_time=300ms"));
  const Reply reply = get(simulator_->port(), "/api/live/sports");
  EXPECT_EQ(reply.status, 0);
  EXPECT_FALSE(reply.timed_out);
}

TEST_F(Wire, AHangingRequestHoldsUpNobodyElse) {
  simulator_->set_faults(*parse_faults("hang=1"));
  RawConnection hanging(simulator_->port(), Millis(200));
  hanging.get("/api/live/sports");
  EXPECT_TRUE(hanging.receive().timed_out);
  simulator_->set_faults({});
  EXPECT_EQ(get(simulator_->port(), "/api/live/sports").status, 200);
}

TEST_F(Wire, ASlowBodyArrivesWhole) {
  const std::string good = with("").body;
  EXPECT_EQ(with("slow=1,slow_time=160ms").body, good);
}

TEST_F(Wire, DropLeavesOneAskedEventOut) {
  const std::string id = first_game(simulator_->port());
  const std::string other = std::to_string(std::stoll(id) + 2);
  const std::string target = "/api/games/markets?markets=10&games=" + id + "," + other;
  simulator_->set_faults(*parse_faults("event:" + id + "=drop"));
  const Reply reply = get(simulator_->port(), target);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body.find("\"" + id + "\""), std::string::npos);
  EXPECT_NE(reply.body.find("\"" + other + "\""), std::string::npos);
}

TEST_F(Wire, ListsCanBeExempt) {
  EXPECT_EQ(with("500=1,lists=off").status, 200);
  EXPECT_EQ(get(simulator_->port(), "/api/games/markets?games=1").status, 500);
}

TEST_F(Wire, GzipComesWhenAskedForAndOnlyThen) {
  const Reply plain = with("");
  const Reply packed = with("", "accept-encoding: br, gzip\r\n");
  EXPECT_FALSE(plain.headers.contains("content-encoding"));
  EXPECT_EQ(packed.headers.at("content-encoding"), "gzip");
  EXPECT_LT(packed.body.size(), plain.body.size());
  EXPECT_EQ(testing::gunzip(packed.body), plain.body);
  const Reply small = get(simulator_->port(), "/api/live/sports", "accept-encoding: gzip\r\n");
  EXPECT_FALSE(small.headers.contains("content-encoding"));
}

TEST_F(Wire, OneConnectionCarriesManyRequestsAlsoPipelined) {
  RawConnection connection(simulator_->port());
  connection.get("/api/live/sports");
  const Reply first = connection.receive();
  connection.send(
      "GET /api/live/sports HTTP/1.1\r\nhost: s\r\n\r\n"
      "GET /nowhere HTTP/1.1\r\nhost: s\r\n\r\n"
      "GET /api/live/sports HTTP/1.1\r\nhost: s\r\nconnection: close\r\n\r\n");
  EXPECT_EQ(connection.receive().body, first.body);
  EXPECT_EQ(connection.receive().status, 404);
  EXPECT_EQ(connection.receive().body, first.body);
  EXPECT_EQ(connection.receive().status, 0) << "closed as asked";
}

TEST_F(Wire, GarbageEndsTheConnectionAndNothingElse) {
  RawConnection connection(simulator_->port());
  connection.send("\x01\x02 nonsense\r\n\r\n");
  EXPECT_EQ(connection.receive().status, 0);
  EXPECT_EQ(get(simulator_->port(), "/api/live/sports").status, 200);
}

TEST(SimulatorLatency, DelaysStillAnswerInOrder) {
  const TestClock clock;
  SimulatorConfig slow = config(clock);
  slow.latency = Millis(5);
  slow.jitter = Millis(20);
  const auto simulator = started(slow);
  RawConnection connection(simulator->port());
  connection.get("/api/live/sports");
  connection.get("/nowhere");
  EXPECT_EQ(connection.receive().status, 200);
  EXPECT_EQ(connection.receive().status, 404);
}

}  // namespace
}  // namespace oddsloom::sim
