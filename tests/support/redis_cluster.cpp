#include "support/redis_cluster.h"

#include <sstream>
#include <stdexcept>

#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

constexpr std::size_t kNodes = 3;
constexpr std::size_t kSlots = 16'384;

// The first slot of a node; that of the node after the last is the number of slots.
std::size_t first_slot(std::size_t node) { return node * kSlots / kNodes; }

void expect_ok(const std::string& answer, const std::string& what) {
  if (answer != "OK") throw std::runtime_error(what + ": " + answer);
}

bool serves_all(const RedisServer& node) {
  const std::string info = node.cli("CLUSTER", "INFO");
  return field_of(info, "cluster_state") == "ok" &&
         field_of(info, "cluster_known_nodes") == std::to_string(kNodes) &&
         field_of(info, "cluster_size") == std::to_string(kNodes) &&
         field_of(info, "cluster_slots_ok") == std::to_string(kSlots);
}

}  // namespace

RedisCluster::RedisCluster(const RedisServerOptions& options) {
  RedisServerOptions of_a_node = options;
  of_a_node.cluster = true;
  for (std::size_t i = 0; i < kNodes; ++i) {
    nodes_.push_back(std::make_unique<RedisServer>(of_a_node));
    of_a_node.certificates = nodes_.front()->options().certificates;
  }
  for (std::size_t i = 0; i < kNodes; ++i) {
    const RedisServer& node = *nodes_[i];
    // Epochs of their own, or the nodes would have to sort them out first.
    expect_ok(node.cli("CLUSTER", "SET-CONFIG-EPOCH", std::to_string(i + 1)), "SET-CONFIG-EPOCH");
    expect_ok(node.cli("CLUSTER", "ADDSLOTSRANGE", std::to_string(first_slot(i)),
                       std::to_string(first_slot(i + 1) - 1)),
              "ADDSLOTSRANGE");
  }
  // Everyone is introduced to everyone: gossip would take a second longer.
  for (std::size_t i = 0; i < kNodes; ++i)
    for (std::size_t other = 0; other < i; ++other)
      expect_ok(nodes_[i]->cli("CLUSTER", "MEET", nodes_[other]->host(),
                               std::to_string(nodes_[other]->port()),
                               std::to_string(nodes_[other]->bus_port())),
                "MEET");
  wait_until_ok();
}

RedisServer& RedisCluster::owner_of(const std::string& key) {
  const std::size_t slot = std::stoul(nodes_.front()->cli("CLUSTER", "KEYSLOT", key));
  for (const auto& node : nodes_) {
    // "ID HOST:PORT@BUS myself,master - 0 0 1 connected 0-5460 5462 [5461->-ID]"
    std::istringstream lines(node->cli("CLUSTER", "NODES"));
    for (std::string line; std::getline(lines, line);) {
      if (line.find("myself") == std::string::npos) continue;
      std::istringstream words(line);
      std::string word;
      for (int leading = 0; leading < 8; ++leading) words >> word;
      while (words >> word && word[0] != '[') {
        const std::size_t dash = word.find('-');
        const std::size_t first = std::stoul(word);
        const std::size_t last =
            dash == std::string::npos ? first : std::stoul(word.substr(dash + 1));
        if (first <= slot && slot <= last) return *node;
      }
    }
  }
  throw std::runtime_error("no node serves " + key);
}

void RedisCluster::wait_until_ok() const {
  for (const auto& node : nodes_)
    if (!wait_until([&] { return serves_all(*node); }, std::chrono::seconds(20)))
      throw std::runtime_error("the cluster does not come up: " + node->cli("CLUSTER", "INFO") +
                               node->cli("CLUSTER", "NODES") + node->log_tail());
}

void RedisCluster::flush() const {
  for (const auto& node : nodes_) expect_ok(node->cli("FLUSHALL"), "FLUSHALL");
}

void RedisCluster::begin_move(const std::string& key, RedisServer& to) {
  const RedisServer& from = owner_of(key);
  const std::string slot = from.cli("CLUSTER", "KEYSLOT", key);
  expect_ok(to.cli("CLUSTER", "SETSLOT", slot, "IMPORTING", from.cli("CLUSTER", "MYID")),
            "SETSLOT");
  expect_ok(from.cli("CLUSTER", "SETSLOT", slot, "MIGRATING", to.cli("CLUSTER", "MYID")),
            "SETSLOT");
}

void RedisCluster::finish_move(const std::string& key, RedisServer& to) {
  const RedisServer& from = owner_of(key);
  const std::string slot = from.cli("CLUSTER", "KEYSLOT", key);
  while (from.cli("CLUSTER", "COUNTKEYSINSLOT", slot) != "0") {
    std::vector<std::string> words{"MIGRATE", to.host(), std::to_string(to.port()),
                                   "",        "0",       "5000"};
    const RedisServerOptions& options = to.options();
    if (!options.user.empty())
      words.insert(words.end(), {"AUTH2", options.user, options.password});
    else if (!options.password.empty())
      words.insert(words.end(), {"AUTH", options.password});
    words.emplace_back("KEYS");
    std::istringstream keys(from.cli("CLUSTER", "GETKEYSINSLOT", slot, "100"));
    for (std::string one; std::getline(keys, one);) words.push_back(one);
    const std::string answer = from.run(words);
    if (answer != "OK" && answer != "NOKEY") throw std::runtime_error("MIGRATE: " + answer);
  }
  const std::string id = to.cli("CLUSTER", "MYID");
  // Its new owner hears of it first, so that there is one at any moment.
  expect_ok(to.cli("CLUSTER", "SETSLOT", slot, "NODE", id), "SETSLOT");
  for (const auto& node : nodes_)
    if (node.get() != &to) expect_ok(node->cli("CLUSTER", "SETSLOT", slot, "NODE", id), "SETSLOT");
}

}  // namespace oddsloom::test
