// A real Redis primary with a replica, and a Sentinel that watches them, as child processes of a
// test. Replica in sync and known to the Sentinel when the constructor returns. When the primary
// is killed the Sentinel makes the replica the primary, in one to three seconds. One thread at a
// time; cli() of a server any.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "support/redis_server.h"

namespace oddsloom::test {

class RedisReplicas {
 public:
  struct Options {
    bool sentinel = true;
    RedisServerOptions server;  // what primary and replica have in common
  };
  RedisReplicas() : RedisReplicas(Options{}) {}
  explicit RedisReplicas(const Options& options);

  // As they began; after a failover primary() is the one that was killed.
  RedisServer& primary() { return *primary_; }
  RedisServer& replica() { return *replica_; }
  RedisServer& sentinel() { return *sentinel_; }
  // redis+sentinel://[[user]:password@]127.0.0.1:PORT/odds
  std::string url() const;

  // By hand, without a Sentinel: the replica becomes a primary, the old primary is killed.
  void promote();
  // The port of the primary as the Sentinel knows it.
  std::uint16_t primary_port() const;
  // Until the Sentinel has made the replica the primary and it takes writes. Throws when it takes
  // longer than twenty seconds.
  void wait_for_failover() const;
  // Until the replica has all that the primary has now.
  void wait_for_sync() const;

 private:
  void start_sentinel();

  Options options_;
  std::unique_ptr<RedisServer> primary_, replica_, sentinel_;
};

}  // namespace oddsloom::test
