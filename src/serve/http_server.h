// The HTTP server that clients see: accepts connections, reads requests, asks the handler, writes
// answers, and feeds subscribers (server-sent events, websockets). HTTP/1.1, TLS where there is a
// certificate. Everything, the handler and subscribers too, happens on the one thread that calls
// run(); what is said of other threads at post() and urls() holds for those alone.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "serve/cors.h"
#include "serve/http.h"
#include "serve/serve_metrics.h"

namespace oddsloom {

class KeyGate;

// Has the job done on another thread and what it returns said on the I/O thread; false: too many
// jobs wait already. For answers that take time (HttpAnswer::later).
using RunLater =
    std::function<bool(std::function<WebResponse()> job, std::function<void(WebResponse)> done)>;

struct HttpServerConfig {
  std::vector<std::string> listen{"127.0.0.1:8090"};  // "[::1]:8090"; port 0: any free one
  std::string tls_certificate, tls_key;               // PEM files, both or none
  Cors cors;
  bool access_log = false;
  // Paths that are answered without a key where keys are wanted.
  std::function<bool(const std::string& path)> is_open = [](const std::string& path) {
    return path == "/healthz" || path == "/errors";
  };

  double client_rate = 100;  // requests a second of one address without a key
  std::size_t most_connections = 4096, most_connections_per_client = 256;
  std::size_t most_subscribers = 2000;
  std::size_t most_head = 16'384, most_target = 8'192, most_body = 8'192;  // bytes of a request
  std::size_t most_message = 65'536;                                       // bytes, websocket
  Millis head_time{10'000};   // for a TLS handshake, for a request to arrive whole
  Millis idle_time{60'000};   // between requests
  Millis slow_after{10'000};  // a client that takes less than 16 KB in this time is let go
  Millis ping_every{20'000};  // subscribers to whom nothing was sent for so long are pinged
  Millis stop_grace{1'500};
  RunLater run_later{};       // empty: answers that take time are refused
  Millis later_time{30'000};  // after which such an answer is not waited for any longer
};

class HttpServer {
 public:
  // Listens from now on; serves as soon as somebody calls run(). `keys`: wanted from clients;
  // nullptr = none are. What is handed in by reference outlives the server.
  // Errors: Invalid (an address, a certificate), Unavailable (taken).
  static Result<std::unique_ptr<HttpServer>> start(HttpServerConfig config, HttpHandler handler,
                                                   ServeMetrics& metrics, KeyGate* keys = nullptr);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // "http://127.0.0.1:8090", one per address, with the real ports. Any thread.
  std::vector<std::string> urls() const;

  // Has the job done on the I/O thread, soon; dropped after run(). Any thread. How what another
  // thread knows (a new board) gets to subscribers.
  void post(std::function<void()> job);
  // Has it done again and again on the I/O thread. Called before run().
  void every(Millis span, std::function<void()> job);

  // Serves until a stop is asked for; then accepts no more, finishes what is under way, tells
  // subscribers, and returns when all have gone or `stop_grace` is over.
  Result<void> run(const std::stop_token& stop);

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace oddsloom
