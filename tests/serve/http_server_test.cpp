#include "serve/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libdeflate.h>

#include "serve/gzip_cache.h"
#include "serve/server_under_test.h"
#include "support/http_wire.h"
#include "support/wait_until.h"

namespace oddsloom {
namespace {

using test::get;
using test::RawClient;
using test::request;
using test::ServerUnderTest;
using test::text_answer;
using test::wait_until;
using testing::HasSubstr;
using testing::Not;

std::string unzip(const std::string& bytes) {
  std::string out(1 << 22, '\0');
  std::size_t size = 0;
  libdeflate_decompressor* with = libdeflate_alloc_decompressor();
  const auto done =
      libdeflate_gzip_decompress(with, bytes.data(), bytes.size(), out.data(), out.size(), &size);
  libdeflate_free_decompressor(with);
  EXPECT_EQ(done, LIBDEFLATE_SUCCESS);
  out.resize(size);
  return out;
}

TEST(HttpServer, AnswersSeveralRequestsOnOneConnection) {
  ServerUnderTest server(test::echo_handler());
  RawClient client(server.port());
  for (const std::string path : {"/one", "/two", "/three"}) {
    ASSERT_TRUE(client.send(request(path)));
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, path + "\n");
    EXPECT_EQ(answer.header("content-type"), "application/json");
    EXPECT_THAT(answer.header("date"), testing::MatchesRegex("[A-Z].*, [0-9]+ [A-Z].* GMT"));
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
  }
  EXPECT_EQ(server.metrics.connections.value(), 1U);
  EXPECT_TRUE(wait_until([&] { return server.metrics.responses[2].value() == 3; }));
}

TEST(HttpServer, PipelinedRequestsAreAnsweredInOrder) {
  HttpServerConfig config;
  config.client_rate = 1000;
  ServerUnderTest server(test::echo_handler(), config);
  RawClient client(server.port());
  std::string all;
  for (int i = 0; i < 200; ++i) all += request("/" + std::to_string(i));
  // In pieces that end anywhere, between and within requests.
  for (std::size_t at = 0; at < all.size(); at += 777)
    ASSERT_TRUE(client.send(std::string_view(all).substr(at, 777)));
  for (int i = 0; i < 200; ++i) {
    const auto answer = client.answer();
    ASSERT_EQ(answer.status, 200);
    ASSERT_EQ(answer.body, "/" + std::to_string(i) + "\n");
  }
}

TEST(HttpServer, HeadIsGetWithoutTheBody) {
  ServerUnderTest server(test::echo_handler());
  RawClient client(server.port());
  client.send(request("/x", "", "HEAD") + request("/y"));
  const auto head = client.answer(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("content-length"), "3");
  EXPECT_EQ(client.answer().body, "/y\n");
}

TEST(HttpServer, AnOldClientIsAnsweredAndClosed) {
  ServerUnderTest server(test::echo_handler());
  RawClient client(server.port());
  client.send("GET /old HTTP/1.0\r\n\r\n");
  const auto answer = client.answer();
  EXPECT_EQ(answer.body, "/old\n");
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(client.at_end());
}

TEST(HttpServer, BodiesAreCompressedForWhoeverTakesThat) {
  const std::string large(20'000, 'x');
  const auto prepared = std::make_shared<const std::string>("prepared");
  ServerUnderTest server([&](const WebRequest& asked, Transport, const std::function<void()>&) {
    HttpAnswer out = text_answer(asked.path == "/small" ? "small" : large, "\"v1\"");
    if (asked.path == "/prepared") out.response.gzip = prepared;
    if (asked.path == "/image") out.response.content_type = "image/png";
    return out;
  });
  const auto zipped = get(server.port(), "/large", "Accept-Encoding: br, gzip;q=0.5\r\n");
  EXPECT_EQ(zipped.header("content-encoding"), "gzip");
  EXPECT_EQ(zipped.header("vary"), "Accept-Encoding");
  EXPECT_EQ(zipped.header("etag"), "\"v1-gz\"");
  EXPECT_LT(zipped.body.size(), 1000U);
  EXPECT_EQ(unzip(zipped.body), large);
  EXPECT_EQ(get(server.port(), "/prepared", "Accept-Encoding: gzip\r\n").body, "prepared");
  for (const std::string wants : {"", "Accept-Encoding: br\r\n", "Accept-Encoding: gzip;q=0\r\n",
                                  "Accept-Encoding: identity, gzip; q=0.000\r\n"}) {
    const auto plain = get(server.port(), "/large", wants);
    EXPECT_EQ(plain.header("content-encoding"), "") << wants;
    EXPECT_EQ(plain.header("etag"), "\"v1\"") << wants;
    EXPECT_EQ(plain.body, large) << wants;
  }
  EXPECT_EQ(get(server.port(), "/small", "Accept-Encoding: gzip\r\n").body, "small");
  EXPECT_EQ(get(server.port(), "/image", "Accept-Encoding: gzip\r\n").body, large);
}

TEST(GzipCache, WhatSomebodyKeepsIsCompressedOnce) {
  GzipCache cache;
  const auto body = std::make_shared<const std::string>(5000, 'a');
  const auto first = cache.of(body);
  ASSERT_TRUE(first);
  EXPECT_EQ(cache.of(body), first);
  EXPECT_EQ(unzip(*first), *body);
  EXPECT_EQ(cache.of(std::make_shared<const std::string>(100, 'a')), nullptr);
  EXPECT_EQ(cache.of(std::make_shared<const std::string>((1 << 20) + 1, 'a')), nullptr);
}

TEST(HttpServer, WhatAClientHasIsNotSentAgain) {
  ServerUnderTest server([](const WebRequest&, Transport, const std::function<void()>&) {
    return text_answer(std::string(5000, 'x'), "\"v1\"");
  });
  for (const std::string known : {"\"v1\"", "W/\"v1\"", "\"v0\", \"v1-gz\"", "*"}) {
    const auto answer = get(server.port(), "/", "If-None-Match: " + known + "\r\n");
    EXPECT_EQ(answer.status, 304) << known;
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(answer.header("content-length"), "");
    EXPECT_THAT(answer.header("etag"), HasSubstr("v1"));
  }
  EXPECT_EQ(get(server.port(), "/", "If-None-Match: \"v0\"\r\n").status, 200);
  EXPECT_TRUE(wait_until([&] { return server.metrics.responses[3].value() == 4; }));
}

TEST(HttpServer, WhatIsNoRequestIsRefusedAsJson) {
  HttpServerConfig config;
  config.most_head = 2048;
  config.most_target = 512;
  config.most_body = 100;
  ServerUnderTest server(test::echo_handler(), config);
  struct Case {
    std::string sent;
    int status;
    std::string code;
  };
  const std::string long_text(5000, 'x');
  for (const Case& one : {
           Case{"NONSENSE\r\n\r\n", 400, "BAD_REQUEST"},
           Case{"GET / HTTP/9.9\r\n\r\n", 400, "BAD_REQUEST"},
           Case{std::string("GET / HTTP/1.1\r\nA\0B: c\r\n\r\n", 26), 400, "BAD_REQUEST"},
           Case{request("/v4/..%2fsecret"), 400, "BAD_REQUEST"},
           Case{request("/%00"), 400, "BAD_REQUEST"},
           Case{request("/x?a=%zz"), 400, "BAD_REQUEST"},
           Case{request("/x?a=%ff"), 400, "BAD_REQUEST"},
           Case{request("/" + std::string(600, 'x')), 414, "URI_TOO_LONG"},
           Case{request("/" + long_text), 414, "URI_TOO_LONG"},
           Case{request("/", "X: " + long_text + "\r\n"), 431, "HEADERS_TOO_LARGE"},
           Case{request("/", "Content-Length: 101\r\n") + std::string(101, 'x'), 413,
                "CONTENT_TOO_LARGE"},
           Case{request("/", "Transfer-Encoding: chunked\r\n") + "ffff\r\n" + long_text, 413,
                "CONTENT_TOO_LARGE"},
           Case{request("/", "Transfer-Encoding: chunked\r\n") + "1;" + long_text, 413,
                "CONTENT_TOO_LARGE"},
           Case{request("/", "Content-Length: 3\r\n", "POST") + "abc", 405, "METHOD_NOT_ALLOWED"},
           Case{request("/", "Content-Length: 9999999\r\n", "POST"), 405, "METHOD_NOT_ALLOWED"},
           Case{request("/", "", "DELETE"), 405, "METHOD_NOT_ALLOWED"},
           Case{request("/", "", "BREW"), 405, "METHOD_NOT_ALLOWED"},
           Case{request("/", "Origin: http://a.example\r\n", "OPTIONS"), 405, "METHOD_NOT_ALLOWED"},
           Case{"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
                "BAD_REQUEST"},
           Case{"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400,
                "BAD_REQUEST"},
       }) {
    RawClient client(server.port());
    client.send(one.sent);
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, one.status) << one.sent.substr(0, 60);
    EXPECT_THAT(answer.body, HasSubstr("\"error_code\":\"" + one.code + "\"")) << answer.body;
    EXPECT_THAT(answer.body, HasSubstr("\"details_url\":\"/errors#")) << answer.body;
    EXPECT_EQ(answer.header("content-type"), "application/json");
  }
}

TEST(HttpServer, ABodyThatIsReadDoesNotDisturbTheNextRequest) {
  ServerUnderTest server(test::echo_handler());
  RawClient client(server.port());
  client.send(request("/a", "Content-Length: 5\r\n") + "GET /" +
              request("/b", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n" + "\r\n" +
              request("/c"));
  EXPECT_EQ(client.answer().body, "/a\n");
  EXPECT_EQ(client.answer().body, "/b\n");
  EXPECT_EQ(client.answer().body, "/c\n");
}

TEST(HttpServer, WhoeverTakesTooLongToAskIsLetGo) {
  HttpServerConfig config;
  config.head_time = Millis(200);
  config.idle_time = Millis(200);
  ServerUnderTest server(test::echo_handler(), config);
  RawClient silent(server.port()), slow(server.port()), idle(server.port());
  slow.send("GET /slow HT");
  idle.send(request("/idle"));
  EXPECT_EQ(idle.answer().status, 200);
  const auto late = slow.answer();
  EXPECT_EQ(late.status, 408);
  EXPECT_THAT(late.body, HasSubstr("REQUEST_TIMEOUT"));
  EXPECT_TRUE(slow.at_end());
  EXPECT_TRUE(silent.at_end());
  EXPECT_TRUE(idle.at_end());
  EXPECT_TRUE(wait_until([&] { return server.metrics.open_connections.value() == 0; }));
}

TEST(HttpServer, AHandlerThatThrowsIsAFaultOfOurs) {
  ServerUnderTest server(
      [](const WebRequest&, Transport, const std::function<void()>&) -> HttpAnswer {
        throw std::runtime_error("inner detail");
      });
  const auto answer = get(server.port(), "/");
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, HasSubstr("INTERNAL_ERROR"));
  EXPECT_THAT(answer.body, Not(HasSubstr("inner detail")));
}

TEST(HttpServer, AHandlersHeadersCannotBeSplit) {
  ServerUnderTest server([](const WebRequest& asked, Transport, const std::function<void()>&) {
    HttpAnswer out = test::echo(asked);
    out.response.headers.emplace_back("X-Bad", "a\r\nSet-Cookie: b");
    out.response.headers.emplace_back("X-Good", "c");
    return out;
  });
  const auto answer = get(server.port(), "/");
  EXPECT_THAT(answer.head, Not(HasSubstr("Set-Cookie")));
  EXPECT_EQ(answer.header("x-good"), "c");
}

TEST(HttpServer, ConnectionsAreLimitedInAllAndPerClient) {
  HttpServerConfig config;
  config.most_connections_per_client = 3;
  ServerUnderTest server(test::echo_handler(), config);
  std::vector<RawClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back(server.port());
    clients.back().send(request("/"));
    EXPECT_EQ(clients.back().answer().status, 200);
  }
  EXPECT_EQ(RawClient(server.port()).answer().status, 429);
  EXPECT_EQ(server.rejected(Rejection::ClientConnections), 1U);
  clients.clear();
  ASSERT_TRUE(wait_until([&] { return server.metrics.open_connections.value() == 0; }));
  EXPECT_EQ(get(server.port(), "/").status, 200);

  config.most_connections = 1;
  ServerUnderTest small(test::echo_handler(), config);
  RawClient first(small.port());
  first.send(request("/"));
  EXPECT_EQ(first.answer().status, 200);
  const auto full = RawClient(small.port()).answer();
  EXPECT_EQ(full.status, 503);
  EXPECT_NE(full.header("retry-after"), "");
}

TEST(HttpServer, AClientThatAsksTooOftenIsToldWhenToComeAgain) {
  HttpServerConfig config;
  config.client_rate = 2;
  ServerUnderTest server(test::echo_handler(), config);
  int good = 0;
  test::RawAnswer refused;
  for (int i = 0; i < 20; ++i) {
    const auto answer = get(server.port(), "/");
    if (answer.status == 200) ++good;
    if (answer.status == 429) refused = answer;
  }
  EXPECT_LT(good, 20);
  ASSERT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("retry-after"), "1");
  EXPECT_THAT(refused.body, HasSubstr("EXCEEDED_FREQ_LIMIT"));
}

TEST(HttpServer, OtherOriginsMayReadOnlyWhereConfigured) {
  const std::string asks = "Origin: https://odds.example\r\n";
  const std::string ahead = asks + "Access-Control-Request-Method: GET\r\n";
  {
    ServerUnderTest off(test::echo_handler());
    EXPECT_EQ(get(off.port(), "/", asks).header("access-control-allow-origin"), "");
    EXPECT_EQ(get(off.port(), "/", asks).header("cross-origin-resource-policy"), "same-origin");
  }
  HttpServerConfig config;
  config.cors.origins = {"https://odds.example"};
  ServerUnderTest some(test::echo_handler(), config);
  const auto answer = get(some.port(), "/", asks);
  EXPECT_EQ(answer.header("access-control-allow-origin"), "https://odds.example");
  EXPECT_THAT(answer.head, HasSubstr("Vary: Origin"));
  EXPECT_EQ(get(some.port(), "/", "Origin: https://other.example\r\n")
                .header("access-control-allow-origin"),
            "");
  RawClient client(some.port());
  client.send(request("/v4/sports", ahead, "OPTIONS") + request("/next"));
  const auto preflight = client.answer();
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("access-control-allow-methods"), "GET, HEAD");
  EXPECT_EQ(client.answer().body, "/next\n");

  config.cors.origins = {"*"};
  ServerUnderTest all(test::echo_handler(), config);
  EXPECT_EQ(get(all.port(), "/", asks).header("access-control-allow-origin"), "*");
}

TEST(HttpServer, EveryAnswerOfTheOddsApiTellsItsCost) {
  ServerUnderTest server([](const WebRequest& asked, Transport, const std::function<void()>&) {
    HttpAnswer out = test::echo(asked);
    out.response.cost = asked.path == "/v4/odds" ? 3 : 0;
    if (asked.path == "/v4/none") out.response = error_response(404, "NOT_FOUND", "x");
    return out;
  });
  const auto odds = get(server.port(), "/v4/odds");
  EXPECT_EQ(odds.header("x-requests-last"), "3");
  EXPECT_EQ(odds.header("x-requests-used"), "3");
  EXPECT_EQ(odds.header("x-requests-remaining"), "1000000000");
  const auto none = get(server.port(), "/v4/none");
  EXPECT_EQ(none.header("x-requests-last"), "0");
  EXPECT_EQ(none.header("x-requests-used"), "3");
  EXPECT_EQ(get(server.port(), "/v4/%zz").header("x-requests-last"), "0");
  EXPECT_EQ(get(server.port(), "/healthz").header("x-requests-last"), "");
}

TEST(HttpServer, SeveralAddressesAreServedAndToldWithTheirPorts) {
  HttpServerConfig config;
  config.listen = {"127.0.0.1:0", "[::1]:0"};
  ServerUnderTest server(test::echo_handler(), config);
  ASSERT_EQ(server.server->urls().size(), 2U);
  EXPECT_THAT(server.server->urls()[1], testing::StartsWith("http://[::1]:"));
  RawClient six(server.port(1), "::1");
  six.send(request("/six"));
  EXPECT_EQ(six.answer().body, "/six\n");
  EXPECT_EQ(get(server.port(0), "/four").body, "/four\n");
}

TEST(HttpServer, AnAddressThatIsNoneOrTakenIsRefused) {
  ServeMetrics metrics;
  for (const std::string address : {"8090", "localhost", "127.0.0.1:99999", "::1:80", "odds:80"}) {
    HttpServerConfig config;
    config.listen = {address};
    const auto started = HttpServer::start(config, test::echo_handler(), metrics);
    ASSERT_FALSE(started) << address;
    EXPECT_EQ(started.error().kind, ErrorKind::Invalid);
    EXPECT_THAT(started.error().text(), HasSubstr(address));
  }
  ServerUnderTest server(test::echo_handler());
  HttpServerConfig config;
  config.listen = {"127.0.0.1:" + std::to_string(server.port())};
  const auto taken = HttpServer::start(config, test::echo_handler(), metrics);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().kind, ErrorKind::Unavailable);
}

TEST(HttpServer, JobsOfOtherThreadsAreDoneOnItsOwn) {
  ServerUnderTest server(test::echo_handler());
  std::atomic<int> done{0};
  for (int i = 0; i < 100; ++i) server.server->post([&] { ++done; });
  EXPECT_TRUE(wait_until([&] { return done == 100; }));
}

}  // namespace
}  // namespace oddsloom
