// Many HTTP transfers at once on one thread: start() them, poll() for those that ended. Stands
// between a loop (extract/worker, discover/poller) and the bookmaker's site. libcurl's multi
// interface below; HTTP/1.1 and HTTP/2, TLS always verified, connections reused. A client belongs
// to the thread that uses it; only wake() may be called from another. It knows nothing of odds:
// what a body means is for bookmaker/ to say.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace oddsloom {

struct HttpClientConfig {
  Millis connect_timeout{5'000};
  Millis total_timeout{30'000};  // of one transfer, from start() to the last byte
  std::size_t most_connections_per_host = 50;
  std::size_t most_body_bytes =
      32U << 20U;  // after decoding; a larger body is TooLarge, whatever it claimed
  unsigned most_redirects = 5;
  std::string ca_file{};  // PEM file of authorities to trust instead of the system's; "" = system
  std::vector<std::string>
      proxies{};      // "http://user:pw@host:port", "socks5://.."; empty = none. Environment
                      // variables are not read here; app/ puts them in if the user wants them
  bool http2 = true;  // offer HTTP/2 over TLS; still one request at a time per connection
};

struct HttpRequest {
  std::uint64_t tag = 0;  // the caller's own; comes back with the response
  std::string method = "GET";
  std::string url;
  std::vector<std::string> headers;  // "Name: value"; Accept-Encoding is added by the client
  std::string body;                  // for POST
  unsigned attempt = 0;              // chooses the proxy: proxies[attempt % proxies.size()]
};

// How a transfer ended, seen from the wire. Done says only that a whole answer came, of whatever
// status.
enum class TransferEnd {
  Done,
  ResolveFailed,
  ConnectFailed,
  TlsFailed,  // certificate not trusted, wrong name, handshake failed
  ProxyFailed,
  TimedOut,
  Truncated,  // the connection closed before the announced length, or inside a compressed body
  TooLarge,
  TooManyRedirects,
  BadEncoding,  // a Content-Encoding we do not read, or a broken compressed body
  Failed,       // anything else; `message` says what
};
std::string_view to_string(TransferEnd end);

struct HttpResponse {
  std::uint64_t tag = 0;
  TransferEnd end = TransferEnd::Failed;
  std::string message;        // for people, when end is not Done; no secrets
  int status = 0;             // HTTP status of the last answer, 0 if none came
  std::string content_type;   // as sent, may lie
  std::string content_range;  // "0-14/917", as sent
  std::optional<Millis>
      retry_after;   // from Retry-After, seconds or date; already relative to received_at
  std::string body;  // decoded; capacity leaves room for simdjson's padding
  std::uint64_t wire_bytes = 0;  // body bytes as received, before decoding
  UtcMillis sent_at;             // when start() was called
  UtcMillis received_at;         // when the last byte came
};

class HttpClient {
 public:
  // Errors: Invalid (a proxy that is no URL, a CA file that cannot be read).
  static Result<std::unique_ptr<HttpClient>> create(HttpClientConfig config,
                                                    Clock clock = system_clock());
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Begins a transfer. It always ends in exactly one HttpResponse from poll(), also when it cannot
  // even begin.
  void start(HttpRequest request);

  // The transfers that have ended. Waits at most `wait`, less if one ends or wake() is called; 0 =
  // only look.
  std::vector<HttpResponse> poll(Millis wait);

  // Abandons everything in flight; nothing is reported for those.
  void abort_all();

  std::size_t in_flight() const;

  // Ends a waiting poll() early. Any thread.
  void wake();

 private:
  struct Impl;
  explicit HttpClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace oddsloom
