#include "store/redis_server_doctor.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "store/redis_search_index.h"

namespace oddsloom {
namespace {

// A field of an INFO answer; nothing if it is not there.
std::optional<std::string> info_field(ReplyView reply, std::string_view name) {
  if (reply.is_error()) return std::nullopt;
  for (std::string_view line : split(reply.text(), '\n')) {
    if (!line.starts_with(name)) continue;
    line.remove_prefix(name.size());
    if (line.starts_with(':')) return std::string(trim(line.substr(1)));
  }
  return std::nullopt;
}

// A CONFIG GET answer of one parameter.
std::optional<std::string> setting(ReplyView reply) {
  if (reply.is_error() || reply.size() != 2) return std::nullopt;
  return std::string(reply[1].text());
}

std::string why_not(ReplyView reply) {
  return reply.is_error() ? std::string(reply.text()) : "the server does not say";
}

// What one server was asked, in this order.
enum Asked : std::size_t { Memory, Persistence, Policy, Save, SearchTimeout, OldSearchTimeout };

struct Server {
  std::string at;                     // " at 127.0.0.1:6379", "" where there is only one
  const std::vector<Reply>& replies;  // by Asked
  Findings& findings;

  ReplyView reply(Asked what) const { return replies[what].view(); }
  void examine_eviction() const;
  void examine_persistence() const;
  void examine_search_timeout() const;
};

void Server::examine_eviction() const {
  const std::string where = "maxmemory-policy" + at;
  auto policy = info_field(reply(Memory), "maxmemory_policy");
  if (!policy) policy = setting(reply(Policy));
  if (!policy)
    return findings.warning(
        "eviction-policy", where,
        fmt::format("could not be asked ({}): make sure that it is noeviction; any "
                    "other lets the server throw documents and streams away",
                    why_not(reply(Policy))));
  if (*policy == "noeviction") return;
  const std::string what = fmt::format(
      "is {}: a server short of memory throws whole documents and streams away; set it to "
      "noeviction",
      *policy);
  // Without a limit nothing is thrown away, yet.
  if (info_field(reply(Memory), "maxmemory") == "0")
    findings.warning("eviction-policy", where, what + " before maxmemory is set");
  else
    findings.problem("eviction-policy", where, what);
}

void Server::examine_persistence() const {
  const std::string where = "appendonly, save" + at;
  const auto aof = info_field(reply(Persistence), "aof_enabled");
  if (aof && *aof != "0") return;
  const auto save = setting(reply(Save));
  if (save && !save->empty()) return;
  if (aof && save)
    findings.warning(
        "no-persistence", where,
        "neither AOF nor snapshots are on: a restart of the server loses everything; set "
        "appendonly to yes");
  else
    findings.warning(
        "no-persistence", where,
        fmt::format("could not be asked ({}): make sure that AOF or snapshots are on, or a restart "
                    "of the server loses everything",
                    why_not(reply(Save))));
}

void Server::examine_search_timeout() const {
  std::string name = "search-on-timeout";
  auto policy = setting(reply(SearchTimeout));
  if (!policy) {
    const ReplyView old = reply(OldSearchTimeout);
    if (old.is_error() || old[0].size() != 2) return;  // not known here
    name = "ON_TIMEOUT";
    policy = std::string(old[0][1].text());
  }
  if (to_lower_ascii(*policy) == "fail") return;
  findings.warning(
      "search-timeout", name + at,
      fmt::format("is {}: a search that takes too long gives a part of the answer as if it "
                  "were all, and programs that search before they write make documents "
                  "twice; set it to fail",
                  *policy));
}

}  // namespace

Result<bool> examine_cluster(RedisClient& client, Findings& findings) {
  if (!client.is_cluster()) return true;
  std::vector<RedisCommand> commands;
  commands.emplace_back("CLUSTER").add("INFO");
  const auto replies = client.run(std::move(commands), kRedisAnswer);
  if (!replies) return tl::unexpected(replies.error());
  const ReplyView info = replies->front().view();
  const auto state = info_field(info, "cluster_state");
  if (!state || *state == "ok") return true;  // or it may not be asked
  findings.problem(
      "cluster-state", "cluster_state",
      fmt::format(
          "is {}: {} of 16384 slots are served, and commands are refused; the documents were "
          "not looked at. Bring the missing nodes back (CLUSTER NODES names them)",
          *state, info_field(info, "cluster_slots_ok").value_or("?")));
  return false;
}

Result<void> examine_servers(const RedisHouse& house, RedisClient& client,
                             const std::vector<RedisPrimary>& primaries, Findings& findings) {
  if (house.target.database != 0) {
    const std::string where = fmt::format("database {}", house.target.database);
    if (house.search)
      findings.problem(
          "database", where,
          "search indexes exist in database 0 only, so other programs find nothing here: "
          "use database 0");
    else
      findings.warning("database", where,
                       "a cluster has database 0 only, and so have search indexes: better use "
                       "database 0, and store.prefix to keep stores apart");
  }
  for (const RedisPrimary& primary : primaries) {
    std::vector<RedisCommand> commands;
    const auto ask = [&](std::initializer_list<std::string_view> words) {
      RedisCommand& command = commands.emplace_back(*words.begin());
      for (const auto* word = words.begin() + 1; word != words.end(); ++word) command.add(*word);
      command.at_node_of(primary.route);
    };
    ask({"INFO", "memory"});
    ask({"INFO", "persistence"});
    ask({"CONFIG", "GET", "maxmemory-policy"});
    ask({"CONFIG", "GET", "save"});
    if (house.search) {
      ask({"CONFIG", "GET", "search-on-timeout"});
      ask({"FT.CONFIG", "GET", "ON_TIMEOUT"});
    }
    const auto replies = client.run(std::move(commands), kRedisAnswer);
    if (!replies) return tl::unexpected(replies.error());
    const Server server{primaries.size() > 1 ? " at " + primary.name : "", *replies, findings};
    server.examine_eviction();
    server.examine_persistence();
    if (house.search) server.examine_search_timeout();
  }
  return {};
}

Result<void> examine_indexes(const RedisHouse& house, RedisClient& client, Findings& findings) {
  if (!house.search || house.target.database != 0) return {};
  for (const BetType& type : house.options.bet_types.all())
    for (const Source source : {Source::Live, Source::Upcoming}) {
      const std::string name = house.options.naming.index(type, source);
      const auto state = index_state(client, name);
      if (!state) return tl::unexpected(state.error());
      if (!state->exists) {
        findings.problem("index-missing", name,
                         "there is no such search index: programs that search find nothing, and "
                         "documents that they make are not found here; any other command of this "
                         "program makes it anew");
        continue;
      }
      if (state->building)
        findings.warning("index-building", name,
                         fmt::format("is still being built ({} documents so far): until then "
                                     "searches find only a part; wait",
                                     state->documents));
      if (state->failures > 0)
        findings.problem(
            "index-failures", name,
            fmt::format(
                "left documents out {} times since it was made, and no search finds them: a "
                "member had another type than the index expects, such as an id written as "
                "text{}; correct the program that writes it",
                state->failures,
                state->last_error.empty() ? "" : " (last: " + state->last_error + ")"));
      for (const std::string& prefix : indexed_prefixes(house, type, source))
        if (std::find(state->prefixes.begin(), state->prefixes.end(), prefix) ==
            state->prefixes.end())
          findings.problem("index-incomplete", name,
                           fmt::format("does not cover keys that begin with {}: programs that "
                                       "search do not find them; FT.DROPINDEX {}, and any other "
                                       "command of this program makes it anew",
                                       prefix, name));
    }
  return {};
}

}  // namespace oddsloom
