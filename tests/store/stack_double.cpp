#include "store/stack_double.h"

#include <algorithm>

#include "store/redis_scripts.h"

namespace oddsloom::test {
namespace {

std::vector<std::string> names_after_as(const StackDouble::Command& command) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i + 1 < command.size(); ++i)
    if (command[i] == "AS") out.push_back(command[i + 1]);
  return out;
}

bool runs_commit(const StackDouble::Command& command) {
  return command[0] == "EVALSHA" && command[1] == RedisScripts::commit(RedisFlavour::Json).sha;
}

// EVALSHA, sha, how many keys; five keys of the market, then two for each record; three words for
// all records, of which the second says how many there are for each.
std::vector<StackDouble::Commit> commits_of(const StackDouble::Command& command) {
  constexpr std::size_t kKeys = 3, kMarketKeys = 5, kShared = 3;
  const std::size_t keys = std::stoul(command.at(2));
  const std::size_t words = std::stoul(command.at(kKeys + keys + 1));
  const auto at = [&](std::size_t i) {
    return command.begin() + static_cast<std::ptrdiff_t>(kKeys + keys + kShared + i * words);
  };
  std::vector<StackDouble::Commit> out;
  for (std::size_t i = 0; i < (keys - kMarketKeys) / 2; ++i)
    out.push_back({command.at(kKeys + kMarketKeys + 2 * i),
                   command.at(kKeys + kMarketKeys + 2 * i + 1),
                   {at(i), at(i + 1)}});
  return out;
}

}  // namespace

StackDouble::StackDouble() : server_([this](const Command& command) { return answer(command); }) {}

std::vector<StackDouble::Command> StackDouble::sent(const std::string& name) const {
  const auto all = server_.commands();
  std::vector<Command> out;
  std::copy_if(all.begin() + static_cast<std::ptrdiff_t>(from_), all.end(), std::back_inserter(out),
               [&](const Command& command) { return command[0] == name; });
  return out;
}

std::vector<StackDouble::Commit> StackDouble::commits() const {
  std::vector<Commit> out;
  for (const Command& command : sent("EVALSHA"))
    if (runs_commit(command))
      for (Commit& one : commits_of(command)) out.push_back(std::move(one));
  return out;
}

std::string StackDouble::answer(const Command& command) {
  const std::string& name = command[0];
  if (lacks.contains(name)) return resp::error("ERR unknown command '" + name + "'");
  if (name == "CLIENT" || name == "SELECT") return resp::simple("OK");
  if (name == "PING") return resp::simple("PONG");
  if (name == "INFO") return resp::bulk("# Cluster\r\ncluster_enabled:0\r\n");
  if (name == "SCRIPT") return resp::bulk(make_script("", command.at(2)).sha);
  if (name == "COMMAND") {
    std::vector<std::string> known;
    for (std::size_t i = 2; i < command.size(); ++i) {
      std::string upper = command[i];
      std::transform(upper.begin(), upper.end(), upper.begin(), ::toupper);
      known.push_back(lacks.contains(upper) ? "*-1\r\n" : resp::bulks({command[i]}));
    }
    return resp::array(known);
  }
  if (name == "HSETNX") return resp::integer(layout.emplace(command[2], command[3]).second ? 1 : 0);
  if (name == "HMGET" && command[2] == "version")
    return resp::bulks({layout["version"], layout["documents"], layout["hash_tags"]});
  if (name == "HMGET") return lookup ? lookup(command) : resp::array({resp::nil(), resp::nil()});
  const bool self_test = command.size() > 1 && command[1].find("_self_test_") != std::string::npos;
  if (name == "JSON.SET") return command.at(3) == R"({"a":1})" ? resp::simple("OK") : resp::nil();
  if (name == "JSON.MERGE") return resp::simple("OK");
  if (name == "JSON.GET" && self_test) return resp::bulk(merged);
  if (name == "JSON.GET") return document ? document(command) : resp::nil();
  if (name == "DEL" || name == "SADD" || name == "PEXPIRE" || name == "PERSIST")
    return resp::integer(1);
  if (name == "FT.INFO") {
    const auto index = indexes.find(command.at(1));
    return index == indexes.end() ? resp::error(no_index) : info(index->second);
  }
  if (name == "FT.CREATE") return create_index ? create_index(command) : make_index(command);
  if (name == "FT.ALTER") {
    for (const std::string& field : names_after_as(command))
      indexes[command.at(1)].fields.push_back(field);
    return resp::simple("OK");
  }
  if (name == "FT.SEARCH" && search) return search(command);
  if (runs_commit(command) && commit) {
    std::vector<std::string> answers;
    for (const Commit& one : commits_of(command)) answers.push_back(commit(one));
    return resp::array(answers);
  }
  return resp::error("ERR this double has no answer to " + name);
}

std::string StackDouble::make_index(const Command& command) {
  Index index;
  const std::size_t prefixes = std::stoul(command.at(5));
  for (std::size_t i = 0; i < prefixes; ++i) index.prefixes.push_back(command.at(6 + i));
  index.fields = names_after_as(command);
  indexes[command.at(1)] = index;
  return resp::simple("OK");
}

std::string StackDouble::info(Index& index) const {
  std::vector<std::string> attributes;
  for (const std::string& field : index.fields)
    attributes.push_back(resp::bulks({"identifier", "$.x", "attribute", field, "type", "TAG"}));
  const bool building = index.building > 0;
  if (building) --index.building;
  return resp::array({resp::bulk("index_definition"),
                      resp::array({resp::bulk("prefixes"), resp::bulks(index.prefixes)}),
                      resp::bulk("attributes"), resp::array(attributes), resp::bulk("num_docs"),
                      resp::bulk("0"), resp::bulk("indexing"), resp::bulk(building ? "1" : "0")});
}

}  // namespace oddsloom::test
