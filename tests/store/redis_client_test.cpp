#include "store/redis_client.h"

#include "store/redis_client_helpers.h"
#include "support/free_port.h"
#include "support/redis_server.h"

namespace oddsloom::test {
namespace {

TEST(RedisClient, APipelineIsAnsweredInItsOrder) {
  const RedisServer server;
  const auto client = must_connect(server.url());
  EXPECT_FALSE(client->is_cluster());
  constexpr int kMany = 5000;
  std::vector<RedisCommand> commands;
  for (int i = 0; i < kMany; ++i) commands.push_back(RedisCommand("INCR").key("n"));
  const auto replies = client->run(std::move(commands), kPatience);
  ASSERT_TRUE(replies) << replies.error().text();
  ASSERT_EQ(replies->size(), static_cast<std::size_t>(kMany));
  for (int i = 0; i < kMany; ++i)
    ASSERT_EQ((*replies)[static_cast<std::size_t>(i)].view().integer(), i + 1);
}

TEST(RedisClient, LargeAndBinaryValuesComeBackUnchanged) {
  const RedisServer server;
  const auto client = must_connect(server.url());
  std::string large(5'000'000, 'x');
  for (std::size_t i = 0; i < large.size(); i += 7) large[i] = static_cast<char>(i);
  std::vector<RedisCommand> commands;
  commands.push_back(RedisCommand("SET").key("large").add(large));
  for (int i = 0; i < 3; ++i) commands.push_back(RedisCommand("GET").key("large"));
  commands.push_back(RedisCommand("STRLEN").key("large"));
  const auto replies = client->run(std::move(commands), kPatience);
  ASSERT_TRUE(replies) << replies.error().text();
  for (std::size_t i = 1; i <= 3; ++i) EXPECT_TRUE((*replies)[i].text() == large);
  EXPECT_EQ((*replies)[4].view().integer(), static_cast<std::int64_t>(large.size()));
}

TEST(RedisClient, AnEmptyPipelineHasNoReplies) {
  const RedisServer server;
  const auto client = must_connect(server.url());
  const auto replies = client->run({}, kPatience);
  ASSERT_TRUE(replies);
  EXPECT_TRUE(replies->empty());
}

TEST(RedisClient, ErrorAnswersAreTheCommandsOwn) {
  const RedisServer server;
  const auto client = must_connect(server.url());
  std::vector<RedisCommand> commands;
  commands.push_back(RedisCommand("SET").key("text").add("x"));
  commands.push_back(RedisCommand("XADD").key("text").add("*").add("f").add("v"));
  commands.push_back(RedisCommand("GET").key("text"));
  const auto replies = client->run(std::move(commands), kPatience);
  ASSERT_TRUE(replies) << replies.error().text();
  EXPECT_TRUE((*replies)[1].view().is_error());
  EXPECT_TRUE(std::string((*replies)[1].text()).starts_with("WRONGTYPE"));
  EXPECT_EQ((*replies)[2].text(), "x");

  const auto asked = client->ask(RedisCommand("NONSENSE"), kPatience);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().kind, ErrorKind::Internal);
  EXPECT_TRUE(says(asked.error().text(), "NONSENSE: ERR unknown command")) << asked.error().text();
}

TEST(RedisClient, ScriptsRunAndComeBackAfterAFlushInOrder) {
  const RedisServer server;
  const RedisScript push = make_script("push", "return redis.call('RPUSH', KEYS[1], ARGV[1])");
  const RedisScript last = make_script("last", "return redis.call('LINDEX', KEYS[1], -1)");
  const auto client = must_connect(server.url(), {&push, &last});
  constexpr int kMany = 500;
  std::vector<RedisCommand> commands{RedisCommand("SCRIPT").add("FLUSH")};
  for (std::int64_t i = 0; i < kMany; ++i) {
    RedisCommand command(push, 1);
    command.key("list").add(i);
    commands.push_back(std::move(command));
    RedisCommand look(last, 1);
    commands.push_back(look.key("list"));
  }
  const auto replies = client->run(std::move(commands), kPatience);
  ASSERT_TRUE(replies) << replies.error().text();
  for (std::size_t i = 0; i < kMany; ++i) {
    ASSERT_EQ((*replies)[1 + 2 * i].view().integer(), static_cast<std::int64_t>(i + 1));
    ASSERT_EQ((*replies)[2 + 2 * i].text(), std::to_string(i));
  }
}

TEST(RedisClient, AScriptThatIsNoLuaEndsThePipeline) {
  const RedisServer server;
  const RedisScript broken = make_script("broken", "this is no Lua");
  const auto client = must_connect(server.url(), {&broken});
  const auto reply = client->ask(RedisCommand(broken, 0), kPatience);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::Internal);
  EXPECT_TRUE(says(reply.error().text(), "script broken: ERR Error compiling script"))
      << reply.error().text();
  EXPECT_EQ(ask(*client, {"SET", "k", "v"}), "OK");
}

TEST(RedisClient, PasswordRightWrongAndMissing) {
  RedisServerOptions options;
  options.password = "s3cret/word";
  const RedisServer server(options);
  const auto client = must_connect(server.url());
  EXPECT_EQ(ask(*client, {"SET", "k", "v"}), "OK");

  const std::string at = "@127.0.0.1:" + std::to_string(server.port());
  for (const std::string& url : {"redis://:wr0ng" + at, "redis://us3r:wr0ng" + at,
                                 "redis://127.0.0.1:" + std::to_string(server.port())}) {
    const auto refused = try_connect(url);
    ASSERT_FALSE(refused) << url;
    EXPECT_EQ(refused.error().kind, ErrorKind::Invalid);
    EXPECT_TRUE(says(refused.error().text(), std::to_string(server.port())));
    EXPECT_FALSE(says(refused.error().text(), "wr0ng")) << refused.error().text();
  }
}

TEST(RedisClient, AUserWithItsPassword) {
  RedisServerOptions options;
  options.user = "odds";
  options.password = "p@ss:word";
  const RedisServer server(options);
  const auto client = must_connect(server.url());
  EXPECT_EQ(ask(*client, {"ACL", "WHOAMI"}), "odds");
}

TEST(RedisClient, SelectsTheDatabase) {
  const RedisServer server;
  const auto client = must_connect(server.url() + "/3");
  EXPECT_EQ(ask(*client, {"SET", "k", "three"}), "OK");
  EXPECT_EQ(server.cli("GET", "k"), "(nil)");
  const auto none = try_connect(server.url() + "/77");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::Invalid);
  EXPECT_TRUE(says(none.error().text(), "SELECT refused")) << none.error().text();
}

TEST(RedisClient, OverAUnixSocket) {
  RedisServerOptions options;
  options.unix_socket = true;
  const RedisServer server(options);
  const auto client = must_connect(server.url());
  EXPECT_EQ(ask(*client, {"SET", "k", "v"}), "OK");
  EXPECT_EQ(server.cli("GET", "k"), "v");
  const auto nobody = try_connect("unix://" + server.folder().file("nothing.sock"));
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().kind, ErrorKind::Unavailable);
}

TEST(RedisClient, IsNamedAtTheServer) {
  const RedisServer server;
  const auto client = must_connect(server.url());
  EXPECT_TRUE(says(server.cli("CLIENT", "LIST"), "name=oddsloom"));
}

TEST(RedisClient, NobodyThereIsToldAtOnce) {
  const std::string address = "redis://127.0.0.1:" + std::to_string(free_port());
  const auto client = try_connect(address, {}, std::chrono::hours(1));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().kind, ErrorKind::Unavailable);
  EXPECT_EQ(client.error().text(), address + ": connection refused");
  const auto unknown = try_connect("redis://no-such-host.invalid", {}, std::chrono::hours(1));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, ErrorKind::Unavailable);
}

TEST(RedisClient, OneServerIsTheOnlyPrimary) {
  const RedisServer server;
  const auto client = must_connect(server.url());
  const auto replies = client->ask_all(RedisCommand("PING"), kPatience);
  ASSERT_TRUE(replies) << replies.error().text();
  ASSERT_EQ(replies->size(), 1U);
  EXPECT_EQ(replies->front().text(), "PONG");
}

TEST(RedisClient, WorksInStepsBesideOtherThings) {
  const RedisServer server;
  const auto client = must_connect(server.url());
  std::vector<RedisCommand> commands;
  commands.push_back(
      RedisCommand("XREAD").add("BLOCK").add("1000").add("STREAMS").key("s").add("$"));
  commands.push_back(RedisCommand("PING"));
  client->start(std::move(commands), kPatience);
  EXPECT_TRUE(client->under_way());
  EXPECT_FALSE(client->advance(Millis(0)));
  EXPECT_FALSE(client->advance(Millis(5)));
  while (says(server.cli("INFO"), "blocked_clients:0")) client->advance(Millis(0));
  server.cli("XADD", "s", "1-1", "f", "v");
  while (!client->advance(Millis(0))) {
  }
  EXPECT_FALSE(client->under_way());
  const auto replies = client->take();
  ASSERT_TRUE(replies) << replies.error().text();
  EXPECT_EQ((*replies)[0][0][1][0][0].text(), "1-1");
  EXPECT_EQ((*replies)[1].text(), "PONG");
}

}  // namespace
}  // namespace oddsloom::test
