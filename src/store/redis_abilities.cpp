#include "store/redis_abilities.h"

#include <fmt/format.h>
#include <unistd.h>

#include <random>

namespace oddsloom {
namespace {

constexpr std::int64_t kLayoutVersion = 1;

Result<bool> has_commands(RedisClient& client, const std::vector<std::string>& names) {
  RedisCommand command("COMMAND");
  command.add("INFO");
  for (const std::string& name : names) command.add(name);
  const auto reply = client.ask(std::move(command), kRedisAnswer);
  if (!reply) return tl::unexpected(reply.error());
  for (std::size_t i = 0; i < names.size(); ++i)
    if ((*reply)[i].size() == 0) return false;
  return true;
}

// A document of our kind, made, merged into where a level is missing, and removed.
Result<bool> json_works(RedisClient& client, const Naming& naming) {
  const std::string key = fmt::format("{}_self_test_{}", naming.prefix, ::getpid());
  std::vector<RedisCommand> commands;
  commands.emplace_back("JSON.SET").key(key).add("$").add(R"({"a":1})").add("NX");
  commands.emplace_back("JSON.SET").key(key).add("$").add(R"({"a":2})").add("NX");
  commands.emplace_back("JSON.MERGE")
      .key(key)
      .add("$")
      .add(R"({"match_team_objects":{"x":{"b":1}}})");
  commands.emplace_back("JSON.MERGE")
      .key(key)
      .add("$.match_team_objects.x")
      .add(R"({"b":null,"c":3})");
  commands.emplace_back("JSON.GET").key(key).add("$");
  commands.emplace_back("DEL").key(key);
  const auto replies = client.run(std::move(commands), kRedisAnswer);
  if (!replies) return tl::unexpected(replies.error());
  return (*replies)[0].text() == "OK" && (*replies)[1].view().is_nil() &&
         (*replies)[4].text() == R"([{"a":1,"match_team_objects":{"x":{"c":3}}}])";
}

// 48 bits, as hexadecimal digits: Reader::identity().
std::string new_identity() {
  std::random_device random;
  return fmt::format("{:06x}{:06x}", random() & 0xffffffU, random() & 0xffffffU);
}

std::string_view layout_name(RedisFlavour flavour) {
  return flavour == RedisFlavour::Json ? "JSON values" : "hashes";
}

std::string tags_text(bool tags) { return tags ? "with hash tags" : "without hash tags"; }

}  // namespace

Result<RedisAbilities> probe_abilities(RedisClient& client, const Naming& naming, Probe probe) {
  const auto streams = has_commands(client, {"xautoclaim", "evalsha"});
  if (!streams) return tl::unexpected(streams.error());
  if (!*streams)
    return fail(ErrorKind::Invalid, "", "is too old: Redis 7 or later, or Valkey, is needed");
  RedisAbilities out;
  const auto json = has_commands(client, {"json.set", "json.get", "json.del", "json.merge"});
  if (!json) return tl::unexpected(json.error());
  if (!*json) return out;
  const auto works = probe == Probe::Try ? json_works(client, naming) : Result<bool>(true);
  if (!works) return tl::unexpected(works.error());
  out.json = *works;
  const auto search = has_commands(client, {"ft.create", "ft.search", "ft.info"});
  if (!search) return tl::unexpected(search.error());
  out.search = out.json && *search;
  return out;
}

Result<void> agree_on_layout(RedisClient& client, const RedisHouse& house) {
  const Naming& naming = house.options.naming;
  const std::string key = house.layout_key();
  std::vector<RedisCommand> commands;
  const auto note = [&](const char* field, std::string_view value) {
    commands.emplace_back("HSETNX").key(key).add(field).add(value);
  };
  if (!house.options.look_only) {
    note("version", std::to_string(kLayoutVersion));
    note("documents", layout_name(house.flavour));
    note("hash_tags", naming.hash_tags ? "yes" : "no");
    note("identity", new_identity());
  }
  commands.emplace_back("HMGET").key(key).add("version").add("documents").add("hash_tags");
  const auto replies = client.run(std::move(commands), kRedisAnswer);
  if (!replies) return tl::unexpected(replies.error());
  for (const Reply& reply : *replies)
    if (auto fine = no_error(reply.view(), key); !fine) return fine;
  const Reply& held = replies->back();
  if (held[0].is_nil()) return {};  // looked at before anything was kept here
  if (held[0].integer().value_or(0) > kLayoutVersion)
    return fail(ErrorKind::Conflict, "", "was filled by a newer version of this program");
  if (held[1].text() != layout_name(house.flavour))
    return fail(
        ErrorKind::Conflict, "",
        fmt::format("keeps its documents as {}, and this server would now keep them as {}: the "
                    "JSON module was {}; put it back, or use another store.prefix than '{}'",
                    held[1].text(), layout_name(house.flavour),
                    house.flavour == RedisFlavour::Json ? "added" : "taken away", naming.prefix));
  const bool tags = held[2].text() == "yes";
  if (tags != naming.hash_tags)
    return fail(
        ErrorKind::Conflict, "",
        fmt::format(
            "was filled {}, and now names {} are asked for: set store.hash_tags to \"{}\", or use "
            "another store.prefix than '{}'",
            tags_text(tags), tags_text(naming.hash_tags), tags ? "on" : "off", naming.prefix));
  return {};
}

}  // namespace oddsloom
