// RedisClient over TLS, against the real server: who is trusted, who is not, and how that is told.

#include "store/redis_client_helpers.h"
#include "support/redis_server.h"

namespace oddsloom::test {
namespace {

RedisServerOptions with_tls() {
  RedisServerOptions options;
  options.tls = true;
  return options;
}

std::string url_of(const RedisServer& server, const std::string& host = "127.0.0.1") {
  return "rediss://" + host + ":" + std::to_string(server.port());
}

TEST(RedisClientTls, TrustedByItsAuthorityWithNameAndAddress) {
  RedisServerOptions options = with_tls();
  options.password = "s3cret";
  const RedisServer server(options);
  EXPECT_EQ(ask(*must_connect(server.url()), {"SET", "k", "v"}), "OK");
  const std::string by_name = "rediss://:s3cret@localhost:" + std::to_string(server.port()) +
                              "?ca_file=" + server.ca_file();
  EXPECT_EQ(ask(*must_connect(by_name), {"GET", "k"}), "v");
}

TEST(RedisClientTls, LargePipelinesPass) {
  const RedisServer server(with_tls());
  const auto client = must_connect(server.url());
  std::string large(3'000'000, 'x');
  for (std::size_t i = 0; i < large.size(); i += 7) large[i] = static_cast<char>(i);
  std::vector<RedisCommand> commands;
  commands.push_back(RedisCommand("SET").key("large").add(large));
  for (int i = 0; i < 5; ++i) commands.push_back(RedisCommand("GET").key("large"));
  for (int i = 0; i < 5000; ++i) commands.push_back(RedisCommand("INCR").key("n"));
  const auto replies = client->run(std::move(commands), kPatience);
  ASSERT_TRUE(replies) << replies.error().text();
  EXPECT_TRUE((*replies)[5].text() == large);
  EXPECT_EQ(replies->back().view().integer(), 5000);
}

TEST(RedisClientTls, AnUnknownAuthorityIsRefused) {
  const RedisServer server(with_tls());
  for (const std::string& url :
       {url_of(server) + "?ca_file=" + server.unknown_ca_file(), url_of(server)}) {
    const auto client = try_connect(url);
    ASSERT_FALSE(client) << url;
    EXPECT_EQ(client.error().kind, ErrorKind::Invalid);
    EXPECT_TRUE(
        says(client.error().text(), url_of(server) + ": the server's certificate is refused"))
        << client.error().text();
  }
}

TEST(RedisClientTls, AnotherHostsCertificateIsRefusedUnlessItIsExpected) {
  RedisServerOptions options = with_tls();
  options.tls_names = "DNS:other.example";
  const RedisServer server(options);
  for (const char* host : {"127.0.0.1", "localhost"}) {
    const auto client = try_connect(url_of(server, host) + "?ca_file=" + server.ca_file());
    ASSERT_FALSE(client) << host;
    EXPECT_EQ(client.error().kind, ErrorKind::Invalid);
    EXPECT_TRUE(says(client.error().text(), "mismatch")) << client.error().text();
  }
  EXPECT_TRUE(
      try_connect(url_of(server) + "?ca_file=" + server.ca_file() + "&server_name=other.example"));
}

TEST(RedisClientTls, AClientsOwnCertificate) {
  RedisServerOptions options = with_tls();
  options.tls_client_certificate = true;
  const RedisServer server(options);
  EXPECT_EQ(ask(*must_connect(server.url()), {"PING"}), "PONG");
  const auto without = try_connect(url_of(server) + "?ca_file=" + server.ca_file());
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().kind, ErrorKind::Invalid);
  EXPECT_TRUE(says(without.error().text(), "refuses our certificate")) << without.error().text();
}

TEST(RedisClientTls, FilesThatCannotBeReadAreTold) {
  const RedisServer server(with_tls());
  const std::string nothing = server.folder().file("nothing.pem");
  const auto no_authority = try_connect(url_of(server) + "?ca_file=" + nothing);
  ASSERT_FALSE(no_authority);
  EXPECT_EQ(no_authority.error().kind, ErrorKind::Invalid);
  EXPECT_TRUE(says(no_authority.error().text(), nothing)) << no_authority.error().text();
  // A key that is not the certificate's.
  const RedisServer other(with_tls());
  const auto no_pair = try_connect(url_of(server) + "?ca_file=" + server.ca_file() + "&cert_file=" +
                                   server.certificate_file() + "&key_file=" + other.key_file());
  ASSERT_FALSE(no_pair);
  EXPECT_EQ(no_pair.error().kind, ErrorKind::Invalid);
}

TEST(RedisClientTls, WithoutTlsToATlsPortIsUnavailable) {
  const RedisServer server(with_tls());
  const auto client = try_connect("redis://127.0.0.1:" + std::to_string(server.port()));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().kind, ErrorKind::Unavailable);
}

TEST(RedisClientTls, ComesBackAfterARestart) {
  RedisServer server(with_tls());
  const RedisScript script = make_script("one", "return 1");
  const auto client = must_connect(server.url(), {&script});
  server.kill();
  server.start();
  EXPECT_EQ(text_of(client->ask(RedisCommand(script, 0), kPatience)), "1");
}

}  // namespace
}  // namespace oddsloom::test
