#include "store/redis_key_walk.h"

#include "store/redis_topology.h"

namespace oddsloom {
namespace {

constexpr std::int64_t kPage = 1'000;
constexpr Millis kPatience{10'000};
constexpr int kMostRoutes = 10'000'000;  // tried; of a primary with one slot every 16,384th will do

}  // namespace

Result<std::vector<RedisPrimary>> find_primaries(const RedisHouse& house, RedisClient& client) {
  if (!client.is_cluster()) return std::vector<RedisPrimary>{{house.target.text(), ""}};
  RedisCommand slots("CLUSTER");
  slots.add("SLOTS");
  const auto reply = client.ask(std::move(slots), kRedisAnswer);
  if (!reply) return tl::unexpected(reply.error());
  const auto table = parse_slots(reply->view(), house.target.addresses.front());
  if (!table) return tl::unexpected(table.error());
  std::vector<RedisPrimary> primaries;
  for (const RedisAddress& address : table->primaries) primaries.push_back({address.text(), ""});
  std::size_t missing = primaries.size();
  for (int i = 0; missing > 0 && i < kMostRoutes; ++i) {
    std::string key = std::to_string(i);
    const std::size_t owner = table->of_slot[static_cast<std::size_t>(hash_slot(key))];
    if (owner >= primaries.size() || !primaries[owner].route.empty()) continue;
    primaries[owner].route = std::move(key);
    --missing;
  }
  return primaries;
}

Result<std::optional<std::vector<std::string>>> RedisKeyWalk::next() {
  std::optional<std::vector<std::string>> names;
  if (at_ == primaries_.size()) return names;
  RedisCommand scan("SCAN");
  scan.add(cursor_).add("MATCH").add(pattern_).add("COUNT").add(kPage);
  scan.at_node_of(primaries_[at_].route);
  const auto reply = client_.ask(std::move(scan), kPatience);
  if (!reply) return tl::unexpected(reply.error());
  cursor_ = (*reply)[0].text();
  if (cursor_ == "0" || cursor_.empty()) {
    cursor_ = "0";
    ++at_;
  }
  names.emplace();
  for (std::size_t i = 0; i < (*reply)[1].size(); ++i) names->emplace_back((*reply)[1][i].text());
  return names;
}

}  // namespace oddsloom
