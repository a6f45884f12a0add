// The harness of real Redis servers is itself known good: every kind starts and answers, and does
// what its header says.
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "store/redis_places.h"
#include "support/redis_cluster.h"
#include "support/redis_replicas.h"
#include "support/resp_double.h"
#include "support/tcp_gate.h"
#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

RedisConnection connected_to(std::uint16_t port) { return RedisConnection::tcp("127.0.0.1", port); }

// Whether one command gets an answer at that port.
bool answers(std::uint16_t port) {
  try {
    connected_to(port).run({"PING"});
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

TEST(RedisHarness, AServerAnswersAtItsPort) {
  const RedisServer server;
  EXPECT_EQ(server.url(), "redis://127.0.0.1:" + std::to_string(server.port()));
  EXPECT_EQ(server.cli("SET", "a", "b"), "OK");
  EXPECT_EQ(connected_to(server.port()).run({"MGET", "a", "x"}), "b\n(nil)");
  EXPECT_EQ(server.cli("INCR", "a").substr(0, 4), "ERR ");
  EXPECT_EQ(server.info("role"), "master");
}

TEST(RedisHarness, APersistentServerKnowsAllAfterAKillAndAnotherNothing) {
  RedisServerOptions options;
  for (const bool persistent : {true, false}) {
    options.persistent = persistent;
    options.fsync = "always";
    RedisServer server(options);
    server.cli("SET", "a", "b");
    server.kill();
    EXPECT_FALSE(answers(server.port()));
    // Started by a thread that ends at once; the server stays.
    std::thread([&] { server.start(); }).join();
    EXPECT_EQ(server.cli("GET", "a"), persistent ? "b" : "(nil)");
    server.stop();
    EXPECT_FALSE(server.running());
    server.start();
    EXPECT_EQ(server.cli("GET", "a"), persistent ? "b" : "(nil)");
  }
}

TEST(RedisHarness, APasswordIsDemanded) {
  RedisServerOptions options;
  options.password = "s@cret/";
  const RedisServer server(options);
  EXPECT_EQ(server.url(), "redis://:s%40cret%2F@127.0.0.1:" + std::to_string(server.port()));
  EXPECT_EQ(server.cli("PING"), "PONG");
  EXPECT_EQ(connected_to(server.port()).run({"PING"}), "NOAUTH Authentication required.");
  EXPECT_EQ(RedisConnection::tcp("127.0.0.1", server.port(), "s@cret/").run({"PING"}), "PONG");
}

TEST(RedisHarness, AUserMayDoWhatItsRulesSay) {
  RedisServerOptions options;
  options.user = "odds";
  options.password = "secret";
  options.acl = "~odds:* +@all -flushall";
  const RedisServer server(options);
  auto connection = connected_to(server.port());
  EXPECT_EQ(connection.run({"AUTH", "odds", "secret"}), "OK");
  EXPECT_EQ(connection.run({"SET", "odds:1", "x"}), "OK");
  EXPECT_EQ(connection.run({"FLUSHALL"}).substr(0, 6), "NOPERM");
  EXPECT_EQ(server.cli("FLUSHALL"), "OK");
}

TEST(RedisHarness, ATlsServerTalksNothingElse) {
  RedisServerOptions options;
  options.tls = true;
  const RedisServer server(options);
  EXPECT_EQ(server.url().find("rediss://127.0.0.1:"), 0U);
  EXPECT_EQ(server.cli("PING"), "PONG");
  EXPECT_FALSE(answers(server.port()));
  for (const std::string& file :
       {server.ca_file(), server.unknown_ca_file(), server.certificate_file(), server.key_file()})
    EXPECT_EQ(access(file.c_str(), R_OK), 0) << file;
}

TEST(RedisHarness, AServerMayHaveAUnixSocketOnly) {
  RedisServerOptions options;
  options.unix_socket = true;
  const RedisServer server(options);
  const std::string path = server.url().substr(std::string("unix://").size());
  EXPECT_EQ(RedisConnection::unix_socket(path).run({"PING"}), "PONG");
}

TEST(RedisHarness, AServerThatDoesNotStartTellsWhy) {
  RedisServerOptions options;
  options.more = {"--nonsense", "1"};
  try {
    const RedisServer server(options);
    FAIL() << "it started";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("nonsense"), std::string::npos) << error.what();
  }
}

// Played by a child of the next test only.
TEST(RedisHarness, ChildWithAServer) {
  const char* file = std::getenv("ODDSLOOM_TEST_PORT_FILE");
  if (!file) return;
  const RedisServer server;
  std::ofstream(std::string(file) + ".new") << server.port() << '\n';
  std::filesystem::rename(std::string(file) + ".new", file);
  while (true) pause();
}

TEST(RedisHarness, AServerDiesWithTheProgramThatStartedIt) {
  const TempDir dir;
  setenv("ODDSLOOM_TEST_PORT_FILE", dir.file("port").c_str(), 1);
  TiedProcess child({"/proc/self/exe", "--gtest_filter=RedisHarness.ChildWithAServer"}, "none",
                    dir.file("log"));
  unsetenv("ODDSLOOM_TEST_PORT_FILE");
  ASSERT_TRUE(wait_until([&] { return std::filesystem::exists(dir.file("port")); }));
  std::uint16_t port = 0;
  std::ifstream(dir.file("port")) >> port;
  EXPECT_TRUE(answers(port));
  child.kill();
  EXPECT_TRUE(wait_until([&] { return !answers(port); }));
}

TEST(RedisHarness, AClusterServesItsSlotsAndMovesThem) {
  RedisCluster cluster;
  for (const auto& node : cluster.nodes()) EXPECT_EQ(node->cli("PING"), "PONG");
  const std::string key = "{k}1";
  RedisServer& from = cluster.owner_of(key);
  RedisServer& to = &from == &cluster.node(0) ? cluster.node(1) : cluster.node(0);
  EXPECT_EQ(from.cli("SET", key, "v"), "OK");
  EXPECT_EQ(to.cli("GET", key).substr(0, 6), "MOVED ");
  cluster.begin_move(key, to);
  EXPECT_EQ(from.cli("GET", key), "v");
  EXPECT_EQ(from.cli("GET", "{k}2").substr(0, 4), "ASK ");
  cluster.finish_move(key, to);
  EXPECT_EQ(&cluster.owner_of(key), &to);
  EXPECT_EQ(to.cli("GET", key), "v");
  cluster.flush();
  EXPECT_EQ(to.cli("DBSIZE"), "0");
}

TEST(RedisHarness, ASentinelMakesTheReplicaThePrimary) {
  RedisReplicas replicas;
  EXPECT_EQ(replicas.url(),
            "redis+sentinel://127.0.0.1:" + std::to_string(replicas.sentinel().port()) + "/odds");
  replicas.primary().cli("SET", "a", "b");
  replicas.wait_for_sync();
  EXPECT_EQ(replicas.primary_port(), replicas.primary().port());
  replicas.primary().kill();
  replicas.wait_for_failover();
  EXPECT_EQ(replicas.replica().cli("GET", "a"), "b");
  EXPECT_EQ(replicas.replica().cli("SET", "a", "c"), "OK");
}

TEST(RedisHarness, AReplicaMayBePromotedByHand) {
  RedisReplicas::Options options;
  options.sentinel = false;
  options.server.password = "secret";
  RedisReplicas replicas(options);
  EXPECT_EQ(replicas.replica().cli("SET", "a", "c").substr(0, 8), "READONLY");
  replicas.promote();
  EXPECT_EQ(replicas.replica().cli("SET", "a", "c"), "OK");
  EXPECT_FALSE(replicas.primary().running());
}

TEST(RedisHarness, ADoubleAnswersWhatItIsTold) {
  RespDouble twin([](const RespDouble::Command& command) {
    if (command[0] == "BYE") return resp::simple("half") + RespDouble::kHangUp;
    return resp::array({resp::integer(command.size()), resp::nil(), resp::bulk("a\r\nb")});
  });
  auto connection = connected_to(twin.port());
  EXPECT_EQ(connection.run({"LIST", std::string(100'000, 'x')}), "2\n(nil)\na\r\nb");
  EXPECT_EQ(connection.run({"BYE"}), "half");
  EXPECT_THROW(connection.run({"LIST"}), std::runtime_error);
  EXPECT_EQ(twin.commands().size(), 2U);
  EXPECT_EQ(twin.count("list"), 1U);
  twin.handle([](const RespDouble::Command&) { return resp::error("LOADING wait"); });
  EXPECT_EQ(connected_to(twin.port()).run({"PING"}), "LOADING wait");
}

TEST(RedisHarness, AGatePassesChopsAndCuts) {
  const RedisServer server;
  TcpGate gate(server.port());
  auto connection = connected_to(gate.port());
  const std::string big(1'000'000, 'b');
  EXPECT_EQ(connection.run({"SET", "big", big}), "OK");
  EXPECT_EQ(connection.run({"GET", "big"}), big);
  gate.forward_in_pieces(1);
  EXPECT_EQ(connection.run({"SET", "a", "b"}), "OK");
  gate.forward_in_pieces(0);
  gate.delay(std::chrono::milliseconds(5));
  EXPECT_EQ(connection.run({"GET", "a"}), "b");
  gate.delay(std::chrono::milliseconds(0));
  gate.refuse(true);
  EXPECT_THROW(connected_to(gate.port()), std::runtime_error);
  EXPECT_EQ(connection.run({"GET", "a"}), "b");
  gate.refuse(false);
  gate.cut();
  EXPECT_THROW(connection.run({"PING"}), std::runtime_error);
  gate.cut_after_answer_bytes(0);
  auto second = connected_to(gate.port());
  EXPECT_THROW(second.run({"INCR", "n"}), std::runtime_error);
  EXPECT_EQ(server.cli("GET", "n"), "1") << "the server did it all the same";
}

TEST(RedisHarness, AStalledGateHoldsEverythingBack) {
  const RedisServer server;
  TcpGate gate(server.port());
  auto connection = connected_to(gate.port());
  gate.stall(true);
  std::thread asking([&] { EXPECT_EQ(connection.run({"SET", "a", "b"}), "OK"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(server.cli("GET", "a"), "(nil)");
  gate.stall(false);
  asking.join();
  EXPECT_EQ(server.cli("GET", "a"), "b");
}

TEST(RedisHarness, PlacesOfTheContractSuiteAreEmptyEveryTime) {
  for (const StoreUnderTest& kind : redis_stores_under_test()) {
    for (int round = 0; round < 2; ++round) {
      const auto place = kind.make_place();
      const std::string address = place->url().substr(std::string("redis://").size());
      const std::size_t colon = address.rfind(':');
      auto connection =
          RedisConnection::tcp(address.substr(0, colon),
                               static_cast<std::uint16_t>(std::stoul(address.substr(colon + 1))));
      EXPECT_EQ(connection.run({"DBSIZE"}), "0") << kind.name;
      // Slot 0, the first node's.
      connection.run({"SET", "{06S}", "x"});
      EXPECT_EQ(connection.run({"DBSIZE"}), "1") << kind.name;
    }
  }
}

}  // namespace
}  // namespace oddsloom::test
