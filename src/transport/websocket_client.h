// One websocket to a server, used from one loop: start(), send(), poll() for what was heard, as
// HttpClient is. Stands between a listener (discover/socket_listener, discover/browser_listener)
// and the other side. Boost.Beast below, in this one file's .cpp; TLS always verified, name
// included; permessage-deflate is not offered. One connection at a time; after Closed, start() may
// be called again. A client belongs to the thread that uses it; only wake() may be called from
// another. It knows nothing of odds, nor of what is framed inside a message.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace oddsloom {

struct WebsocketConfig {
  std::string url{};                   // "wss://host[:port]/path?query" or "ws://.."
  std::vector<std::string> headers{};  // "Name: value" of the handshake: Origin, User-Agent, Cookie
  std::string ca_file{};  // PEM file of authorities to trust instead of the system's; "" = system
  std::string proxy{};    // "http://[user:password@]host:port" or a socks4, socks4a, socks5 or
                          // socks5h one; "" = none
  Millis connect_timeout{10'000};  // from start() to Opened: name, proxy, TLS and handshake
  Millis idle_timeout{30'000};     // nothing at all came: the server is pinged after half of it
  Millis close_timeout{2'000};     // for the other side's goodbye
  std::size_t most_message_bytes = 8U << 20U;  // a larger one ends the connection: TooLarge
  std::size_t most_waiting_messages = 1024;    // given to send() and not yet written
  std::size_t most_waiting_bytes = 8U << 20U;
};

// Why a connection is over.
enum class WebsocketEnd {
  Asked,          // close() was called
  ClosedByPeer,   // a close frame came; `close_code` says which
  Lost,           // reset, or the end of the stream without a goodbye
  Silent,         // nothing came within idle_timeout, not even an answer to a ping
  TooLarge,       // a message above most_message_bytes
  BrokenFrames,   // what came is not the websocket protocol, or text that is not UTF-8
  Refused,        // the handshake was answered, with something else: `status` and `body`
  ResolveFailed,  // before Opened, from here on
  ConnectFailed,
  ProxyFailed,
  TlsFailed,  // certificate not trusted, wrong name, handshake failed
  TimedOut,   // not open within connect_timeout
};
std::string_view to_string(WebsocketEnd end);

struct WebsocketEvent {
  enum class Kind { Opened, Text, Binary, Closed };
  Kind kind = Kind::Text;
  UtcMillis at;      // when it was heard
  std::string text;  // of Text and Binary: one whole message
  // Of Closed:
  WebsocketEnd end = WebsocketEnd::Lost;
  std::string message;           // for people; the host, never the query, which may hold a secret
  int status = 0;                // Refused: HTTP status
  std::string body;              // Refused: the beginning of the answer, at most 16 KB
  std::uint16_t close_code = 0;  // ClosedByPeer; 1005 = none was given
};

// Whether a client could begin with it. Errors: Invalid (a URL, header or proxy that cannot be
// used; an https:// proxy is one).
Result<void> check_websocket(const WebsocketConfig& config);

class WebsocketClient {
 public:
  explicit WebsocketClient(Clock clock = system_clock());
  ~WebsocketClient();  // cuts the connection
  WebsocketClient(const WebsocketClient&) = delete;
  WebsocketClient& operator=(const WebsocketClient&) = delete;

  // Begins to connect; poll() tells Opened or Closed. Errors: Invalid (a URL, header, proxy or CA
  // file that cannot be used), Conflict (there is a connection already).
  Result<void> start(WebsocketConfig config);

  // Queues one text message. Errors: Unavailable (not open), Busy (as many wait as may).
  Result<void> send(std::string text);

  // What was heard since the last call, in order. Waits at most `wait` for the first of it, less if
  // wake() is called; 0 = only look. Gives a bounded number at once; the rest waits in the socket,
  // and so with the sender.
  std::vector<WebsocketEvent> poll(Millis wait);

  // Says goodbye; Closed comes from poll(), within close_timeout. Nothing without a connection.
  void close();

  // From start() until Closed was given by poll().
  bool active() const;

  // Ends a waiting poll() early. Any thread.
  void wake();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace oddsloom
