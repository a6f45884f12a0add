// Server-sent events and websockets, against clients that are not ours: a raw socket and Beast's
// websocket client.
#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
// As in src/serve/http_session.cpp: Asio's fences, on one thread.
#pragma GCC diagnostic ignored "-Wtsan"
#endif

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();  // g++ has no header for it
#endif

#include "serve/room.h"
#include "support/http_wire.h"
#include "support/wait_until.h"

namespace oddsloom {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using test::get;
using test::RawClient;
using test::request;
using test::Room;
using test::ServerUnderTest;
using test::wait_until;
using testing::HasSubstr;

// Blocking; one per test.
class WebsocketClient {
 public:
  explicit WebsocketClient(std::uint16_t port, const std::string& origin = "") {
    socket_.next_layer().connect({asio::ip::address_v4::loopback(), port});
    const timeval patience{20, 0};
    setsockopt(socket_.next_layer().native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience,
               sizeof patience);
    if (!origin.empty())
      socket_.set_option(websocket::stream_base::decorator(
          [origin](websocket::request_type& ask) { ask.set(beast::http::field::origin, origin); }));
    socket_.handshake("127.0.0.1:" + std::to_string(port), "/feed");
  }
  std::string read() {
    beast::flat_buffer buffer;
    boost::system::error_code error;
    socket_.read(buffer, error);
    if (error) return "error: " + error.message();
    return beast::buffers_to_string(buffer.data());
  }
  websocket::stream<asio::ip::tcp::socket>& socket() { return socket_; }
  asio::ip::tcp::socket& raw() { return socket_.next_layer(); }

 private:
  asio::io_context io_;
  websocket::stream<asio::ip::tcp::socket> socket_{io_};
};

// A client's frame, masked with zeros.
std::string frame(int first_byte, const std::string& payload) {
  std::string out(1, static_cast<char>(first_byte));
  if (payload.size() < 126) {
    out += static_cast<char>(0x80 | payload.size());
  } else {
    out += static_cast<char>(0x80 | 126);
    out += static_cast<char>(payload.size() >> 8U);
    out += static_cast<char>(payload.size() & 0xFFU);
  }
  return out + std::string(4, '\0') + payload;
}

const std::string kHandshake =
    "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

struct Served {
  Room room;
  ServerUnderTest server;
  explicit Served(HttpServerConfig config = {}) : server(room.handler(), std::move(config)) {}
  // Says it on the I/O thread.
  void say(const std::string& text) {
    server.server->post([this, text] { room.say(text); });
  }
};

TEST(EventStream, EveryoneGetsWhatIsSaid) {
  Served served;
  RawClient one(served.server.port()), two(served.server.port());
  one.send(request("/feed"));
  two.send(request("/feed"));
  const std::string head = one.read_until("\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("Content-Type: text/event-stream"));
  EXPECT_THAT(head, HasSubstr("Cache-Control: no-cache, no-transform"));
  EXPECT_THAT(head, HasSubstr("X-Accel-Buffering: no"));
  two.read_until("\r\n\r\n");
  ASSERT_TRUE(wait_until([&] { return served.room.size() == 2; }));
  for (const std::string word : {"first", "second"}) {
    served.say(word);
    EXPECT_EQ(one.read_until("\n\n"), "data: " + word + "\n\n");
    EXPECT_EQ(two.read_until("\n\n"), "data: " + word + "\n\n");
  }
  EXPECT_EQ(served.server.metrics.event_streams.value(), 2);
}

TEST(EventStream, AClientThatGoesIsForgotten) {
  Served served;
  {
    RawClient client(served.server.port());
    client.send(request("/feed"));
    client.read_until("\r\n\r\n");
    ASSERT_TRUE(wait_until([&] { return served.room.size() == 1; }));
  }
  EXPECT_TRUE(wait_until([&] { return served.room.size() == 0; }));
  EXPECT_TRUE(wait_until([&] { return served.server.metrics.open_connections.value() == 0; }));
}

TEST(EventStream, AHeadRequestGetsTheHeadAlone) {
  Served served;
  RawClient client(served.server.port());
  client.send(request("/feed", "", "HEAD"));
  EXPECT_THAT(client.read_to_end(), testing::EndsWith("\r\n\r\n"));
}

TEST(EventStream, QuietOnesArePinged) {
  HttpServerConfig config;
  config.ping_every = Millis(100);
  Served served(config);
  RawClient client(served.server.port());
  client.send(request("/feed"));
  client.read_until("\r\n\r\n");
  EXPECT_EQ(client.read_until(":\n\n"), ":\n\n");
}

TEST(EventStream, EndsWhenTheSubscriberDoes) {
  Served served;
  RawClient client(served.server.port());
  client.send(request("/feed"));
  client.read_until("\r\n\r\n");
  served.server.server->post([&] { served.room.end("enough"); });
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(EventStream, SubscribersAreLimited) {
  HttpServerConfig config;
  config.most_subscribers = 1;
  Served served(config);
  RawClient first(served.server.port());
  first.send(request("/feed"));
  first.read_until("\r\n\r\n");
  const auto refused = get(served.server.port(), "/feed");
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.header("retry-after"), "");
  EXPECT_EQ(served.server.rejected(Rejection::FeedClients), 1U);
  ASSERT_TRUE(wait_until([&] { return served.room.size() == 1; }));
}

TEST(Websocket, SpeaksWithBeastsClient) {
  Served served;
  WebsocketClient client(served.server.port());
  for (const std::size_t size : {1U, 125U, 126U, 65'000U}) {
    const std::string text(size, 'x');
    client.socket().write(asio::buffer(text));
    EXPECT_EQ(client.read(), "heard " + text);
  }
  served.say(std::string(200'000, 'y'));
  EXPECT_EQ(client.read(), std::string(200'000, 'y'));
  // In fragments, with a ping between them.
  client.socket().auto_fragment(false);
  client.socket().write_some(false, asio::buffer("in ", 3));
  client.socket().ping("are you there");
  client.socket().write_some(true, asio::buffer("pieces", 6));
  EXPECT_EQ(client.read(), "heard in pieces");
  EXPECT_EQ(served.server.metrics.websockets.value(), 1);
  boost::system::error_code error;
  client.socket().close(websocket::close_code::normal, error);
  EXPECT_FALSE(error) << error.message();
  EXPECT_TRUE(wait_until([&] { return served.room.size() == 0; }));
}

TEST(Websocket, TheAcceptKeyIsThatOfTheRfc) {
  Served served;
  RawClient client(served.server.port());
  client.send(request("/feed", kHandshake));
  const std::string head = client.read_until("\r\n\r\n");
  EXPECT_THAT(head, testing::StartsWith("HTTP/1.1 101 "));
  EXPECT_THAT(head, HasSubstr("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
}

TEST(Websocket, AHandshakeThatIsNotWholeIsRefused) {
  Served served;
  const auto status = [&](const std::string& headers) {
    return get(served.server.port(), "/feed", headers).status;
  };
  EXPECT_EQ(status("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"),
            400);
  EXPECT_EQ(status("Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                   "dGhlIHNhbXBsZSBub25jZQ==\r\n"),
            400);
  const auto old = get(served.server.port(), "/feed",
                       "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
  EXPECT_EQ(old.status, 426);
  EXPECT_EQ(old.header("sec-websocket-version"), "13");
}

TEST(Websocket, PagesOfOtherOriginsMayNotOpenOne) {
  Served served;
  EXPECT_EQ(
      get(served.server.port(), "/feed", kHandshake + "Origin: https://evil.example\r\n").status,
      403);
  RawClient own(served.server.port());
  own.send(request("/feed", kHandshake + "Origin: http://127.0.0.1\r\n"));
  EXPECT_THAT(own.read_until("\r\n"), HasSubstr("101"));
  HttpServerConfig config;
  config.cors.origins = {"https://odds.example"};
  Served open(config);
  WebsocketClient client(open.server.port(), "https://odds.example");
  client.socket().write(asio::buffer("x", 1));
  EXPECT_EQ(client.read(), "heard x");
}

struct Wrong {
  std::string sent;
  int code;
};

TEST(Websocket, WhatIsAgainstTheProtocolEndsItWithTheRightCode) {
  HttpServerConfig config;
  config.most_message = 1000;
  Served served(config);
  const std::string plain("\x81\x01x", 3);
  for (const Wrong& wrong : {
           Wrong{plain, 1002},                                // not masked
           Wrong{frame(0xC1, "x"), 1002},                     // reserved bit
           Wrong{frame(0x83, "x"), 1002},                     // unknown kind
           Wrong{frame(0x80, "x"), 1002},                     // continues nothing
           Wrong{frame(0x01, "x") + frame(0x81, "y"), 1002},  // begins within another
           Wrong{frame(0x09, "x"), 1002},                     // a ping in pieces
           Wrong{frame(0x89, std::string(126, 'x')), 1002},   // a ping too long
           Wrong{frame(0x88, "x"), 1002},                     // half a code
           Wrong{frame(0x88, "\x03\xED"), 1002},              // 1005 is never sent
           Wrong{frame(0x81, "\xFF"), 1007},                  // not UTF-8
           Wrong{frame(0x81, std::string(1001, 'x')), 1009},  // too long
           Wrong{frame(0x01, std::string(600, 'x')) + frame(0x80, std::string(600, 'x')), 1009},
       }) {
    RawClient client(served.server.port());
    client.send(request("/feed", kHandshake));
    client.read_until("\r\n\r\n");
    client.send(wrong.sent);
    const std::string said = client.read_to_end();
    ASSERT_GE(said.size(), 4U);
    EXPECT_EQ(static_cast<unsigned char>(said[0]), 0x88);
    EXPECT_EQ(static_cast<unsigned char>(said[2]) * 256 + static_cast<unsigned char>(said[3]),
              wrong.code);
  }
}

TEST(Websocket, OneThatDoesNotAnswerPingsIsLetGo) {
  HttpServerConfig config;
  config.ping_every = Millis(100);
  Served served(config);
  RawClient client(served.server.port());
  client.send(request("/feed", kHandshake));
  client.read_until("\r\n\r\n");
  const std::string pings = client.read_to_end();
  EXPECT_THAT(pings, testing::StartsWith(std::string("\x89\x00", 2)));
  EXPECT_TRUE(wait_until([&] { return served.room.size() == 0; }));
}

TEST(Websocket, OneThatTalksTooMuchIsLetGo) {
  Served served;
  RawClient client(served.server.port());
  client.send(request("/feed", kHandshake));
  client.read_until("\r\n\r\n");
  std::string much;
  for (int i = 0; i < 2000; ++i) much += frame(0x81, "x");
  client.send(much);
  EXPECT_THAT(client.read_to_end(), HasSubstr("too many messages"));
}

// What is allocated now; the size of the process would tell what ASan keeps back of what is freed.
std::size_t allocated() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return __sanitizer_get_current_allocated_bytes();
#else
  return mallinfo2().uordblks;
#endif
}

TEST(Subscribers, AHundredThatStopReadingAreDroppedAndCostNoMemory) {
  HttpServerConfig config;
  config.slow_after = Millis(500);
  Served served(config);
  std::vector<RawClient> sleepers;
  for (int i = 0; i < 100; ++i) {
    sleepers.emplace_back(served.server.port());
    sleepers.back().little_window();
    sleepers.back().send(request("/feed", i % 2 == 0 ? "" : kHandshake));
  }
  RawClient reader(served.server.port());
  reader.send(request("/feed"));
  reader.read_until("\r\n\r\n");
  ASSERT_TRUE(wait_until([&] { return served.room.size() == 101; }));
  const std::size_t before = allocated();
  int said = 0;
  const std::string word(60'000, 'w');
  ASSERT_TRUE(wait_until([&] {
    served.say(word + std::to_string(said));
    const std::string heard = reader.read_until("\n\n");
    EXPECT_THAT(heard, testing::EndsWith("w" + std::to_string(said) + "\n\n"));
    ++said;
    return served.room.size() == 1;
  }));
  EXPECT_GE(served.server.metrics.dropped_slow.value(), 100U);
  EXPECT_GT(said, 10);
  // What was said would be 6 MB a word if it were kept for each.
  EXPECT_LT(allocated(), before + (16U << 20U));
}

TEST(Subscribers, AnAnswerThatIsNotReadIsDropped) {
  HttpServerConfig config;
  config.slow_after = Millis(300);
  const auto large = std::make_shared<const std::string>(8 << 20, 'x');
  ServerUnderTest server(
      [&](const WebRequest&, Transport, const std::function<void()>&) {
        HttpAnswer out;
        out.response.body = large;
        return out;
      },
      config);
  std::vector<RawClient> sleepers;
  for (int i = 0; i < 100; ++i) {
    sleepers.emplace_back(server.port());
    sleepers.back().little_window();
    sleepers.back().send(request("/"));
  }
  EXPECT_TRUE(wait_until([&] { return server.metrics.dropped_slow.value() == 100; }));
  EXPECT_TRUE(wait_until([&] { return server.metrics.open_connections.value() == 0; }));
  EXPECT_TRUE(wait_until([&] { return large.use_count() == 1; }));
  RawClient reader(server.port());
  reader.send(request("/"));
  EXPECT_EQ(reader.answer().body.size(), large->size());
}

TEST(Drain, AnswersUnderWayAreFinishedSubscribersToldAndNothingIsBegun) {
  Room room;
  HttpServerConfig config;
  config.stop_grace = Millis(20'000);
  const auto large = std::make_shared<const std::string>(16 << 20, 'x');
  const HttpHandler feed = room.handler();
  ServerUnderTest server(
      [&](const WebRequest& asked, Transport transport, std::function<void()> wake) {
        if (asked.path != "/large") return feed(asked, transport, std::move(wake));
        HttpAnswer out;
        out.response.body = large;
        return out;
      },
      config);
  RawClient idle(server.port()), half(server.port()), busy(server.port()), stream(server.port());
  idle.send(request("/x"));
  idle.answer();
  stream.send(request("/feed"));
  stream.read_until("\r\n\r\n");
  WebsocketClient socket(server.port());
  busy.send(request("/large"));
  const std::string head = busy.read_until("\r\n\r\n");
  half.send("GET /half HTTP/1.1\r\n");
  ASSERT_TRUE(wait_until([&] { return room.size() == 2; }));
  ASSERT_TRUE(wait_until([&] { return server.metrics.open_connections.value() == 5; }));
  // All have been heard of when the loop has turned since.
  std::atomic<bool> turned{false};
  ASSERT_TRUE(wait_until([&] {
    server.server->post([&] { turned = true; });
    return turned.load();
  }));

  server.ask_to_stop();
  EXPECT_TRUE(idle.at_end());
  EXPECT_EQ(stream.read_to_end(), "");
  EXPECT_THAT(socket.read(), HasSubstr("error"));
  EXPECT_EQ(socket.socket().reason().code, websocket::close_code::going_away);
  socket.raw().close();
  half.send("Host: x\r\n\r\n");
  const auto last = half.answer();
  EXPECT_EQ(last.body, "/half\n");
  EXPECT_EQ(last.header("connection"), "close");
  EXPECT_EQ(busy.read_to_end().size(), large->size());
  EXPECT_THROW(RawClient(server.port()), std::runtime_error);
  server.stop();
  EXPECT_EQ(room.size(), 0U);
}

TEST(Drain, IsBounded) {
  HttpServerConfig config;
  config.stop_grace = Millis(200);
  Served served(config);
  RawClient never(served.server.port());
  never.send("GET / HT");
  ASSERT_TRUE(wait_until([&] { return served.server.metrics.open_connections.value() == 1; }));
  served.server.stop();  // or the test does not end
  EXPECT_EQ(served.server.metrics.open_connections.value(), 0);
}

}  // namespace
}  // namespace oddsloom
