#include "store/redis_doubles.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "store/redis_branches.h"

namespace oddsloom {
namespace {

constexpr std::size_t kAtOnce = 200;
constexpr Millis kPatience{10'000};

struct Holder {
  std::string key;
  bool alone = true;  // it holds nothing else
};
struct Event {
  std::string lookup;
  std::vector<Holder> holders;  // by key
};

}  // namespace

Result<void> name_doubles(const RedisHouse& house, RedisClient& client, const RedisKeyNames& names,
                          const std::vector<RedisPrimary>& primaries,
                          const std::unordered_set<std::uint64_t>& documents, Findings& findings) {
  std::set<std::string> keys;
  RedisKeyWalk walk(client, primaries, names.pattern());
  while (keys.size() < documents.size()) {
    auto page = walk.next();
    if (!page) return tl::unexpected(page.error());
    if (!*page) break;
    for (std::string& key : **page)
      if (documents.contains(content_hash(key).low) && names.document(key))
        keys.insert(std::move(key));
  }

  std::map<RecordId, Event> events;
  const std::vector<std::string> all(keys.begin(), keys.end());
  for (std::size_t from = 0; from < all.size(); from += kAtOnce) {
    const std::size_t to = std::min(all.size(), from + kAtOnce);
    std::vector<RedisCommand> commands;
    for (std::size_t i = from; i < to; ++i)
      commands.push_back(branches_command(house.flavour, all[i]));
    const auto replies = client.run(std::move(commands), kPatience);
    if (!replies) return tl::unexpected(replies.error());
    for (std::size_t i = from; i < to; ++i) {
      const RedisMarket& market = *names.document(all[i])->market;
      const auto content = read_branches(house.flavour, market, (*replies)[i - from].view());
      for (const RedisBranch& branch : content.branches) {
        if (branch.id.event_id.empty()) continue;
        Event& event = events[branch.id];
        event.lookup = house.options.naming.lookup(*market.type, branch.id);
        event.holders.push_back({all[i], content.branches.size() == 1});
      }
    }
  }
  std::erase_if(events, [](const auto& event) { return event.second.holders.size() < 2; });
  if (events.empty()) return {};

  std::vector<RedisCommand> commands;
  for (const auto& [id, event] : events)
    commands.push_back(lead_command(house.flavour, event.lookup));
  const auto leads = client.run(std::move(commands), kPatience);
  if (!leads) return tl::unexpected(leads.error());
  std::size_t at = 0;
  for (const auto& [id, event] : events) {
    const ReplyView lead = (*leads)[at++].view();
    const std::string_view named = lead.is_error() ? std::string_view() : lead.text();
    const bool known = std::any_of(event.holders.begin(), event.holders.end(),
                                   [&](const Holder& holder) { return holder.key == named; });
    const std::string counts = known ? std::string(named) : event.holders.front().key;
    for (const Holder& holder : event.holders) {
      if (holder.key == counts) continue;
      findings.problem(
          "two-documents", holder.key,
          known
              ? fmt::format("holds {} a second time, and nobody keeps it up to date: {} is the one "
                            "that counts. Remove it: {}",
                            id.text(), counts,
                            removal_of(house.flavour, holder.key, id.bookmaker, holder.alone))
              : fmt::format("holds {}, and so does {}: no lookup says which of them counts. Remove "
                            "one: {}",
                            id.text(), counts,
                            removal_of(house.flavour, holder.key, id.bookmaker, holder.alone)));
    }
  }
  return {};
}

}  // namespace oddsloom
