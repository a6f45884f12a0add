#include "store/redis_documents.h"

#include <simdjson.h>

#include <algorithm>

#include "base/log.h"
#include "base/text.h"

namespace oddsloom {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kBranch = "bk:", kSeen = "ts:";

void add_branch(MatchDocument& document, std::string_view bookmaker, const Result<Record>& record) {
  static log::Sampler sampler;
  if (record) {
    document.records.insert_or_assign(std::string(bookmaker), *record);
  } else if (const auto seen = sampler.pass()) {
    log::warn("branch_unreadable",
              {log::kv("document", document.key), log::kv("bookmaker", bookmaker),
               log::kv("why", record.error().text()), log::kv("seen", *seen)});
  }
}

std::optional<MatchDocument> with_last_change(MatchDocument document) {
  if (document.records.empty()) return std::nullopt;
  for (const auto& [bookmaker, record] : document.records)
    document.bookie_updated = std::max(document.bookie_updated, record.changed_at);
  return document;
}

}  // namespace

std::optional<MatchDocument> read_hash_document(const std::string& key, ReplyView reply) {
  MatchDocument document;
  document.key = key;
  for (std::size_t i = 0; i + 1 < reply.size(); i += 2) {
    const std::string_view field = reply[i].text();
    if (field == "created") document.created = {reply[i + 1].integer().value_or(0)};
    if (field.starts_with(kBranch))
      add_branch(document, field.substr(kBranch.size()), parse_record(reply[i + 1].text()));
  }
  for (std::size_t i = 0; i + 1 < reply.size(); i += 2) {
    const std::string_view field = reply[i].text();
    if (!field.starts_with(kSeen)) continue;
    const auto branch = document.records.find(std::string(field.substr(kSeen.size())));
    if (branch != document.records.end())
      branch->second.observed_at = {
          reply[i + 1].integer().value_or(branch->second.observed_at.value)};
  }
  return with_last_change(std::move(document));
}

std::optional<MatchDocument> read_json_document(const std::string& key, std::string_view json) {
  dom::parser parser;
  dom::array roots;
  dom::object root, branches;
  if (parser.parse(json.data(), json.size()).get(roots) != simdjson::SUCCESS ||
      roots.at(0).get(root) != simdjson::SUCCESS ||
      root["match_team_objects"].get(branches) != simdjson::SUCCESS)
    return std::nullopt;
  MatchDocument document;
  document.key = key;
  // Another program's document may lack it, or have a fraction.
  double created = 0;
  if (root["created"].get(created) == simdjson::SUCCESS && created > 0 && created < 2.5e11)
    document.created = {static_cast<std::int64_t>(created) * 1000};
  for (const auto [bookmaker, branch] : branches)
    add_branch(document, bookmaker, parse_record(simdjson::minify(branch)));
  return with_last_change(std::move(document));
}

Result<std::vector<std::optional<MatchDocument>>> RedisDocuments::read(
    const std::vector<std::string>& keys) {
  std::vector<std::optional<MatchDocument>> out;
  if (keys.empty()) return out;
  const bool json = house_.flavour == RedisFlavour::Json;
  std::vector<RedisCommand> commands;
  for (const std::string& key : keys) {
    RedisCommand& command = commands.emplace_back(json ? "JSON.GET" : "HGETALL");
    command.key(key);
    if (json) command.add("$");
  }
  const auto replies = client_.run(std::move(commands), kRedisAnswer);
  if (!replies) return tl::unexpected(replies.error());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const ReplyView reply = (*replies)[i].view();
    // A key of another kind is no document of ours.
    if (reply.is_error() && !reply.text().starts_with("WRONGTYPE") &&
        reply.text().find("wrong Redis type") == std::string_view::npos)
      return tl::unexpected(no_error(reply, keys[i]).error());
    out.push_back(json ? read_json_document(keys[i], reply.is_error() ? "" : reply.text())
                       : read_hash_document(keys[i], reply));
  }
  if (json)
    if (auto added = add_sightings(out); !added) return tl::unexpected(added.error());
  return out;
}

// In JSON documents observed_at is that of the last change; the lookup knows the last sighting. It
// holds only for the content it names.
Result<void> RedisDocuments::add_sightings(std::vector<std::optional<MatchDocument>>& documents) {
  std::vector<Record*> records;
  std::vector<RedisCommand> commands;
  for (auto& document : documents) {
    if (!document) continue;
    for (auto& [bookmaker, record] : document->records) {
      const BetType* type = house_.options.bet_types.find(record.bet_type);
      if (!type) continue;
      records.push_back(&record);
      RedisCommand& command = commands.emplace_back("HMGET");
      command.key(house_.options.naming.lookup(*type, record.id())).add("h").add("ts");
    }
  }
  if (commands.empty()) return {};
  const auto replies = client_.run(std::move(commands), kRedisAnswer);
  if (!replies) return tl::unexpected(replies.error());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto seen = (*replies)[i][1].integer();
    if (seen && (*replies)[i][0].text() == content_hash(*records[i]).hex())
      records[i]->observed_at = std::max(records[i]->observed_at, UtcMillis{*seen});
  }
  return {};
}

}  // namespace oddsloom
