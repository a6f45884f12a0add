// What a server counts, for an exporter and for tests. Written by the I/O thread; any thread may
// read.
#pragma once

#include <array>
#include <chrono>

#include "base/metrics.h"

namespace oddsloom {

// Why something was not answered as asked.
enum class Rejection {
  Connections,        // too many in all
  ClientConnections,  // too many of one address
  FeedClients,
  ClientRate,
  KeyRate,
  Key,  // missing, unknown or revoked
  Quota,
  BadRequest,  // cannot be read: target, method, syntax
  TooLarge,    // head, target or body
  Timeout,     // the request did not come whole in time
  Handshake,   // TLS or websocket
  Count
};

struct LatencyHistogram {
  // From a request read to its answer's last byte handed to the system. Upper bounds; one more
  // bucket beyond the last.
  static constexpr std::array<std::chrono::microseconds::rep, 10> kBounds{
      100, 250, 500, 1'000, 2'500, 5'000, 10'000, 50'000, 250'000, 1'000'000};
  std::array<Counter, kBounds.size() + 1> buckets;
  Counter sum_micros;

  void add(std::chrono::microseconds took) {
    std::size_t i = 0;
    while (i < kBounds.size() && took.count() > kBounds[i]) ++i;
    buckets[i].add();
    sum_micros.add(static_cast<std::uint64_t>(took.count()));
  }
};

struct ServeMetrics {
  std::array<Counter, 6> responses;  // by the status' first digit
  std::array<Counter, static_cast<std::size_t>(Rejection::Count)> rejected;
  Counter connections;  // accepted
  Gauge open_connections;
  Gauge event_streams, websockets;  // subscribers now
  Counter frames;                   // sent to subscribers
  Counter dropped_slow;             // connections whose client did not read
  Counter bytes_sent;               // without TLS' own
  Counter tls_reloads, tls_reload_failures;
  LatencyHistogram latency;

  void reject(Rejection why) { rejected[static_cast<std::size_t>(why)].add(); }
};

}  // namespace oddsloom
