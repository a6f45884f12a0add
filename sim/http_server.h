// A small HTTP/1.1 server for the simulated sites: keep-alive, pipelining in order, gzip when
// asked, delays and the ways in which a connection can go wrong; websockets, if somebody speaks
// there. Listens on 127.0.0.1 only. Owns one thread, on which the handler is called; the functions
// here may be called from any thread.
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "sim/http.h"
#include "sim/socket.h"

namespace oddsloom::sim {

struct HttpServerConfig {
  std::uint16_t port = 0;  // 0: any free one
  bool gzip = true;        // for clients that accept it, bodies of 1 KB or more
  Millis latency{0};       // before every answer
  Millis jitter{0};        // up to this much more, repeatable by `seed`
  std::uint64_t seed = 1;
  std::size_t max_connections = 1024;  // further ones are closed at once
};

class HttpServer {
 public:
  // `speaker` outlives the server; null = no websockets. Errors: Unavailable when the port is
  // taken.
  static Result<std::unique_ptr<HttpServer>> start(HttpServerConfig config, Handler handler,
                                                   SocketSpeaker* speaker = nullptr);
  ~HttpServer();  // cuts the connections, joins the thread
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;

 private:
  struct Impl;  // keeps Beast out of everybody's compile time
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace oddsloom::sim
