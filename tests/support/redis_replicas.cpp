#include "support/redis_replicas.h"

#include <chrono>
#include <stdexcept>

#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

template <class Condition>
void wait_for(const std::string& what, const RedisServer& server, Condition condition) {
  if (!wait_until(condition, std::chrono::seconds(20)))
    throw std::runtime_error(what + " does not happen: " + server.log_tail());
}

}  // namespace

RedisReplicas::RedisReplicas(const Options& options) : options_(options) {
  primary_ = std::make_unique<RedisServer>(options_.server);
  RedisServerOptions of_the_replica = options_.server;
  of_the_replica.replica_of = primary_->port();
  of_the_replica.certificates = primary_->options().certificates;
  replica_ = std::make_unique<RedisServer>(of_the_replica);
  wait_for("replication", *replica_, [&] { return replica_->info("master_link_status") == "up"; });
  if (options_.sentinel) start_sentinel();
}

void RedisReplicas::start_sentinel() {
  RedisServerOptions of_the_sentinel;
  of_the_sentinel.config = "sentinel monitor odds 127.0.0.1 " + std::to_string(primary_->port()) +
                           " 1\n"
                           "sentinel down-after-milliseconds odds 700\n"
                           "sentinel failover-timeout odds 3000\n";
  if (!options_.server.user.empty())
    of_the_sentinel.config += "sentinel auth-user odds " + options_.server.user + "\n";
  if (!options_.server.password.empty())
    of_the_sentinel.config += "sentinel auth-pass odds " + options_.server.password + "\n";
  of_the_sentinel.more = {"--sentinel"};
  sentinel_ = std::make_unique<RedisServer>(of_the_sentinel);
  // It looks often, and takes a busy machine for no reason to rest for half a minute. The
  // ping-period is well below down-after-milliseconds, or a new primary counts as down before it
  // was asked; and five of it are well above the second between two INFOs of a failover, or what it
  // knows of the replica is too old to promote it.
  for (const auto& [name, value] : {std::pair("info-period", "500"),
                                    {"ping-period", "350"},
                                    {"ask-period", "100"},
                                    {"publish-period", "100"},
                                    {"tilt-trigger", "60000"},
                                    {"tilt-period", "100"},
                                    {"min-link-reconnect-period", "100"}})
    if (const std::string answer = sentinel_->cli("SENTINEL", "DEBUG", name, value); answer != "OK")
      throw std::runtime_error("SENTINEL DEBUG: " + answer);
  wait_for("the Sentinel's finding the replica", *sentinel_, [&] {
    const std::string known = sentinel_->cli("SENTINEL", "REPLICAS", "odds");
    return known.find(std::to_string(replica_->port())) != std::string::npos &&
           known.find("master-link-status\nok") != std::string::npos;
  });
}

std::string RedisReplicas::url() const {
  const std::string of_a_server = replica_->url_at(sentinel_->port());
  return "redis+sentinel" + of_a_server.substr(of_a_server.find("://")) + "/odds";
}

void RedisReplicas::promote() {
  if (const std::string answer = replica_->cli("REPLICAOF", "NO", "ONE"); answer != "OK")
    throw std::runtime_error("REPLICAOF NO ONE: " + answer);
  primary_->kill();
}

std::uint16_t RedisReplicas::primary_port() const {
  const std::string address = sentinel_->cli("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "odds");
  return static_cast<std::uint16_t>(std::stoul(address.substr(address.find('\n') + 1)));
}

void RedisReplicas::wait_for_failover() const {
  wait_for("failover", *sentinel_, [&] {
    return primary_port() == replica_->port() && replica_->info("role") == "master";
  });
}

void RedisReplicas::wait_for_sync() const {
  const std::string offset = primary_->info("master_repl_offset");
  wait_for("replication", *replica_,
           [&] { return std::stoll(replica_->info("slave_repl_offset")) >= std::stoll(offset); });
}

}  // namespace oddsloom::test
