// How a transfer ends when the server, the network or the request is bad: the right TransferEnd,
// within the limits, without secrets in the message. TLS and proxies have files of their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/transport/client_helpers.h"
#include "tests/transport/compress.h"
#include "tests/transport/scripted_server.h"

namespace oddsloom {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Connection = ScriptedServer::Connection;

// Sends the bytes after the first request and closes.
ScriptedServer::Script send_and_close(std::string bytes) {
  return [bytes = std::move(bytes)](Connection& connection) {
    if (connection.read_request()) connection.send(bytes);
  };
}

HttpResponse fetch_bytes(const std::string& bytes, HttpClientConfig config = {}) {
  ScriptedServer server(send_and_close(bytes));
  return fetch(*make_client(std::move(config)), server.url());
}

void expect_end(const HttpResponse& response, TransferEnd end) {
  EXPECT_EQ(response.end, end) << response.message;
  EXPECT_THAT(response.message, Not(IsEmpty()));
  EXPECT_THAT(response.body, IsEmpty()) << "half a body was handed out";
}

TEST(HttpTransferEnd, ANameThatDoesNotExistIsResolveFailed) {
  // A label of 64 letters cannot exist, so no name server is asked.
  const HttpResponse response =
      fetch(*make_client(), "http://" + std::string(64, 'a') + ".invalid/");
  expect_end(response, TransferEnd::ResolveFailed);
  EXPECT_EQ(response.status, 0);
}

TEST(HttpTransferEnd, APortNobodyListensOnIsConnectFailed) {
  const HttpResponse response =
      fetch(*make_client(), "http://127.0.0.1:" + std::to_string(closed_port()));
  expect_end(response, TransferEnd::ConnectFailed);
}

TEST(HttpTransferEnd, AServerThatNeverAnswersIsTimedOut) {
  ScriptedServer server([](Connection& connection) { connection.wait_closed(); });
  auto client = make_client({.total_timeout = Millis(200)});
  for (std::uint64_t i = 0; i < 10; ++i) client->start(get(server.url(), i));
  for (const HttpResponse& response : wait_for(*client, 10))
    expect_end(response, TransferEnd::TimedOut);
}

TEST(HttpTransferEnd, AServerThatStopsInTheMiddleIsTimedOutWithItsStatus) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    connection.wait_closed();
  });
  const HttpResponse response = fetch(*make_client({.total_timeout = Millis(200)}), server.url());
  expect_end(response, TransferEnd::TimedOut);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.wire_bytes, 4U);
}

TEST(HttpTransferEnd, ASilentTransferDoesNotUseUpItsWholeTime) {
  ScriptedServer server([](Connection& connection) { connection.wait_closed(); });
  const HttpResponse response = fetch(*make_client({.total_timeout = Millis(6'000)}), server.url());
  expect_end(response, TransferEnd::TimedOut);
  EXPECT_THAT(response.message, HasSubstr("too slow"));
}

TEST(HttpTransferEnd, ACloseBeforeTheAnnouncedLengthIsTruncated) {
  expect_end(fetch_bytes("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
             TransferEnd::Truncated);
}

TEST(HttpTransferEnd, ACloseBetweenChunksIsTruncated) {
  expect_end(fetch_bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"),
             TransferEnd::Truncated);
}

TEST(HttpTransferEnd, ACloseWithoutAnyAnswerIsTruncated) {
  const HttpResponse response = fetch_bytes("");
  expect_end(response, TransferEnd::Truncated);
  EXPECT_EQ(response.status, 0);
}

TEST(HttpTransferEnd, AResetInTheMiddleIsTruncated) {
  Gate half_arrived;
  ScriptedServer server([&](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    half_arrived.wait();
    connection.reset();
  });
  auto client = make_client();
  client->start(get(server.url()));
  while (server.requests().empty()) client->poll(Millis(20));
  half_arrived.open();
  expect_end(wait_for(*client, 1).at(0), TransferEnd::Truncated);
}

TEST(HttpTransferEnd, ABodyWithoutAnyLengthEndsWithTheConnection) {
  const HttpResponse response = fetch_bytes("HTTP/1.1 200 OK\r\n\r\nuntil the end");
  EXPECT_EQ(response.end, TransferEnd::Done) << response.message;
  EXPECT_EQ(response.body, "until the end");
}

TEST(HttpTransferEnd, BytesBeyondTheAnnouncedLengthAreNotTheBody) {
  const HttpResponse response =
      fetch_bytes("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour and more");
  EXPECT_EQ(response.end, TransferEnd::Done) << response.message;
  EXPECT_EQ(response.body, "four");
}

TEST(HttpTransferEnd, AnAnnouncedLengthBeyondTheLimitIsTooLargeAtOnce) {
  expect_end(fetch_bytes("HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\nx"),
             TransferEnd::TooLarge);
}

TEST(HttpTransferEnd, AnEndlessBodyIsTooLarge) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
    while (connection.send(chunk)) {
    }
  });
  auto client = make_client({.most_body_bytes = 100'000});
  expect_end(fetch(*client, server.url()), TransferEnd::TooLarge);
}

TEST(HttpTransferEnd, ABodyOfExactlyTheLimitIsFine) {
  const std::string body(1'000, 'x');
  EXPECT_EQ(fetch_bytes(answer(body), {.most_body_bytes = 1'000}).body, body);
  expect_end(fetch_bytes(answer(body), {.most_body_bytes = 999}), TransferEnd::TooLarge);
}

TEST(HttpTransferEnd, DecompressionBombsAreTooLarge) {
  constexpr std::size_t kLimit = 1U << 20U;
  const std::string zeros(32U << 20U, '\0');
  expect_end(
      fetch_bytes(answer(gzip(zeros), "Content-Encoding: gzip\r\n"), {.most_body_bytes = kLimit}),
      TransferEnd::TooLarge);
  expect_end(
      fetch_bytes(answer(zstd(zeros), "Content-Encoding: zstd\r\n"), {.most_body_bytes = kLimit}),
      TransferEnd::TooLarge);
  expect_end(
      fetch_bytes(answer(brotli_bomb(40), "Content-Encoding: br\r\n"), {.most_body_bytes = kLimit}),
      TransferEnd::TooLarge);
}

TEST(HttpTransferEnd, ACompressedBodyCutShortIsNeverDone) {
  const std::string whole = gzip(std::string(5'000, 'x') + "tail");
  const HttpResponse cut =
      fetch_bytes(answer(whole.substr(0, whole.size() - 9), "Content-Encoding: gzip\r\n"));
  EXPECT_TRUE(cut.end == TransferEnd::Truncated || cut.end == TransferEnd::BadEncoding);
  EXPECT_THAT(cut.body, IsEmpty());
  const std::string br = brotli_stored("a body of br");
  expect_end(fetch_bytes(answer(br.substr(0, 8), "Content-Encoding: br\r\n")),
             TransferEnd::Truncated);
}

TEST(HttpTransferEnd, AnEncodingNobodyReadsIsBadEncoding) {
  expect_end(fetch_bytes(answer("x", "Content-Encoding: sdch\r\n")), TransferEnd::BadEncoding);
  expect_end(fetch_bytes(answer("not gzip, although it says so", "Content-Encoding: gzip\r\n")),
             TransferEnd::BadEncoding);
}

TEST(HttpTransferEnd, ARedirectLoopIsTooManyRedirects) {
  ScriptedServer server(always(answer("", "Location: /again\r\n", "302 Found")));
  const HttpResponse response = fetch(*make_client({.most_redirects = 3}), server.url());
  expect_end(response, TransferEnd::TooManyRedirects);
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(server.requests().size(), 4U);
  expect_end(fetch(*make_client({.most_redirects = 0}), server.url()),
             TransferEnd::TooManyRedirects);
}

TEST(HttpTransferEnd, ARedirectToAnotherProtocolIsFailed) {
  for (const char* target : {"file:///etc/hostname", "ftp://127.0.0.1/x"})
    expect_end(fetch_bytes(answer("", std::string("Location: ") + target + "\r\n", "302 Found")),
               TransferEnd::Failed);
}

TEST(HttpTransferEnd, AnAnswerThatIsNotHttpIsFailed) {
  expect_end(fetch_bytes("SSH-2.0-OpenSSH_9.2\r\n"), TransferEnd::Failed);
}

TEST(HttpTransferEnd, ARequestThatCannotBeginStillEndsOnce) {
  auto client = make_client();
  std::vector<HttpRequest> requests(8, get("http://127.0.0.1:1/"));
  requests[0].url = "";
  requests[1].url = "file:///etc/hostname";
  requests[2].url = "http://";
  requests[3].url = "http://exa mple/\r\nX: y";
  requests[4].headers = {"X-Own: a\r\nInjected: b"};
  requests[5].method = "GET / HTTP/1.1\r\nInjected: b\r\n\r\n";
  requests[6].method = "";
  requests[7].url = "127.0.0.1/without/scheme";
  for (std::size_t i = 0; i < requests.size(); ++i) {
    requests[i].tag = i;
    client->start(requests[i]);
  }
  EXPECT_EQ(client->in_flight(), requests.size());
  std::set<std::uint64_t> tags;
  for (const HttpResponse& response : wait_for(*client, requests.size())) {
    expect_end(response, TransferEnd::Failed);
    tags.insert(response.tag);
  }
  EXPECT_EQ(tags.size(), requests.size());
  EXPECT_EQ(client->in_flight(), 0U);
}

TEST(HttpTransferEnd, NoMessageHoldsASecret) {
  auto client = make_client(
      {.proxies = {"http://proxyuser:proxypass@127.0.0.1:" + std::to_string(closed_port())}});
  auto direct = make_client();
  for (const char* rest : {"127.0.0.1:1/odds?apiKey=letmein", "exa mple/?token=letmein",
                           "[::1/?access_token=letmein"}) {
    const std::string url = std::string("http://someone:hunter2@") + rest;
    for (HttpClient* each : {client.get(), direct.get()}) {
      const HttpResponse response = fetch(*each, url);
      EXPECT_NE(response.end, TransferEnd::Done);
      for (const char* secret : {"hunter2", "letmein", "proxypass"})
        EXPECT_THAT(response.message, Not(HasSubstr(secret)));
    }
  }
}

TEST(HttpTransferEnd, OneBadTransferDoesNotDisturbTheOthers) {
  ScriptedServer good(always(answer("good")));
  ScriptedServer bad(send_and_close("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"));
  auto client = make_client();
  for (std::uint64_t i = 0; i < 20; ++i) client->start(get(i % 2 ? bad.url() : good.url(), i));
  for (const HttpResponse& response : wait_for(*client, 20))
    EXPECT_EQ(response.end, response.tag % 2 ? TransferEnd::Truncated : TransferEnd::Done);
}

TEST(HttpTransferEnd, EveryEndHasAName) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(TransferEnd::Failed); ++i)
    names.insert(to_string(static_cast<TransferEnd>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(TransferEnd::Failed) + 1);
}

}  // namespace
}  // namespace oddsloom
