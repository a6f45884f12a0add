// RedisClient with several servers: a cluster whose slots move and whose nodes vanish, and a
// primary that Sentinel replaces.

#include <set>

#include "store/redis_client_helpers.h"
#include "support/redis_cluster.h"
#include "support/redis_replicas.h"

namespace oddsloom::test {
namespace {

// Starting a cluster takes seconds, so the tests of one share it.
class RedisClientCluster : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { cluster_ = std::make_unique<RedisCluster>(); }
  static void TearDownTestSuite() { cluster_.reset(); }
  void SetUp() override { cluster_->flush(); }

  static std::unique_ptr<RedisCluster> cluster_;
};
std::unique_ptr<RedisCluster> RedisClientCluster::cluster_;

TEST_F(RedisClientCluster, EveryKeyGoesToItsNode) {
  const RedisScript script = make_script("incr", "return redis.call('INCR', KEYS[1])");
  const auto client = must_connect(cluster_->url(), {&script});
  EXPECT_TRUE(client->is_cluster());
  std::vector<RedisCommand> commands;
  for (int i = 0; i < 600; ++i) {
    RedisCommand command(script, 1);
    command.key("k" + std::to_string(i % 300));
    commands.push_back(std::move(command));
  }
  const auto replies = client->run(std::move(commands), kPatience);
  ASSERT_TRUE(replies) << replies.error().text();
  for (std::size_t i = 0; i < 600; ++i)
    ASSERT_EQ((*replies)[i].view().integer(), i < 300 ? 1 : 2) << (*replies)[i].text();
}

TEST_F(RedisClientCluster, AskAllAsksEveryPrimary) {
  const auto client = must_connect(cluster_->url());
  const auto replies = client->ask_all(RedisCommand("CLUSTER").add("MYID"), kPatience);
  ASSERT_TRUE(replies) << replies.error().text();
  std::set<std::string> ids;
  for (const Reply& reply : *replies) ids.emplace(reply.text());
  EXPECT_EQ(ids.size(), 3U);
}

TEST_F(RedisClientCluster, CommandsWithoutAKeyAreAnswered) {
  const auto client = must_connect(cluster_->url());
  EXPECT_EQ(text_of(client->ask(RedisCommand("PING"), kPatience)), "PONG");
}

TEST_F(RedisClientCluster, KeysInDifferentSlotsAreTheCommandsOwnError) {
  const auto client = must_connect(cluster_->url());
  const auto reply = client->ask(RedisCommand("DEL").key("{a}").add("{b}"), kPatience);
  ASSERT_FALSE(reply);
  EXPECT_TRUE(says(reply.error().text(), "CROSSSLOT"));
}

TEST_F(RedisClientCluster, ASlotThatMovesIsFollowed) {
  const RedisScript script = make_script("incr", "return redis.call('INCR', KEYS[1])");
  const auto client = must_connect(cluster_->url(), {&script});
  const auto increment = [&](const std::string& key) {
    RedisCommand command(script, 1);
    return text_of(client->ask(command.key(key), kPatience));
  };
  EXPECT_EQ(increment("{tag}1"), "1");
  RedisServer& owner = cluster_->owner_of("{tag}");
  RedisServer* to = nullptr;
  for (const auto& node : cluster_->nodes())
    if (node.get() != &owner) to = node.get();
  ASSERT_NE(to, nullptr);

  cluster_->begin_move("{tag}", *to);
  to->cli("SCRIPT", "FLUSH");
  EXPECT_EQ(increment("{tag}1"), "2");  // still there
  EXPECT_EQ(increment("{tag}2"), "1");  // ASK, and NOSCRIPT at the other node
  EXPECT_EQ(increment("{tag}2"), "2");
  cluster_->finish_move("{tag}", *to);
  EXPECT_EQ(increment("{tag}1"), "3");  // MOVED
  EXPECT_EQ(increment("{tag}2"), "3");
  EXPECT_EQ(increment("{tag}3"), "1");
}

TEST_F(RedisClientCluster, ANodeThatIsAwayStopsItsKeysOnly) {
  const auto client = must_connect(cluster_->url());
  EXPECT_EQ(ask(*client, {"SET", "{a}", "1"}), "OK");
  RedisServer& owner = cluster_->owner_of("{a}");
  std::string other = "{b}";
  while (&cluster_->owner_of(other) == &owner) other += "x";
  owner.kill();
  const auto lost = client->ask(RedisCommand("GET").key("{a}"), Millis(300));
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().kind, ErrorKind::Unavailable);
  owner.start();
  cluster_->wait_until_ok();
  EXPECT_EQ(ask(*client, {"SET", "{a}", "2"}), "OK");
  EXPECT_EQ(ask(*client, {"SET", other, "2"}), "OK");
}

TEST_F(RedisClientCluster, AnotherDatabaseIsInvalid) {
  const auto client = try_connect(cluster_->url() + "/1");
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().kind, ErrorKind::Invalid);
}

TEST(RedisClientSentinel, TheNewPrimaryIsFoundAfterAFailover) {
  RedisReplicas::Options options;
  options.server.password = "s3cret";
  RedisReplicas replicas(options);
  const RedisScript script = make_script("set", "return redis.call('SET', KEYS[1], ARGV[1])");
  const auto client = must_connect(replicas.url(), {&script});
  RedisCommand command(script, 1);
  command.key("k").add("v");
  EXPECT_EQ(text_of(client->ask(command, kPatience)), "OK");
  replicas.primary().kill();
  EXPECT_EQ(text_of(client->ask(command, kPatience)), "OK");
  EXPECT_EQ(replicas.replica().cli("GET", "k"), "v");
}

TEST(RedisClientSentinel, TroublesAreTold) {
  RedisReplicas replicas;
  const std::string unknown =
      "redis+sentinel://127.0.0.1:" + std::to_string(replicas.sentinel().port()) + "/nobody";
  const auto nobody = try_connect(unknown);
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().kind, ErrorKind::Invalid);
  EXPECT_TRUE(says(nobody.error().text(), "knows no master 'nobody'")) << nobody.error().text();

  // A sentinel that is not there does not matter while another one is.
  const std::string url = replicas.url();
  const auto host = url.find("127.0.0.1");
  EXPECT_TRUE(try_connect(url.substr(0, host) + "127.0.0.1:1," + url.substr(host)));

  const auto none = try_connect("redis+sentinel://127.0.0.1:1/odds");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::Unavailable);
  EXPECT_TRUE(says(none.error().text(), "connection refused")) << none.error().text();
}

}  // namespace
}  // namespace oddsloom::test
