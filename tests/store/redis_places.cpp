#include "store/redis_places.h"

#include <cstdlib>

#include "support/redis_cluster.h"
#include "support/redis_server.h"

namespace oddsloom::test {
namespace {

void expect_ok(const std::string& answer) {
  if (answer != "OK") throw std::runtime_error("a server for a test does not empty: " + answer);
}

// Like one just started, and ten times as quick. Clients are cut off first: what a killed process
// has sent may still be on its way in.
void make_new(const RedisServer& server) {
  for (const char* type : {"normal", "pubsub"}) server.cli("CLIENT", "KILL", "TYPE", type);
  expect_ok(server.cli("FLUSHALL"));
  expect_ok(server.cli("SCRIPT", "FLUSH"));
}

class ServerPlace final : public StorePlace {
 public:
  ServerPlace() {
    while (!idle().empty() && !server_) {
      if (idle().back()->running()) server_ = std::move(idle().back());
      idle().pop_back();
    }
    if (server_)
      make_new(*server_);
    else
      server_ = std::make_unique<RedisServer>();
  }
  ~ServerPlace() override { idle().push_back(std::move(server_)); }
  std::string url() const override { return server_->url(); }

 private:
  static std::vector<std::unique_ptr<RedisServer>>& idle() {
    static std::vector<std::unique_ptr<RedisServer>> servers;
    return servers;
  }
  std::unique_ptr<RedisServer> server_;
};

// A place made while another lives empties that one: they are the same.
class ClusterPlace final : public StorePlace {
 public:
  ClusterPlace() {
    for (const auto& node : cluster().nodes()) make_new(*node);
  }
  std::string url() const override { return cluster().url(); }

 private:
  static RedisCluster& cluster() {
    static RedisCluster one;
    return one;
  }
};

class StackPlace final : public StorePlace {
 public:
  explicit StackPlace(const std::string& address) : address_(address) {
    const std::size_t colon = address.rfind(':');
    const auto port = static_cast<std::uint16_t>(std::stoul(address.substr(colon + 1)));
    expect_ok(RedisConnection::tcp(address.substr(0, colon), port).run({"FLUSHALL"}));
  }
  std::string url() const override { return "redis://" + address_; }

 private:
  std::string address_;
};

StoreUnderTest kind(const std::string& name, std::function<std::unique_ptr<StorePlace>()> places) {
  StoreUnderTest out;
  out.name = name;
  out.make_place = std::move(places);
  out.whole_batches = false;
  out.own_clock = true;
  return out;
}

}  // namespace

std::vector<StoreUnderTest> redis_stores_under_test() {
  std::vector<StoreUnderTest> out{kind("redis", [] { return std::make_unique<ServerPlace>(); }),
                                  kind("cluster", [] { return std::make_unique<ClusterPlace>(); })};
  out.back().hash_tags = true;
  if (const char* address = std::getenv("ODDSLOOM_TEST_REDIS_STACK"))
    out.push_back(
        kind("stack", [at = std::string(address)] { return std::make_unique<StackPlace>(at); }));
  return out;
}

}  // namespace oddsloom::test
