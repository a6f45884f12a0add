// A real Redis cluster of three primaries (no replicas) as child processes of a test: every slot
// served when the constructor returns. That takes two seconds, for so long a node waits before it
// serves. Nodes may be killed and started again. One thread at a time; cli() of a node any.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/redis_server.h"

namespace oddsloom::test {

class RedisCluster {
 public:
  // What the nodes have in common: a password, TLS, persistence.
  explicit RedisCluster(const RedisServerOptions& options = {});

  std::string url() const { return nodes_.front()->url(); }
  const std::vector<std::unique_ptr<RedisServer>>& nodes() const { return nodes_; }
  RedisServer& node(std::size_t i) { return *nodes_.at(i); }
  RedisServer& owner_of(const std::string& key);  // the node that serves it now

  // Until all nodes say so: after one was started again. Throws when they do not.
  void wait_until_ok() const;
  void flush() const;  // FLUSHALL at every node

  // Moving the slot of a key from its owner. Begun, the owner answers ASK for keys of the slot it
  // does not have; finished, its keys have moved too and it answers MOVED.
  void begin_move(const std::string& key, RedisServer& to);
  void finish_move(const std::string& key, RedisServer& to);

 private:
  std::vector<std::unique_ptr<RedisServer>> nodes_;
};

}  // namespace oddsloom::test
