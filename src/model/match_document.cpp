#include "model/match_document.h"

#include <simdjson.h>

#include <algorithm>

namespace oddsloom {

const Record& representative(const MatchDocument& document) {
  const auto at =
      std::find_if(document.records.begin(), document.records.end(),
                   [](const auto& branch) { return branch.second.start_time.has_value(); });
  return at != document.records.end() ? at->second : document.records.begin()->second;
}

void write_json(JsonWriter& json, const MatchDocument& document) {
  json.begin_object().member("data_key", document.key);
  json.key("match_team_objects").begin_object();
  for (const auto& [bookmaker, record] : document.records) write_json(json.key(bookmaker), record);
  json.end_object();
  const Record& match = representative(document);
  json.member("teams", team_key(match)).member("created", document.created.seconds());
  json.member("arbitrage", 0)
      .member("arb_updated", 0)
      .member("bookie_updated", document.bookie_updated.seconds());
  json.member("match_date", match.target_date);
  if (match.start_time)
    json.member("start_time", to_iso8601(*match.start_time));
  else
    json.key("start_time").null();
  json.key("arbitrage_opportunities").begin_array().end_array().end_object();
}

std::string to_json(const MatchDocument& document) {
  std::string out;
  JsonWriter json(out);
  write_json(json, document);
  return out;
}

Result<MatchDocument> parse_match_document(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS)
    return fail(ErrorKind::Malformed, "", "not JSON");
  MatchDocument out;
  std::string_view key;
  std::int64_t created = 0, updated = 0;
  simdjson::dom::object branches;
  if (root["data_key"].get(key) != simdjson::SUCCESS)
    return fail(ErrorKind::Missing, "data_key", "expected text");
  if (root["created"].get(created) != simdjson::SUCCESS)
    return fail(ErrorKind::Missing, "created", "expected epoch seconds");
  if (root["bookie_updated"].get(updated) != simdjson::SUCCESS)
    return fail(ErrorKind::Missing, "bookie_updated", "expected epoch seconds");
  if (root["match_team_objects"].get(branches) != simdjson::SUCCESS)
    return fail(ErrorKind::Missing, "match_team_objects", "expected an object");
  out.key = key;
  out.created = {created * 1000};
  out.bookie_updated = {updated * 1000};
  for (const auto [bookmaker, element] : branches) {
    auto record = parse_record(simdjson::minify(element));
    if (!record) return fail_in("match_team_objects." + std::string(bookmaker), record.error());
    out.records.emplace(bookmaker, *std::move(record));
  }
  if (out.records.empty())
    return fail(ErrorKind::OutOfRange, "match_team_objects", "a document has at least one branch");
  return out;
}

}  // namespace oddsloom
