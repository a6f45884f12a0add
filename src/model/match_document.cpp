#include "model/match_document.h"

#include <simdjson.h>

#include <algorithm>

namespace oddsloom {
namespace {

namespace dom = simdjson::dom;

template <class T>
Result<T> read(dom::object object, const std::string& name, const std::string& expected) {
  dom::element element;
  if (object[name].get(element) != simdjson::SUCCESS)
    return fail(ErrorKind::Missing, name, "a match document has this member");
  if (element.is_null()) return fail(ErrorKind::Null, name, "is null");
  T out;
  const auto error = element.get(out);
  if (error == simdjson::NUMBER_OUT_OF_RANGE)
    return fail(ErrorKind::OutOfRange, name, "expected " + expected);
  if (error != simdjson::SUCCESS) return fail(ErrorKind::WrongType, name, "expected " + expected);
  return out;
}

Result<UtcMillis> read_seconds(dom::object object, const std::string& name) {
  constexpr std::int64_t kYear10000 = 253'402'300'800;
  const auto seconds = read<std::int64_t>(object, name, "epoch seconds");
  if (!seconds) return tl::unexpected(seconds.error());
  if (*seconds < 0 || *seconds >= kYear10000)
    return fail(ErrorKind::OutOfRange, name, "expected epoch seconds before the year 10000");
  return UtcMillis{*seconds * 1000};
}

}  // namespace

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
  dom::parser parser;
  dom::object root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS)
    return fail(ErrorKind::Malformed, "", "not a JSON object");
  const auto key = read<std::string_view>(root, "data_key", "text");
  const auto created = read_seconds(root, "created");
  const auto updated = read_seconds(root, "bookie_updated");
  const auto branches = read<dom::object>(root, "match_team_objects", "an object");
  if (!key) return tl::unexpected(key.error());
  if (!created) return tl::unexpected(created.error());
  if (!updated) return tl::unexpected(updated.error());
  if (!branches) return tl::unexpected(branches.error());
  MatchDocument out;
  out.key = *key;
  out.created = *created;
  out.bookie_updated = *updated;
  for (const auto [bookmaker, element] : *branches) {
    auto record = parse_record(simdjson::minify(element));
    if (!record) return fail_in("match_team_objects." + std::string(bookmaker), record.error());
    out.records.emplace(bookmaker, *std::move(record));
  }
  if (out.records.empty())
    return fail(ErrorKind::OutOfRange, "match_team_objects", "a document has at least one branch");
  return out;
}

}  // namespace oddsloom
