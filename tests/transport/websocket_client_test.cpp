// The websocket client against a real server: what is heard and said, and each way in which a
// connection ends.
#include "transport/websocket_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "base/text.h"
#include "tests/transport/scripted_server.h"
#include "tests/transport/socks_server.h"
#include "tests/transport/websocket_server.h"
#include "transport/websocket_address.h"

namespace oddsloom {
namespace {

using testing::HasSubstr;
using testing::Not;
using Kind = WebsocketEvent::Kind;

constexpr std::chrono::seconds kDeadline{20};

// The next event, or a Closed of kind Asked with a failure when none comes.
class Heard {
 public:
  explicit Heard(WebsocketClient& client) : client_(client) {}
  WebsocketEvent next() {
    const auto until = std::chrono::steady_clock::now() + kDeadline;
    while (at_ == events_.size() && std::chrono::steady_clock::now() < until) {
      events_ = client_.poll(Millis(200));
      at_ = 0;
    }
    if (at_ < events_.size()) return events_[at_++];
    ADD_FAILURE() << "nothing was heard in time";
    WebsocketEvent none;
    none.kind = Kind::Closed;
    none.end = WebsocketEnd::Asked;
    return none;
  }

 private:
  WebsocketClient& client_;
  std::vector<WebsocketEvent> events_;
  std::size_t at_ = 0;
};

void echo(WebsocketPeer& peer) {
  while (const auto text = peer.read())
    if (!peer.send(*text)) return;
}

WebsocketEvent end_of(WebsocketConfig config) {
  WebsocketClient client;
  EXPECT_TRUE(client.start(std::move(config)));
  Heard heard(client);
  WebsocketEvent event;
  do event = heard.next();
  while (event.kind != Kind::Closed);
  EXPECT_FALSE(client.active());
  return event;
}

TEST(WebsocketClient, HearsWhatItSaysAndSendsTheHeadersItWasGiven) {
  std::string origin, target;
  WebsocketServer server([&](WebsocketPeer& peer) {
    origin = peer.header("Origin");
    target = peer.target();
    echo(peer);
  });
  WebsocketClient client;
  ASSERT_TRUE(client.start(
      {.url = server.url("/feed?EIO=3"), .headers = {"Origin: https://www.example.com"}}));
  Heard heard(client);
  ASSERT_EQ(heard.next().kind, Kind::Opened);
  const std::string long_text(100'000, 'x');
  ASSERT_TRUE(client.send("one"));
  ASSERT_TRUE(client.send(long_text));
  ASSERT_TRUE(client.send(""));
  EXPECT_EQ(heard.next().text, "one");
  EXPECT_EQ(heard.next().text, long_text);
  const WebsocketEvent empty = heard.next();
  EXPECT_EQ(empty.kind, Kind::Text);
  EXPECT_EQ(empty.text, "");
  client.close();
  const WebsocketEvent closed = heard.next();
  EXPECT_EQ(closed.kind, Kind::Closed);
  EXPECT_EQ(closed.end, WebsocketEnd::Asked);
  EXPECT_FALSE(client.active());
  EXPECT_EQ(origin, "https://www.example.com");
  EXPECT_EQ(target, "/feed?EIO=3");
}

TEST(WebsocketClient, BinaryIsToldFromText) {
  WebsocketServer server([](WebsocketPeer& peer) {
    peer.send_binary(std::string("\0\x80\xFF", 3));
    peer.read();
  });
  WebsocketClient client;
  ASSERT_TRUE(client.start({.url = server.url()}));
  Heard heard(client);
  ASSERT_EQ(heard.next().kind, Kind::Opened);
  const WebsocketEvent event = heard.next();
  EXPECT_EQ(event.kind, Kind::Binary);
  EXPECT_EQ(event.text, std::string("\0\x80\xFF", 3));
}

TEST(WebsocketClient, ManyShortMessagesComeInOrderAndInBoundedPortions) {
  constexpr int kMany = 20'000;
  WebsocketServer server([](WebsocketPeer& peer) {
    for (int i = 0; i < kMany; ++i)
      if (!peer.send(std::to_string(i))) return;
    peer.read();
  });
  WebsocketClient client;
  ASSERT_TRUE(client.start({.url = server.url()}));
  int expected = 0;
  std::size_t most = 0;
  const auto until = std::chrono::steady_clock::now() + kDeadline;
  while (expected < kMany && std::chrono::steady_clock::now() < until) {
    const auto events = client.poll(Millis(200));
    most = std::max(most, events.size());
    for (const WebsocketEvent& event : events) {
      if (event.kind != Kind::Text) continue;
      ASSERT_EQ(event.text, std::to_string(expected++));
    }
  }
  EXPECT_EQ(expected, kMany);
  EXPECT_LE(most, 513U);
}

TEST(WebsocketClient, AGoodbyeTellsItsCodeAndReason) {
  WebsocketServer server([](WebsocketPeer& peer) { peer.close(4001, "session expired"); });
  const WebsocketEvent end = end_of({.url = server.url("/?token=secret")});
  EXPECT_EQ(end.end, WebsocketEnd::ClosedByPeer);
  EXPECT_EQ(end.close_code, 4001);
  EXPECT_THAT(end.message, HasSubstr("session expired"));
  EXPECT_THAT(end.message, Not(HasSubstr("secret")));
}

TEST(WebsocketClient, ACutConnectionIsLost) {
  WebsocketServer server([](WebsocketPeer& peer) {
    peer.send("half a");
    peer.cut();
  });
  EXPECT_EQ(end_of({.url = server.url()}).end, WebsocketEnd::Lost);
}

TEST(WebsocketClient, AMessageAboveTheLimitEndsTheConnection) {
  WebsocketServer server([](WebsocketPeer& peer) {
    peer.send(std::string(5000, 'x'));
    peer.read();
  });
  const WebsocketEvent end = end_of({.url = server.url(), .most_message_bytes = 4096});
  EXPECT_EQ(end.end, WebsocketEnd::TooLarge);
  EXPECT_THAT(end.message, HasSubstr("4096"));
}

TEST(WebsocketClient, WhatIsNotTheProtocolEndsTheConnection) {
  for (const std::string& bytes : {std::string("\xF1\0", 2), std::string("\x81\x01\xFF", 3)}) {
    WebsocketServer server([&](WebsocketPeer& peer) {
      peer.send_raw(bytes);
      peer.read();
    });
    EXPECT_EQ(end_of({.url = server.url()}).end, WebsocketEnd::BrokenFrames);
  }
}

TEST(WebsocketClient, APeerThatNeitherSpeaksNorAnswersPingsIsSilent) {
  Gate over;
  WebsocketServer server([&](WebsocketPeer&) { over.wait(); });  // never reads: no pong
  const WebsocketEvent end = end_of({.url = server.url(), .idle_timeout = Millis(200)});
  over.open();
  EXPECT_EQ(end.end, WebsocketEnd::Silent);
}

TEST(WebsocketClient, APeerThatOnlyAnswersPingsIsNotSilent) {
  WebsocketServer server([](WebsocketPeer& peer) { peer.read(); });  // reading answers pings
  WebsocketClient client;
  ASSERT_TRUE(client.start({.url = server.url(), .idle_timeout = Millis(200)}));
  Heard heard(client);
  ASSERT_EQ(heard.next().kind, Kind::Opened);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  while (std::chrono::steady_clock::now() < until) EXPECT_TRUE(client.poll(Millis(50)).empty());
  EXPECT_TRUE(client.active());
}

TEST(WebsocketClient, AHandshakeAnsweredOtherwiseIsRefusedWithStatusAndBody) {
  ScriptedServer server(always(
      answer("<html>Challenge Validation</html>", "Content-Type: text/html\r\n", "403 Forbidden")));
  const WebsocketEvent end =
      end_of({.url = "ws://127.0.0.1:" + std::to_string(server.port()) + "/"});
  EXPECT_EQ(end.end, WebsocketEnd::Refused);
  EXPECT_EQ(end.status, 403);
  EXPECT_THAT(end.body, HasSubstr("Challenge Validation"));
}

TEST(WebsocketClient, NobodyListeningIsAFailureToConnect) {
  const std::string url = "ws://127.0.0.1:" + std::to_string(closed_port()) + "/";
  EXPECT_EQ(end_of({.url = url}).end, WebsocketEnd::ConnectFailed);
}

TEST(WebsocketClient, ANameThatDoesNotExistIsAFailureToResolve) {
  EXPECT_EQ(end_of({.url = "ws://no-such-host.invalid/"}).end, WebsocketEnd::ResolveFailed);
}

TEST(WebsocketClient, AServerThatTakesTheConnectionAndSaysNothingTimesOut) {
  ScriptedServer server([](ScriptedServer::Connection& connection) { connection.wait_closed(); });
  const std::string url = "ws://127.0.0.1:" + std::to_string(server.port()) + "/";
  EXPECT_EQ(end_of({.url = url, .connect_timeout = Millis(200)}).end, WebsocketEnd::TimedOut);
}

TEST(WebsocketClient, APeerThatDoesNotSayGoodbyeIsLeftAfterAWhile) {
  Gate over;
  WebsocketServer server([&](WebsocketPeer&) { over.wait(); });
  WebsocketClient client;
  ASSERT_TRUE(client.start({.url = server.url(), .close_timeout = Millis(100)}));
  Heard heard(client);
  ASSERT_EQ(heard.next().kind, Kind::Opened);
  client.close();
  EXPECT_EQ(heard.next().end, WebsocketEnd::Asked);
  over.open();
}

TEST(WebsocketClient, WhatWaitsToBeSentIsBounded) {
  Gate over;
  WebsocketServer server([&](WebsocketPeer&) { over.wait(); });  // reads nothing
  WebsocketClient client;
  ASSERT_TRUE(client.start({.url = server.url(), .most_waiting_messages = 10}));
  Heard heard(client);
  ASSERT_EQ(heard.next().kind, Kind::Opened);
  int taken = 0;
  while (taken < 100 && client.send("x")) ++taken;
  EXPECT_EQ(taken, 10);
  EXPECT_EQ(client.send("x").error().kind, ErrorKind::Busy);
  over.open();
}

TEST(WebsocketClient, OneClientConnectsAgainAndAgain) {
  WebsocketServer server(echo);
  WebsocketClient client;
  EXPECT_EQ(client.send("x").error().kind, ErrorKind::Unavailable);
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(client.start({.url = server.url()}));
    EXPECT_EQ(client.start({.url = server.url()}).error().kind, ErrorKind::Conflict);
    Heard heard(client);
    ASSERT_EQ(heard.next().kind, Kind::Opened);
    ASSERT_TRUE(client.send(std::to_string(round)));
    EXPECT_EQ(heard.next().text, std::to_string(round));
    client.close();
    EXPECT_EQ(heard.next().end, WebsocketEnd::Asked);
  }
}

TEST(WebsocketClient, AnotherThreadEndsTheWaiting) {
  WebsocketClient client;
  std::thread waker([&] { client.wake(); });
  EXPECT_TRUE(client.poll(Millis(20'000)).empty());  // with nothing to wake it the test would hang
  waker.join();
}

TEST(WebsocketClient, GoesThroughAProxy) {
  std::promise<std::pair<std::string, std::string>> asked;  // of the proxy, and of the site
  WebsocketServer server([&](WebsocketPeer& peer) {
    asked.set_value({peer.tunnel(), peer.header("Host")});
    echo(peer);
  });
  WebsocketClient client;
  // A name that exists nowhere: only the proxy is asked for it.
  ASSERT_TRUE(client.start({.url = "ws://site.invalid/feed",
                            .proxy = "http://127.0.0.1:" + std::to_string(server.port())}));
  Heard heard(client);
  ASSERT_EQ(heard.next().kind, Kind::Opened);
  ASSERT_TRUE(client.send("hello"));
  EXPECT_EQ(heard.next().text, "hello");
  EXPECT_EQ(asked.get_future().get(),
            std::pair(std::string("site.invalid:80"), std::string("site.invalid")));
}

TEST(WebsocketClient, GoesThroughASocksProxy) {
  std::promise<std::string> asked;
  WebsocketServer server([&](WebsocketPeer& peer) {
    asked.set_value(peer.header("Host"));
    echo(peer);
  });
  SocksServer proxy(server.port(), "me", "pass word");
  WebsocketClient client;
  // A name that exists nowhere: only the proxy is asked for it.
  ASSERT_TRUE(client.start(
      {.url = "ws://site.invalid/feed",
       .proxy = "socks5h://me:pass%20word@127.0.0.1:" + std::to_string(proxy.port())}));
  Heard heard(client);
  ASSERT_EQ(heard.next().kind, Kind::Opened);
  const std::string long_one(300'000, 'x');
  for (const std::string& text : {std::string("hello"), long_one}) {
    ASSERT_TRUE(client.send(text));
    EXPECT_EQ(heard.next().text, text);
  }
  EXPECT_EQ(proxy.asked_for(), std::vector<std::string>{"site.invalid:80"});
  EXPECT_EQ(asked.get_future().get(), "site.invalid");
  client.close();
  EXPECT_EQ(heard.next().end, WebsocketEnd::Asked);
}

TEST(WebsocketClient, TlsThroughASocksProxyIsWithTheSite) {
  const Certificates certificates;
  WebsocketServer server(echo, certificates.issue("trusted"));
  SocksServer proxy(server.port());
  const std::string socks = "socks5://127.0.0.1:" + std::to_string(proxy.port());
  const std::string trusted = certificates.authority("trusted");
  WebsocketClient client;
  ASSERT_TRUE(client.start({.url = server.url(), .ca_file = trusted, .proxy = socks}));
  Heard heard(client);
  ASSERT_EQ(heard.next().kind, Kind::Opened);
  ASSERT_TRUE(client.send("hello"));
  EXPECT_EQ(heard.next().text, "hello");
  EXPECT_EQ(proxy.asked_for(),
            std::vector<std::string>{"127.0.0.1:" + std::to_string(server.port())});
  const WebsocketEvent end =
      end_of({.url = server.url(), .ca_file = certificates.authority("unknown"), .proxy = socks});
  EXPECT_EQ(end.end, WebsocketEnd::TlsFailed) << end.message;
}

TEST(WebsocketClient, ASocksProxyThatRefusesIsToldFromTheSite) {
  SocksServer nowhere(closed_port()), strict(closed_port(), "me", "secret");
  const auto through = [](const SocksServer& proxy, const std::string& user) {
    return end_of({.url = "ws://site.invalid/",
                   .proxy = "socks5h://" + user + "127.0.0.1:" + std::to_string(proxy.port())});
  };
  const WebsocketEvent end = through(nowhere, "");
  EXPECT_EQ(end.end, WebsocketEnd::ProxyFailed) << end.message;
  EXPECT_THAT(end.message, HasSubstr("site.invalid:80"));
  const WebsocketEvent refused = through(strict, "me:wrong@");
  EXPECT_EQ(refused.end, WebsocketEnd::ProxyFailed) << refused.message;
  EXPECT_EQ(refused.message.find("wrong"), std::string::npos) << refused.message;
  EXPECT_EQ(strict.refused(), 1U);
  const WebsocketEvent dead =
      end_of({.url = "ws://site.invalid/",
              .proxy = "socks5h://127.0.0.1:" + std::to_string(closed_port())});
  EXPECT_EQ(dead.end, WebsocketEnd::ProxyFailed) << dead.message;
}

TEST(WebsocketClient, AProxyThatSaysNothingIsGivenUp) {
  ScriptedServer silent([](ScriptedServer::Connection& connection) { connection.wait_closed(); });
  for (const char* scheme : {"socks5h", "http"}) {
    const WebsocketEvent end =
        end_of({.url = "ws://site.invalid/",
                .proxy = std::string(scheme) + "://127.0.0.1:" + std::to_string(silent.port()),
                .connect_timeout = Millis(200)});
    EXPECT_EQ(end.end, WebsocketEnd::TimedOut) << end.message;
  }
}

TEST(WebsocketClient, AProxyThatRefusesIsToldFromTheSite) {
  WebsocketServer server(echo);
  std::string asked;
  // A proxy that takes the request and refuses, which shows that nothing goes past it.
  ScriptedServer proxy([&](ScriptedServer::Connection& connection) {
    asked = connection.read_request().value_or("");
    connection.send("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
  });
  const WebsocketEvent end =
      end_of({.url = server.url(),
              .proxy = "http://me:pass%20word@127.0.0.1:" + std::to_string(proxy.port())});
  EXPECT_EQ(end.end, WebsocketEnd::ProxyFailed);
  EXPECT_THAT(end.message, HasSubstr("407"));
  EXPECT_THAT(asked, HasSubstr("CONNECT 127.0.0.1:" + std::to_string(server.port())));
  EXPECT_THAT(asked, HasSubstr("Basic bWU6cGFzcyB3b3Jk"));  // me:pass word
}

TEST(WebsocketClient, WhatCannotBeUsedIsSaidBeforeAnythingIsOpened) {
  WebsocketClient client;
  for (const char* url : {"http://a/", "ws://", "ws://host:0/", "ws://host:70000/", "ws://u:p@h/",
                          "ws://h/a b", "ws://h/\r\nX: y", "", "wss://[::1/"}) {
    const auto started = client.start({.url = url});
    ASSERT_FALSE(started) << url;
    EXPECT_EQ(started.error().kind, ErrorKind::Invalid) << url;
  }
  EXPECT_FALSE(client.start({.url = "ws://h/", .headers = {"no colon"}}));
  EXPECT_FALSE(client.start({.url = "ws://h/", .headers = {"A: b\r\nC: d"}}));
  for (const char* proxy :
       {"https://h:1", "ftp://h:1", "h:1", "http://h", "socks5://h", "nonsense"}) {
    const WebsocketConfig config{.url = "ws://h/", .proxy = proxy};
    ASSERT_FALSE(client.start(config)) << proxy;
    ASSERT_FALSE(check_websocket(config)) << proxy;
    EXPECT_THAT(check_websocket(config).error().text(), HasSubstr("http://")) << proxy;
  }
  for (const char* proxy : {"http://h:1", "socks4://h:1", "socks4a://h:1", "socks5://u:p@h:1"})
    EXPECT_TRUE(check_websocket({.url = "ws://h/", .proxy = proxy})) << proxy;
  EXPECT_FALSE(client.start({.url = "wss://h/", .ca_file = "/no/such/file.pem"}));
  EXPECT_FALSE(client.active());
}

TEST(WebsocketAddress, IsTakenApartAsItStands) {
  const auto address = parse_websocket_url("WSS://Feed.example:8443/a/../b?x=1&y=%20#z");
  ASSERT_TRUE(address) << address.error().text();
  EXPECT_TRUE(address->tls);
  EXPECT_TRUE(equals_ignore_case_ascii(address->host, "feed.example"));
  EXPECT_EQ(address->port, "8443");
  EXPECT_EQ(address->target, "/a/../b?x=1&y=%20");
  const auto six = parse_websocket_url("ws://[::1]?q");
  ASSERT_TRUE(six) << six.error().text();
  EXPECT_EQ(six->host, "::1");
  EXPECT_EQ(six->host_header, "[::1]");
  EXPECT_EQ(six->port, "80");
  EXPECT_EQ(six->target, "/?q");
}

class WebsocketClientTls : public testing::Test {
 protected:
  WebsocketEvent first(const WebsocketServer& server, const std::string& authority,
                       const std::string& host = "127.0.0.1") {
    WebsocketClient client;
    EXPECT_TRUE(client.start(
        {.url = server.url("/", host), .ca_file = certificates_.authority(authority)}));
    return Heard(client).next();
  }
  Certificates certificates_;
};

TEST_F(WebsocketClientTls, ATrustedServerWithTheRightNameIsSpokenTo) {
  WebsocketServer server(echo, certificates_.issue("trusted"));
  EXPECT_EQ(first(server, "trusted").kind, Kind::Opened);
  EXPECT_EQ(first(server, "trusted", "localhost").kind, Kind::Opened);
  WebsocketClient client;
  ASSERT_TRUE(client.start({.url = server.url(), .ca_file = certificates_.authority("trusted")}));
  Heard heard(client);
  ASSERT_EQ(heard.next().kind, Kind::Opened);
  ASSERT_TRUE(client.send("secretly"));
  EXPECT_EQ(heard.next().text, "secretly");
  client.close();
  EXPECT_EQ(heard.next().end, WebsocketEnd::Asked);
}

TEST_F(WebsocketClientTls, AnUnknownAuthorityIsNotTrusted) {
  WebsocketServer server(echo, certificates_.issue("unknown"));
  const WebsocketEvent event = first(server, "trusted");
  EXPECT_EQ(event.kind, Kind::Closed);
  EXPECT_EQ(event.end, WebsocketEnd::TlsFailed);
  EXPECT_THAT(event.message, HasSubstr("certificate"));
}

TEST_F(WebsocketClientTls, ACertificateForAnotherNameIsNotTrusted) {
  WebsocketServer server(echo, certificates_.issue("trusted", "DNS:other.example"));
  EXPECT_EQ(first(server, "trusted").end, WebsocketEnd::TlsFailed);
  EXPECT_EQ(first(server, "trusted", "localhost").end, WebsocketEnd::TlsFailed);
}

TEST_F(WebsocketClientTls, AServerWithoutTlsFailsTheHandshake) {
  ScriptedServer server([](ScriptedServer::Connection& connection) {
    connection.send(answer("hello"));
    connection.wait_closed();
  });
  const WebsocketEvent end =
      end_of({.url = "wss://127.0.0.1:" + std::to_string(server.port()) + "/",
              .connect_timeout = Millis(5'000)});
  EXPECT_EQ(end.end, WebsocketEnd::TlsFailed);
}

}  // namespace
}  // namespace oddsloom
