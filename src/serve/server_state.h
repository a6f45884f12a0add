// What all connections of one server share, and what the server wants of each of them. Private to
// http_server, http_session and subscriber_session. I/O thread only.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <unordered_set>

#include "base/log.h"
#include "serve/client_limits.h"
#include "serve/gzip_cache.h"
#include "serve/http_server.h"

namespace oddsloom {

using SteadyTime = std::chrono::steady_clock::time_point;
inline SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

class ClientConnection;

struct ServerState {
  ServerState(HttpServerConfig given, HttpHandler handles, ServeMetrics& counts, KeyGate* gate)
      : config(std::move(given)),
        handler(std::move(handles)),
        metrics(counts),
        keys(gate),
        limits(config.client_rate, config.most_connections_per_client) {}

  HttpServerConfig config;
  HttpHandler handler;
  ServeMetrics& metrics;
  KeyGate* keys;  // nullptr: no keys are wanted
  ClientLimits limits;
  GzipCache gzip;
  std::unordered_set<ClientConnection*> open;
  std::size_t subscribers = 0;
  std::uint64_t keyless_cost = 0;  // what all answers without a key took together
  bool draining = false;
  log::Sampler failures;  // of handlers
};

// A client's connection, from its acceptance to its end: its places in the counts.
class ClientConnection {
 public:
  ClientConnection(ServerState& state, std::string client)
      : state_(state), client_(std::move(client)) {
    state_.open.insert(this);
    state_.metrics.open_connections.add(1);
  }
  virtual ~ClientConnection() {
    state_.open.erase(this);
    if (!client_.empty()) state_.limits.leave(client_);
    state_.metrics.open_connections.add(-1);
  }
  ClientConnection(const ClientConnection&) = delete;
  ClientConnection& operator=(const ClientConnection&) = delete;

  virtual std::shared_ptr<ClientConnection> self() = 0;
  // Called several times a second: ends what takes too long.
  virtual void look(SteadyTime now) = 0;
  // The server stops: what is under way is finished, nothing is begun.
  virtual void drain() = 0;
  virtual void close() = 0;  // now

 protected:
  ServerState& state_;
  // Address; its place in the limits, which goes where this goes. Empty: handed on.
  std::string client_;
};

// A client for whom at least so much waits and who takes less of it while a window of time passes
// is too slow; so is one that takes nothing of less.
class SlowWatch {
 public:
  static constexpr std::uint64_t kLeastBytes = 16 << 10;

  void begin(SteadyTime now) {
    since_ = now;
    moved_ = 0;
  }
  void moved(std::size_t bytes) { moved_ += bytes; }
  bool is_too_slow(SteadyTime now, Millis window, std::size_t unsent) {
    if (now - since_ < window) return false;
    const bool slow = moved_ < std::min<std::uint64_t>(kLeastBytes, unsent);
    begin(now);
    return slow;
  }

 private:
  SteadyTime since_{};
  std::uint64_t moved_ = 0;
};

}  // namespace oddsloom
