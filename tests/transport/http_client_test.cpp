// What HttpClient does when the server behaves: requests as asked, answers as sent, many at once.
#include "transport/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <iterator>
#include <set>
#include <thread>

#include "tests/transport/client_helpers.h"
#include "tests/transport/compress.h"
#include "tests/transport/scripted_server.h"

namespace oddsloom {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using Connection = ScriptedServer::Connection;

constexpr std::size_t kSimdjsonPadding = 64;

TEST(HttpClient, BringsTheWholeAnswerAndItsHeaders) {
  ScriptedServer server(always(answer(R"({"a":1})",
                                      "Content-Type: text/html; charset=utf-8\r\n"
                                      "content-range: 0-14/917\r\n")));
  UtcMillis now{1'786'000'000'000};
  auto client = make_client({}, [&] { return now = now + Millis(7); });
  const HttpResponse response = fetch(*client, get(server.url("/odds?x=1"), 42));
  EXPECT_EQ(response.end, TransferEnd::Done) << response.message;
  EXPECT_EQ(response.tag, 42U);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"a":1})");
  EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(response.content_range, "0-14/917");
  EXPECT_EQ(response.retry_after, std::nullopt);
  EXPECT_EQ(response.wire_bytes, 7U);
  EXPECT_THAT(response.message, IsEmpty());
  EXPECT_EQ(response.sent_at.value, 1'786'000'000'007);
  EXPECT_EQ(response.received_at.value, 1'786'000'000'014);
  EXPECT_EQ(client->in_flight(), 0U);
}

TEST(HttpClient, AnErrorStatusIsStillAWholeAnswer) {
  for (const char* status : {"404 Not Found", "429 Too Many Requests", "500 Oops", "302 Nowhere"}) {
    ScriptedServer server(always(answer("sorry", "", status)));
    const HttpResponse response = fetch(*make_client(), server.url());
    EXPECT_EQ(response.end, TransferEnd::Done) << response.message;
    EXPECT_EQ(response.status, std::stoi(status));
    EXPECT_EQ(response.body, "sorry");
  }
}

TEST(HttpClient, AsksForTheEncodingsItReadsUnlessTheCallerChose) {
  ScriptedServer server(always(answer("")));
  auto client = make_client();
  fetch(*client, server.url());
  HttpRequest own = get(server.url());
  own.headers = {"accept-encoding: identity", "X-Own: yes"};
  fetch(*client, own);
  fetch(*client, server.url());
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_THAT(requests[0], HasSubstr("Accept-Encoding: gzip, br"));
  EXPECT_THAT(requests[1], HasSubstr("accept-encoding: identity\r\nX-Own: yes\r\n"));
  EXPECT_THAT(requests[1], Not(HasSubstr("gzip")));
  EXPECT_EQ(requests[2], requests[0]) << "a handle kept something of its last request";
}

TEST(HttpClient, SendsABodyAndForgetsItWithTheNextRequest) {
  ScriptedServer server(always(answer("")));
  auto client = make_client();
  HttpRequest post = get(server.url("/p"));
  post.method = "POST";
  post.body = std::string(5'000, 'b');
  post.headers = {"Content-Type: application/json"};
  fetch(*client, post);
  fetch(*client, server.url("/g"));
  HttpRequest put = post;
  put.method = "PUT";
  fetch(*client, put);
  HttpRequest bare = get(server.url("/d"));
  bare.method = "DELETE";
  fetch(*client, bare);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 4U);
  EXPECT_THAT(requests[0], StartsWith("POST /p HTTP/1.1\r\n"));
  EXPECT_THAT(requests[0], HasSubstr("Content-Length: 5000\r\n"));
  EXPECT_THAT(requests[0], HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(requests[0], Not(HasSubstr("Expect:")));
  EXPECT_THAT(requests[0], EndsWith("\r\n\r\n" + post.body));
  EXPECT_THAT(requests[1], StartsWith("GET /g HTTP/1.1\r\n"));
  EXPECT_THAT(requests[1], Not(HasSubstr("Content-")));
  EXPECT_THAT(requests[2], StartsWith("PUT /p HTTP/1.1\r\n"));
  EXPECT_THAT(requests[2], EndsWith("\r\n\r\n" + post.body));
  EXPECT_THAT(requests[3], StartsWith("DELETE /d HTTP/1.1\r\n"));
}

TEST(HttpClient, AHeadAnswerHasNoBodyWhateverLengthItAnnounces) {
  ScriptedServer server([](Connection& connection) {
    while (connection.read_request())
      connection.send(
          "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99999999\r\n\r\n");
  });
  auto client = make_client();
  HttpRequest head = get(server.url());
  head.method = "HEAD";
  for (int i = 0; i < 2; ++i) {
    const HttpResponse response = fetch(*client, head);
    EXPECT_EQ(response.end, TransferEnd::Done) << response.message;
    EXPECT_THAT(response.body, IsEmpty());
  }
  EXPECT_EQ(server.connections(), 1U);
}

TEST(HttpClient, ReadsEveryEncodingAndLeavesRoomForThePadding) {
  const std::string plain(30'000, 'o');
  const std::vector<std::pair<std::string, std::string>> bodies{{"", plain},
                                                                {"gzip", gzip(plain)},
                                                                {"br", brotli_stored(plain)},
                                                                {"zstd", zstd(plain)},
                                                                {"deflate", zlib_deflate(plain)},
                                                                {"identity", plain}};
  auto client = make_client();
  for (const auto& [encoding, wire] : bodies) {
    const std::string header = encoding.empty() ? "" : "Content-Encoding: " + encoding + "\r\n";
    ScriptedServer server(always(answer(wire, header)));
    const HttpResponse response = fetch(*client, server.url());
    EXPECT_EQ(response.end, TransferEnd::Done) << encoding << ": " << response.message;
    EXPECT_EQ(response.body, plain) << encoding;
    EXPECT_EQ(response.wire_bytes, wire.size()) << encoding;
    EXPECT_GE(response.body.capacity(), response.body.size() + kSimdjsonPadding) << encoding;
  }
}

TEST(HttpClient, JoinsChunksAndTakesNoOrdersFromTrailers) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 100; ++i) connection.send("a\r\n0123456789\r\n");
    connection.send("0\r\nContent-Encoding: gzip\r\nRetry-After: 9\r\n\r\n");
    connection.wait_closed();
  });
  auto client = make_client();
  const HttpResponse response = fetch(*client, server.url());
  EXPECT_EQ(response.end, TransferEnd::Done) << response.message;
  EXPECT_EQ(response.body.size(), 1'000U);
  EXPECT_GE(response.body.capacity(), response.body.size() + kSimdjsonPadding);
  EXPECT_EQ(response.retry_after, std::nullopt);
}

TEST(HttpClient, AnAnswerAfterContinueCountsOnlyTheFinalHeaders) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 103 Early Hints\r\nRetry-After: 60\r\nContent-Encoding: br\r\n\r\n" +
                    answer("ok"));
    connection.wait_closed();
  });
  const HttpResponse response = fetch(*make_client(), server.url());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "ok") << response.message;
  EXPECT_EQ(response.retry_after, std::nullopt);
}

TEST(HttpClient, ReadsRetryAfterInBothForms) {
  struct Case {
    const char* sent;
    std::optional<Millis> read;
  };
  const Clock clock = [] { return parse_iso8601("2026-08-09T19:30:00.500Z").value(); };
  for (const Case& c : {Case{"120", Millis(120'000)}, Case{"0", Millis(0)}, Case{"-5", Millis(0)},
                        Case{"Sun, 09 Aug 2026 19:30:45 GMT", Millis(44'500)},
                        Case{"Sun, 09 Aug 2026 19:00:00 GMT", Millis(0)},
                        Case{"9223372036854775807", Millis(366LL * 86'400'000)},
                        Case{"99999999999999999999", std::nullopt}, Case{"soon", std::nullopt}}) {
    ScriptedServer server(
        always(answer("", std::string("Retry-After: ") + c.sent + "\r\n", "429 Slow down")));
    const HttpResponse response = fetch(*make_client({}, clock), server.url());
    EXPECT_EQ(response.retry_after, c.read) << c.sent;
  }
}

TEST(HttpClient, FiftyTransfersAreUnderWayAtTheSameTime) {
  constexpr std::size_t kMany = 50;
  std::atomic<std::size_t> arrived{0};
  Gate all_arrived;
  ScriptedServer server([&](Connection& connection) {
    while (const auto request = connection.read_request()) {
      if (++arrived == kMany) all_arrived.open();
      if (!all_arrived.wait() || !connection.send(answer(target_of(*request)))) return;
    }
  });
  auto client = make_client();
  for (std::size_t i = 0; i < kMany; ++i)
    client->start(get(server.url("/" + std::to_string(i)), i));
  EXPECT_EQ(client->in_flight(), kMany);
  std::set<std::uint64_t> tags;
  for (const HttpResponse& response : wait_for(*client, kMany)) {
    EXPECT_EQ(response.end, TransferEnd::Done) << response.message;
    EXPECT_EQ(response.body, "/" + std::to_string(response.tag)) << "answers were mixed up";
    tags.insert(response.tag);
  }
  EXPECT_EQ(tags.size(), kMany);
  EXPECT_EQ(client->in_flight(), 0U);
}

TEST(HttpClient, ReusesItsConnections) {
  ScriptedServer server(always(answer("again")));
  auto client = make_client();
  for (int i = 0; i < 30; ++i) ASSERT_EQ(fetch(*client, server.url()).body, "again");
  EXPECT_EQ(server.connections(), 1U);
}

TEST(HttpClient, ABurstFindsTheConnectionsOfTheLastOneStillOpen) {
  ScriptedServer server(always(answer("again")));
  auto client = make_client();
  const auto burst = [&] {
    for (std::size_t i = 0; i < 20; ++i) client->start(get(server.url()));
    wait_for(*client, 20);
  };
  burst();
  const std::size_t opened = server.connections();
  for (int i = 0; i < 10; ++i) fetch(*client, server.url());
  burst();
  EXPECT_LE(server.connections(), std::max<std::size_t>(opened, 20));
}

TEST(HttpClient, AConnectionClosedWhileIdleIsReplacedUnnoticed) {
  ScriptedServer server([](Connection& connection) {
    if (connection.read_request()) connection.send(answer("one each"));
  });
  auto client = make_client();
  for (int i = 0; i < 10; ++i) {
    const HttpResponse response = fetch(*client, server.url());
    EXPECT_EQ(response.end, TransferEnd::Done) << response.message;
    client->poll(Millis(0));
  }
  EXPECT_EQ(server.connections(), 10U);
}

TEST(HttpClient, AConnectionResetOnItsSecondUseIsReplacedEveryTime) {
  ScriptedServer server([](Connection& connection) {
    if (!connection.read_request() || !connection.send(answer("one each"))) return;
    connection.read_request();  // the client believes the connection is alive
    connection.reset();
  });
  auto client = make_client();
  for (int i = 0; i < 30; ++i) {
    const HttpResponse response = fetch(*client, server.url());
    EXPECT_EQ(response.end, TransferEnd::Done) << i << ": " << response.message;
  }
  EXPECT_EQ(server.connections(), 30U);
}

TEST(HttpClient, KeepsToTheMostConnectionsPerHost) {
  ScriptedServer server(always(answer("x")));
  auto client = make_client({.most_connections_per_host = 3});
  for (std::size_t i = 0; i < 30; ++i) client->start(get(server.url(), i));
  for (const HttpResponse& response : wait_for(*client, 30))
    EXPECT_EQ(response.end, TransferEnd::Done) << response.message;
  EXPECT_LE(server.connections(), 3U);
}

TEST(HttpClient, FollowsRedirectsAndReportsTheLastAnswerOnly) {
  ScriptedServer server([](Connection& connection) {
    while (const auto request = connection.read_request()) {
      const std::string target = target_of(*request);
      if (target == "/a")
        connection.send(answer("moved", "Location: /b\r\nRetry-After: 5\r\n", "301 Moved"));
      else if (target == "/b")
        connection.send(answer("moved", "Location: /c\r\nContent-Encoding: br\r\n", "302 Found"));
      else
        connection.send(answer("here"));
    }
  });
  const HttpResponse response = fetch(*make_client(), server.url("/a"));
  EXPECT_EQ(response.end, TransferEnd::Done) << response.message;
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "here");
  EXPECT_EQ(response.retry_after, std::nullopt);
  EXPECT_EQ(response.wire_bytes, 4U);
}

TEST(HttpClient, DoesNotCarryCredentialsToAnotherHost) {
  ScriptedServer other(always(answer("elsewhere")));
  ScriptedServer server(always(answer("", "Location: " + other.url() + "\r\n", "302 Found")));
  HttpRequest request = get(server.url());
  request.headers = {"Authorization: Bearer abc", "Cookie: session=1"};
  EXPECT_EQ(fetch(*make_client(), request).body, "elsewhere");
  ASSERT_EQ(server.requests().size(), 1U);
  EXPECT_THAT(server.requests()[0], HasSubstr("Authorization: Bearer abc"));
  ASSERT_EQ(other.requests().size(), 1U);
  EXPECT_THAT(other.requests()[0], Not(HasSubstr("abc")));
  EXPECT_THAT(other.requests()[0], Not(HasSubstr("session")));
}

TEST(HttpClient, AbortAllReportsNothingAndLeavesTheClientUsable) {
  Gate arrived;
  ScriptedServer server([&](Connection& connection) {
    while (const auto request = connection.read_request()) {
      if (target_of(*request) == "/hang") {
        arrived.open();
        connection.wait_closed();
        return;
      }
      connection.send(answer("alive"));
    }
  });
  auto client = make_client();
  for (int i = 0; i < 5; ++i) client->start(get(server.url("/hang")));
  client->start(get("not a url"));
  while (server.requests().empty()) EXPECT_THAT(client->poll(Millis(50)).size(), testing::Le(1U));
  ASSERT_TRUE(arrived.wait());
  client->abort_all();
  EXPECT_EQ(client->in_flight(), 0U);
  EXPECT_THAT(client->poll(Millis(0)), IsEmpty());
  EXPECT_EQ(fetch(*client, server.url("/")).body, "alive");
}

TEST(HttpClient, WakeEndsAWaitingPollFromAnotherThread) {
  constexpr Millis kLong{60'000};
  auto client = make_client();
  const auto began = std::chrono::steady_clock::now();
  std::thread other([&] { client->wake(); });
  EXPECT_THAT(client->poll(kLong), IsEmpty());
  other.join();
  EXPECT_LT(std::chrono::steady_clock::now() - began, kLong) << "poll waited for its full time";
}

TEST(HttpClient, PollOfNoTimeOnlyLooks) {
  Gate finish;
  ScriptedServer server([&](Connection& connection) {
    connection.read_request();
    if (finish.wait()) connection.send(answer("late"));
    connection.wait_closed();
  });
  auto client = make_client();
  client->start(get(server.url()));
  EXPECT_THAT(client->poll(Millis(0)), IsEmpty());
  EXPECT_THAT(client->poll(Millis(-5)), IsEmpty());
  finish.open();
  EXPECT_EQ(wait_for(*client, 1).at(0).body, "late");
}

TEST(HttpClient, LeavesNoFileDescriptorsBehind) {
  const auto open_files = [] {
    const std::filesystem::directory_iterator files("/proc/self/fd");
    return std::distance(begin(files), end(files));
  };
  const auto before = open_files();
  {
    ScriptedServer server([](Connection& connection) {
      while (const auto request = connection.read_request())
        if (target_of(*request) == "/answer") connection.send(answer("x"));
    });
    auto client = make_client({.total_timeout = Millis(10'000)});
    for (int i = 0; i < 10; ++i) fetch(*client, server.url("/answer"));
    for (int i = 0; i < 10; ++i) client->start(get(server.url("/never")));
    while (server.requests().size() < 15) client->poll(Millis(20));
    for (int i = 0; i < 5; ++i) client->start(get(server.url("/not even begun")));
  }
  EXPECT_EQ(open_files(), before);
}

}  // namespace
}  // namespace oddsloom
