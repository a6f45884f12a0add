#include "store/redis_lookup_doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "store/redis_branches.h"

namespace oddsloom {
namespace {

constexpr std::size_t kAtOnce = 500;
constexpr Millis kPatience{10'000};

struct Lead {
  const RedisMarket* market = nullptr;
  std::string lookup, document, bookmaker;
};

// Of those the ones that do not lead to a document which holds their record.
Result<std::vector<Lead>> wrong_ones(const RedisHouse& house, RedisClient& client,
                                     std::vector<Lead> leads) {
  std::vector<RedisCommand> commands;
  for (const Lead& lead : leads) {
    commands.push_back(branch_command(house.flavour, lead.document, lead.bookmaker));
    commands.push_back(lead_command(house.flavour, lead.lookup));
    commands.emplace_back("ZSCORE")
        .key(lead.market->keys.expiry)
        .add(lead.document + "\n" + lead.lookup);
  }
  const auto replies = client.run(std::move(commands), kPatience);
  if (!replies) return tl::unexpected(replies.error());
  std::vector<Lead> wrong;
  const auto now = static_cast<double>(house.options.clock().value);
  for (std::size_t i = 0; i < leads.size(); ++i) {
    // Documents expire by themselves when their time is over; tidying takes their lookups then.
    const ReplyView expires = (*replies)[3 * i + 2].view();
    const bool over =
        !expires.is_nil() && std::strtod(std::string(expires.text()).c_str(), nullptr) <= now;
    if (!over && !has_branch(house.flavour, (*replies)[3 * i].view()) &&
        (*replies)[3 * i + 1].text() == leads[i].document)
      wrong.push_back(std::move(leads[i]));
  }
  return wrong;
}

}  // namespace

Result<void> examine_lookups(const RedisHouse& house, RedisClient& client,
                             const RedisKeyNames& names, const std::vector<std::string>& keys,
                             Findings& findings) {
  for (std::size_t from = 0; from < keys.size(); from += kAtOnce) {
    const std::size_t to = std::min(keys.size(), from + kAtOnce);
    std::vector<RedisCommand> commands;
    for (std::size_t i = from; i < to; ++i)
      commands.push_back(lead_command(house.flavour, keys[i]));
    const auto named = client.run(std::move(commands), kPatience);
    if (!named) return tl::unexpected(named.error());
    std::vector<Lead> leads;
    for (std::size_t i = from; i < to; ++i) {
      const ReplyView document = (*named)[i - from].view();
      if (document.is_error() || document.is_nil()) continue;
      const auto lookup = names.lookup(keys[i]);
      if (lookup)
        leads.push_back({lookup->market, keys[i], std::string(document.text()),
                         std::string(lookup->bookmaker)});
    }
    // Twice: what is wrong the first time may just be changing.
    for (int look = 0; look < 2 && !leads.empty(); ++look) {
      auto wrong = wrong_ones(house, client, std::move(leads));
      if (!wrong) return tl::unexpected(wrong.error());
      leads = *std::move(wrong);
    }
    for (const Lead& lead : leads) note_astray(findings, lead.lookup, lead.document);
  }
  return {};
}

void note_astray(Findings& findings, const std::string& lookup, const std::string& document) {
  findings.problem(
      "orphan-lookup", lookup,
      fmt::format("leads to {}, which does not hold its record (any more): removed, or "
                  "evicted, by something else than this program; DEL {}, and the next "
                  "sighting makes it anew",
                  document, lookup));
}

}  // namespace oddsloom
