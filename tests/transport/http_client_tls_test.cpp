// TLS and HTTP/2 against real servers with certificates made for the test: what is trusted, what is
// not, and what was negotiated.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>

#include "tests/transport/client_helpers.h"
#include "tests/transport/scripted_server.h"
#include "tests/transport/tls_server.h"

namespace oddsloom {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Connection = ScriptedServer::Connection;

class HttpClientTls : public testing::Test {
 protected:
  // nghttpd speaks nothing but HTTP/2, so an answer from it proves that HTTP/2 was negotiated.
  std::unique_ptr<ServerProcess> http2_server(const Certificates::Pair& pair) {
    std::ofstream(documents_.file("odds.json")) << R"({"price":1850})";
    std::ofstream(documents_.file("long.json")) << std::string(200'000, '7');
    return std::make_unique<ServerProcess>(
        std::vector<std::string>{"nghttpd", "--address=127.0.0.1",
                                 "--htdocs=" + documents_.path().string(), "0", pair.key,
                                 pair.certificate},
        "nghttp2-server");
  }
  std::unique_ptr<ServerProcess> http1_server(const Certificates::Pair& pair) {
    return std::make_unique<ServerProcess>(
        std::vector<std::string>{"openssl", "s_server", "-accept", "127.0.0.1:0", "-cert",
                                 pair.certificate, "-key", pair.key, "-www", "-alpn", "http/1.1"},
        "openssl");
  }
  std::unique_ptr<HttpClient> client_trusting(const std::string& authority, bool http2 = true) {
    return make_client({.ca_file = certificates_.authority(authority), .http2 = http2});
  }

  Certificates certificates_;
  TempDir documents_;
};

TEST_F(HttpClientTls, ATrustedServerWithTheRightNameAnswersOverHttp2) {
  const auto server = http2_server(certificates_.issue("trusted"));
  auto client = client_trusting("trusted");
  for (const char* host : {"127.0.0.1", "localhost"}) {
    const HttpResponse response = fetch(*client, server->url("/odds.json", host));
    EXPECT_EQ(response.end, TransferEnd::Done) << response.message;
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, R"({"price":1850})");
  }
  EXPECT_EQ(fetch(*client, server->url("/missing")).status, 404);
}

TEST_F(HttpClientTls, ManyTransfersOverHttp2AreAllAnswered) {
  const auto server = http2_server(certificates_.issue("trusted"));
  auto client = client_trusting("trusted");
  for (int round = 0; round < 3; ++round) {
    for (std::uint64_t i = 0; i < 50; ++i) client->start(get(server->url("/long.json"), i));
    for (const HttpResponse& response : wait_for(*client, 50)) {
      EXPECT_EQ(response.end, TransferEnd::Done) << response.message;
      EXPECT_EQ(response.body.size(), 200'000U);
    }
  }
}

TEST_F(HttpClientTls, AbortingHttp2TransfersLeavesTheClientUsable) {
  const auto server = http2_server(certificates_.issue("trusted"));
  auto client = client_trusting("trusted");
  ASSERT_EQ(fetch(*client, server->url("/odds.json")).end, TransferEnd::Done);
  for (std::uint64_t i = 0; i < 20; ++i) client->start(get(server->url("/long.json"), i));
  client->poll(Millis(0));
  client->abort_all();
  EXPECT_EQ(fetch(*client, server->url("/odds.json")).end, TransferEnd::Done);
}

TEST_F(HttpClientTls, Http2IsOnlyOfferedWhenItIsOn) {
  const auto server = http2_server(certificates_.issue("trusted"));
  const HttpResponse response =
      fetch(*client_trusting("trusted", false), server->url("/odds.json"));
  EXPECT_NE(response.end, TransferEnd::Done);
}

TEST_F(HttpClientTls, AServerThatKnowsOnlyHttp1IsAskedThatWay) {
  const auto server = http1_server(certificates_.issue("trusted"));
  const HttpResponse response = fetch(*client_trusting("trusted"), server->url("/"));
  EXPECT_EQ(response.end, TransferEnd::Done) << response.message;
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("s_server"));
}

TEST_F(HttpClientTls, AServerThatDiedBetweenRequestsIsNotDone) {
  auto server = http2_server(certificates_.issue("trusted"));
  auto client = client_trusting("trusted");
  const std::string url = server->url("/odds.json");
  ASSERT_EQ(fetch(*client, url).end, TransferEnd::Done);
  server.reset();
  const HttpResponse response = fetch(*client, url);
  EXPECT_TRUE(response.end == TransferEnd::ConnectFailed || response.end == TransferEnd::Truncated)
      << to_string(response.end) << " " << response.message;
}

TEST_F(HttpClientTls, ACertificateForAnotherNameIsTlsFailed) {
  const auto server = http2_server(certificates_.issue("trusted", "DNS:other.example"));
  const HttpResponse response = fetch(*client_trusting("trusted"), server->url("/odds.json"));
  EXPECT_EQ(response.end, TransferEnd::TlsFailed) << response.message;
  EXPECT_THAT(response.message, Not(IsEmpty()));
  EXPECT_THAT(response.body, IsEmpty());
}

TEST_F(HttpClientTls, ACertificateFromAnUnknownAuthorityIsTlsFailed) {
  const auto server = http2_server(certificates_.issue("unknown"));
  for (const bool own_file : {true, false}) {
    auto client = own_file ? client_trusting("trusted") : make_client();
    const HttpResponse response = fetch(*client, server->url("/odds.json"));
    EXPECT_EQ(response.end, TransferEnd::TlsFailed) << response.message;
    EXPECT_EQ(response.status, 0);
  }
}

TEST_F(HttpClientTls, AServerWithoutTlsIsTlsFailed) {
  ScriptedServer server([](Connection& connection) {
    connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    connection.wait_closed();
  });
  const HttpResponse response =
      fetch(*make_client(), "https://127.0.0.1:" + std::to_string(server.port()) + "/");
  EXPECT_EQ(response.end, TransferEnd::TlsFailed) << response.message;
}

TEST_F(HttpClientTls, AServerThatHangsUpInTheHandshakeIsTlsFailed) {
  ScriptedServer server([](Connection& connection) { connection.read_bytes(1); });
  const HttpResponse response =
      fetch(*make_client(), "https://127.0.0.1:" + std::to_string(server.port()) + "/");
  EXPECT_EQ(response.end, TransferEnd::TlsFailed) << response.message;
}

TEST_F(HttpClientTls, AHandshakeThatNeverEndsIsTimedOut) {
  ScriptedServer server([](Connection& connection) { connection.wait_closed(); });
  const HttpResponse response = fetch(*make_client({.connect_timeout = Millis(200)}),
                                      "https://127.0.0.1:" + std::to_string(server.port()) + "/");
  EXPECT_EQ(response.end, TransferEnd::TimedOut) << response.message;
}

TEST_F(HttpClientTls, AFileWithoutAuthoritiesIsRefusedAtOnce) {
  std::ofstream(documents_.file("empty.pem")) << "nothing of that kind\n";
  for (const std::string& file :
       {documents_.file("empty.pem"), documents_.file("missing.pem"), documents_.path().string()}) {
    const auto client = HttpClient::create({.ca_file = file});
    ASSERT_FALSE(client) << file;
    EXPECT_EQ(client.error().kind, ErrorKind::Invalid);
  }
}

}  // namespace
}  // namespace oddsloom
