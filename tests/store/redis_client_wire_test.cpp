// RedisClient on bad wires and with servers that answer oddly.

#include "store/redis_client_helpers.h"
#include "support/redis_server.h"
#include "support/resp_double.h"
#include "support/tcp_gate.h"

namespace oddsloom::test {
namespace {

constexpr Millis kShort{300};

// Answers of every kind: status, integer, text, nil, list, empty list, error.
std::vector<RedisCommand> all_kinds() {
  std::vector<RedisCommand> commands;
  commands.push_back(RedisCommand("SET").key("k").add("text\r\nof two lines"));
  commands.push_back(RedisCommand("STRLEN").key("k"));
  commands.push_back(RedisCommand("GET").key("k"));
  commands.push_back(RedisCommand("GET").key("none"));
  commands.push_back(RedisCommand("MGET").key("k").add("none").add("k"));
  commands.push_back(RedisCommand("LRANGE").key("none").add("0").add("-1"));
  commands.push_back(RedisCommand("LLEN").key("k"));
  return commands;
}

void expect_all_kinds(const Result<std::vector<Reply>>& replies) {
  ASSERT_TRUE(replies) << replies.error().text();
  ASSERT_EQ(replies->size(), 7U);
  EXPECT_EQ((*replies)[0].text(), "OK");
  EXPECT_EQ((*replies)[1].view().integer(), 18);
  EXPECT_EQ((*replies)[2].text(), "text\r\nof two lines");
  EXPECT_TRUE((*replies)[3].view().is_nil());
  ASSERT_EQ((*replies)[4].view().size(), 3U);
  EXPECT_EQ((*replies)[4][2].text(), "text\r\nof two lines");
  EXPECT_TRUE((*replies)[5].view().is_list());
  EXPECT_EQ((*replies)[5].view().size(), 0U);
  EXPECT_TRUE((*replies)[6].view().is_error());
}

void expect_any_cut_to_work(const RedisServerOptions& options) {
  const RedisServer server(options);
  TcpGate gate(server.port());
  for (const std::size_t piece : {1U, 2U, 3U, 7U}) {
    gate.forward_in_pieces(piece);
    const auto client = must_connect(server.url_at(gate.port()));
    expect_all_kinds(client->run(all_kinds(), kPatience));
  }
}

TEST(RedisClientWire, AnswersMayBeCutAtEveryByte) { expect_any_cut_to_work({}); }

TEST(RedisClientWire, AlsoOverTls) {
  RedisServerOptions options;
  options.tls = true;
  expect_any_cut_to_work(options);
}

TEST(RedisClientWire, AConnectionMayBeLostAtEveryByte) {
  const RedisServer server;
  TcpGate gate(server.port());
  const auto client = must_connect(server.url_at(gate.port()));
  // "+OK\r\n:18\r\n$18\r\n.." has about a hundred bytes; the greeting before it about ten.
  for (std::size_t bytes = 0; bytes < 130; ++bytes) {
    gate.cut_after_answer_bytes(bytes);
    expect_all_kinds(client->run(all_kinds(), kPatience));
    if (HasFailure()) FAIL() << "cut after " << bytes << " bytes";
  }
}

TEST(RedisClientWire, AStalledWireIsATimeoutAndThenGoesOn) {
  const RedisServer server;
  TcpGate gate(server.port());
  const auto client = must_connect(server.url_at(gate.port()));
  gate.stall(true);
  const auto replies = client->run(all_kinds(), kShort);
  ASSERT_FALSE(replies);
  EXPECT_EQ(replies.error().kind, ErrorKind::Timeout);
  gate.stall(false);
  expect_all_kinds(client->run(all_kinds(), kPatience));
}

TEST(RedisClientWire, AReconnectMayBeRefusedForAWhile) {
  const RedisServer server;
  TcpGate gate(server.port());
  const auto client = must_connect(server.url_at(gate.port()));
  gate.refuse(true);
  gate.cut();
  client->start(all_kinds(), kPatience);
  EXPECT_FALSE(client->advance(kShort));
  gate.refuse(false);
  while (!client->advance(Millis(1000))) {
  }
  expect_all_kinds(client->take());
}

// Answers what connecting asks as a server would, and the rest by `rest`.
RespDouble::Handler like_a_server(RespDouble::Handler rest) {
  return [rest = std::move(rest)](const RespDouble::Command& command) {
    if (command[0] == "CLIENT" || command[0] == "AUTH") return resp::simple("OK");
    if (command[0] == "PING") return resp::simple("PONG");
    if (command[0] == "INFO") return resp::bulk("# Cluster\r\ncluster_enabled:0\r\n");
    return rest(command);
  };
}

TEST(RedisClientWire, WhatIsNotRedisIsTold) {
  RespDouble server([](const auto&) { return "HTTP/1.1 400 Bad Request\r\n\r\n"; });
  const auto client = try_connect(server.url());
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().kind, ErrorKind::Unavailable);
  EXPECT_TRUE(says(client.error().text(), "not Redis' protocol")) << client.error().text();
}

TEST(RedisClientWire, AnAnswerThatNobodyAskedForEndsTheConnection) {
  RespDouble server(like_a_server([](const RespDouble::Command& command) {
    return command[0] == "TWICE" ? resp::simple("one") + resp::simple("two")
                                 : resp::simple(command[0]);
  }));
  const auto client = must_connect(server.url());
  EXPECT_EQ(ask(*client, {"TWICE"}), "one");
  EXPECT_EQ(ask(*client, {"ONCE"}), "ONCE");  // never "two"
}

TEST(RedisClientWire, AHangUpBeforeTheAnswerIsRepaired) {
  int times = 0;
  RespDouble server(like_a_server([&times](const RespDouble::Command& command) {
    return command[0] == "GO" && ++times <= 3 ? RespDouble::kHangUp : resp::simple("at last");
  }));
  const auto client = must_connect(server.url());
  EXPECT_EQ(ask(*client, {"GO"}), "at last");
  EXPECT_EQ(server.count("GO"), 4U);
}

TEST(RedisClientWire, AServerThatQuotesThePasswordDoesNotGetItIntoTheMessage) {
  RespDouble server([](const RespDouble::Command& command) {
    return command[0] == "AUTH" ? resp::error(
                                      "ERR unknown command 'AUTH', with args beginning "
                                      "with: 'hunter2'")
                                : resp::simple("OK");
  });
  const auto client = try_connect("redis://:hunter2@127.0.0.1:" + std::to_string(server.port()));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().kind, ErrorKind::Invalid);
  EXPECT_TRUE(says(client.error().text(), "'***'")) << client.error().text();
  EXPECT_FALSE(says(client.error().text(), "hunter2"));
}

TEST(RedisClientWire, AFullServerSaysSoWhenConnecting) {
  RespDouble server([](const auto&) {
    return resp::error("ERR max number of clients reached") + RespDouble::kHangUp;
  });
  const auto client = try_connect(server.url());
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().kind, ErrorKind::Unavailable);
  EXPECT_TRUE(says(client.error().text(), "max number of clients")) << client.error().text();
}

TEST(RedisClientWire, AScriptThatArrivesOtherwiseEndsThePipeline) {
  RespDouble server(like_a_server([](const RespDouble::Command& command) {
    return command[0] == "SCRIPT" ? resp::bulk(std::string(40, '0'))
                                  : resp::error("NOSCRIPT No matching script.");
  }));
  const RedisScript script = make_script("one", "return 1");
  const auto client = must_connect(server.url(), {&script});
  const auto reply = client->ask(RedisCommand(script, 0), kPatience);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::Internal);
  EXPECT_TRUE(says(reply.error().text(), "SHA-1")) << reply.error().text();
}

TEST(RedisClientWire, ScriptsOfAServerThatLoadsAreLoadedOnceItHas) {
  int asked = 0;
  const RedisScript script = make_script("one", "return 1");
  bool known = false;
  RespDouble server(like_a_server([&](const RespDouble::Command& command) {
    if (++asked < 5) return resp::error("LOADING Redis is loading the dataset in memory");
    if (command[0] == "SCRIPT") {
      known = true;
      return resp::bulk(script.sha);
    }
    return known ? resp::integer(1) : resp::error("NOSCRIPT No matching script.");
  }));
  const auto client = must_connect(server.url(), {&script});
  EXPECT_EQ(text_of(client->ask(RedisCommand(script, 0), kPatience)), "1");
}

}  // namespace
}  // namespace oddsloom::test
