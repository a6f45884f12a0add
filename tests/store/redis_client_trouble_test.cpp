// RedisClient while the server restarts, loads, is full, is a replica, or does not answer.

#include <thread>

#include "store/redis_client_helpers.h"
#include "support/redis_server.h"
#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

constexpr Millis kShort{300};

std::vector<RedisCommand> increments(int many) {
  std::vector<RedisCommand> commands;
  for (int i = 0; i < many; ++i) commands.push_back(RedisCommand("INCR").key("n"));
  return commands;
}

// A pipeline of one command that must wait for `change` at the server.
template <class Change>
Result<std::vector<Reply>> run_through(RedisClient& client, RedisCommand command, Change change) {
  std::vector<RedisCommand> commands;
  commands.push_back(std::move(command));
  client.start(std::move(commands), kPatience);
  EXPECT_FALSE(client.advance(kShort));
  change();
  while (!client.advance(Millis(1000))) {
  }
  return client.take();
}

TEST(RedisClientTrouble, ARestartInTheMiddleOfAPipelineLosesNothing) {
  RedisServerOptions options;
  options.persistent = true;
  options.fsync = "always";
  RedisServer server(options);
  const RedisScript script = make_script("two", "return 2");
  const auto client = must_connect(server.url(), {&script});
  constexpr int kMany = 20'000;
  auto commands = increments(kMany);
  commands.emplace_back(script, 0);
  client->start(std::move(commands), kPatience);
  client->advance(Millis(0));
  server.kill();
  EXPECT_FALSE(client->advance(Millis(100)));
  server.start();
  while (!client->advance(Millis(1000))) {
  }
  const auto replies = client->take();
  ASSERT_TRUE(replies) << replies.error().text();
  ASSERT_EQ(replies->size(), kMany + 1U);
  std::int64_t before = 0;
  for (int i = 0; i < kMany; ++i) {
    const auto value = (*replies)[static_cast<std::size_t>(i)].view().integer();
    ASSERT_TRUE(value);
    ASSERT_GT(*value, before);  // in their order, also those that were sent again
    before = *value;
  }
  EXPECT_EQ(replies->back().view().integer(), 2);
}

TEST(RedisClientTrouble, AnIdleClientFindsTheServerAgain) {
  RedisServer server;
  const auto client = must_connect(server.url());
  EXPECT_EQ(ask(*client, {"SET", "k", "v"}), "OK");
  for (int i = 0; i < 3; ++i) {
    server.stop();
    server.start();
    EXPECT_EQ(ask(*client, {"SET", "k", "v"}), "OK");
  }
}

TEST(RedisClientTrouble, AServerThatStaysAwayIsUnavailableAtTheDeadline) {
  RedisServer server;
  const auto client = must_connect(server.url());
  server.stop();
  const auto replies = client->run(increments(3), kShort);
  ASSERT_FALSE(replies);
  EXPECT_EQ(replies.error().kind, ErrorKind::Unavailable);
  EXPECT_TRUE(says(replies.error().text(), "3 of 3 commands (INCR first)"))
      << replies.error().text();
  EXPECT_TRUE(says(replies.error().text(), std::to_string(server.port()) + ": connection refused"))
      << replies.error().text();
  server.start();
  EXPECT_EQ(ask(*client, {"INCR", "n"}), "1");
}

TEST(RedisClientTrouble, ALateAnswerIsNeverTakenForAnothers) {
  RedisServer server;
  const auto client = must_connect(server.url());
  EXPECT_EQ(ask(*client, {"SET", "a", "of a"}), "OK");
  EXPECT_EQ(ask(*client, {"SET", "b", "of b"}), "OK");
  server.suspend();
  const auto late = client->ask(RedisCommand("GET").key("a"), kShort);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::Timeout);
  EXPECT_TRUE(says(late.error().text(), "(GET first) got no answer within 300ms"))
      << late.error().text();
  server.resume();
  EXPECT_EQ(ask(*client, {"GET", "b"}), "of b");
}

TEST(RedisClientTrouble, AServerThatNeverAnswersIsATimeoutOfConnect) {
  RedisServer server;
  server.suspend();
  const auto client = try_connect(server.url(), {}, kShort);
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().kind, ErrorKind::Timeout);
  EXPECT_TRUE(says(client.error().text(), "still connecting")) << client.error().text();
  server.resume();
}

TEST(RedisClientTrouble, LoadingIsWaitedFor) {
  RedisServerOptions options;
  options.more = {"--loading-process-events-interval-bytes", "1024"};
  const RedisServer server(options);
  const RedisScript script = make_script("get", "return redis.call('GET', KEYS[1])");
  const auto client = must_connect(server.url(), {&script});
  std::vector<RedisCommand> commands;
  for (int i = 0; i < 400; ++i)
    commands.push_back(
        RedisCommand("SET").key("k" + std::to_string(i)).add(std::string(1000, 'v')));
  ASSERT_TRUE(client->run(std::move(commands), kPatience));
  server.cli("CONFIG", "SET", "key-load-delay", "1500");  // microseconds: 0.6 s in all
  std::thread reload([&] { server.cli("DEBUG", "RELOAD"); });
  EXPECT_TRUE(wait_until([&] { return server.info("loading") == "1"; }));
  // Sent while it loads: both the one that connects and the one that is connected.
  const auto late = try_connect(server.url(), {&script});
  RedisCommand command(script, 1);
  command.key("k399");
  const auto reply = client->ask(std::move(command), kPatience);
  reload.join();
  EXPECT_TRUE(late) << late.error().text();
  EXPECT_EQ(text_of(reply), std::string(1000, 'v'));
}

TEST(RedisClientTrouble, AFullServerIsWaitedFor) {
  const RedisServer server;
  const auto client = must_connect(server.url());
  server.cli("CONFIG", "SET", "maxmemory", "1");
  const auto failed = client->ask(RedisCommand("SET").key("k").add("v"), kShort);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::Unavailable);
  EXPECT_TRUE(says(failed.error().text(), "maxmemory is reached")) << failed.error().text();
  const auto replies = run_through(*client, RedisCommand("SET").key("k").add("v"),
                                   [&] { server.cli("CONFIG", "SET", "maxmemory", "0"); });
  ASSERT_TRUE(replies) << replies.error().text();
  EXPECT_EQ(replies->front().text(), "OK");
}

TEST(RedisClientTrouble, AServerThatBecameAReplicaIsWaitedFor) {
  const RedisServer server;
  const RedisScript script = make_script("set", "return redis.call('SET', KEYS[1], ARGV[1])");
  const auto client = must_connect(server.url(), {&script});
  server.cli("REPLICAOF", "127.0.0.1", "1");
  RedisCommand command(script, 1);
  command.key("k").add("v");
  const auto failed = client->ask(command, kShort);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::Unavailable);
  EXPECT_TRUE(says(failed.error().text(), "READONLY")) << failed.error().text();
  const auto replies = run_through(*client, command, [&] { server.cli("REPLICAOF", "NO", "ONE"); });
  ASSERT_TRUE(replies) << replies.error().text();
  EXPECT_EQ(replies->front().text(), "OK");
}

TEST(RedisClientTrouble, APasswordThatIsNoLongerGoodIsInvalid) {
  RedisServerOptions options;
  options.password = "s3cret";
  const RedisServer server(options);
  const auto client = must_connect(server.url());
  server.cli("CLIENT", "KILL", "TYPE", "normal");
  server.cli("CONFIG", "SET", "requirepass", "another");
  const auto reply = client->ask(RedisCommand("PING"), kPatience);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::Invalid);
  EXPECT_TRUE(says(reply.error().text(), "WRONGPASS")) << reply.error().text();
  EXPECT_FALSE(says(reply.error().text(), "s3cret"));
}

TEST(RedisClientTrouble, AStartedPipelineReplacesTheOneBefore) {
  RedisServer server;
  const auto client = must_connect(server.url());
  EXPECT_EQ(ask(*client, {"SET", "a", "of a"}), "OK");
  std::vector<RedisCommand> commands;
  commands.push_back(RedisCommand("GET").key("a"));
  server.suspend();
  client->start(std::move(commands), kPatience);
  EXPECT_FALSE(client->advance(Millis(1)));
  server.resume();
  EXPECT_EQ(ask(*client, {"GET", "none"}), "");
}

}  // namespace
}  // namespace oddsloom::test
