// A loopback websocket server for tests, plain or with TLS: every connection runs the test's script
// on a thread of its own, after the handshake. Real sockets and a real protocol on both sides. Its
// functions may be called from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tests/transport/tls_server.h"

namespace oddsloom {

class WebsocketPeer {
 public:
  virtual ~WebsocketPeer() = default;
  virtual std::string target() const = 0;
  virtual std::string tunnel() const = 0;  // the host of a CONNECT before it, "" = none
  virtual std::string header(const std::string& name) const = 0;  // of the handshake
  virtual std::optional<std::string> read() = 0;                  // nothing when the client is gone
  virtual bool send(const std::string& text) = 0;
  virtual bool send_binary(const std::string& bytes) = 0;
  virtual bool ping() = 0;
  virtual void close(std::uint16_t code, const std::string& reason) = 0;
  virtual bool send_raw(const std::string& bytes) = 0;  // below the websocket's framing
  virtual void cut() = 0;                               // the TCP connection, without a goodbye
};

class WebsocketServer {
 public:
  using Script = std::function<void(WebsocketPeer&)>;
  explicit WebsocketServer(Script script,
                           const std::optional<Certificates::Pair>& tls = std::nullopt);
  ~WebsocketServer();  // cuts all connections and waits for their scripts
  WebsocketServer(const WebsocketServer&) = delete;
  WebsocketServer& operator=(const WebsocketServer&) = delete;
  std::uint16_t port() const;
  std::string url(const std::string& path = "/", const std::string& host = "127.0.0.1") const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace oddsloom
