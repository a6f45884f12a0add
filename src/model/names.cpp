#include "model/names.h"

#include <fmt/format.h>

#include "base/concat.h"

namespace oddsloom {
namespace {

void append_market(std::string& key, std::string_view segment, const std::optional<Line>& line) {
  if (segment != kFullTime) key.append("@").append(segment);
  if (line) key.append("@").append(to_text(*line));
}

}  // namespace

std::string Naming::base(const BetType& type, Source source) const {
  return concat({hash_tags ? "{" : "", prefix, "-", type.label, "_", to_string(source),
                 hash_tags ? "}" : ""});
}

std::string Naming::announcements(const BetType& type, Source source) const {
  return base(type, source) + "_stream";
}

std::string Naming::changes(const BetType& type, Source source) const {
  return base(type, source) + "_changes";
}

std::string Naming::index(const BetType& type, Source source) const {
  return concat({"idx:", prefix, type.index, "_", to_string(source)});
}

std::string Naming::lines(const BetType& type, const RecordId& id) const {
  std::string key = fmt::format("{}_lines:{}:{}", base(type, id.source), id.bookmaker, id.event_id);
  append_market(key, id.segment, std::nullopt);
  return key;
}

std::string Naming::creation(UtcMillis created, int period) {
  return fmt::format("{}-{}", created.seconds(), period);
}

std::string Naming::document_key(const BetType& type, const Record& record,
                                 UtcMillis created) const {
  return document_key(type, record, creation(created, record.period));
}

std::string Naming::document_key(const BetType& type, RecordIdView id,
                                 std::string_view creation) const {
  std::string key =
      concat({document_prefix.empty() ? id.bookmaker : document_prefix, hash_tags ? "_{" : "_",
              prefix, "-", type.label, "_", to_string(id.source), hash_tags ? "}:" : ":", creation,
              "-", id.event_id});
  append_market(key, id.segment, id.line);
  return key;
}

std::optional<std::string_view> Naming::creation(const BetType& type, RecordIdView id,
                                                 std::string_view key) const {
  const std::string form = document_key(type, id, "\n");
  const std::string_view head = std::string_view(form).substr(0, form.find('\n'));
  const std::string_view tail = std::string_view(form).substr(head.size() + 1);
  if (key.size() < head.size() + tail.size() || !key.starts_with(head) || !key.ends_with(tail))
    return std::nullopt;
  key.remove_prefix(head.size());
  key.remove_suffix(tail.size());
  return key;
}

std::string Naming::lookup(const BetType& type, RecordIdView id) const {
  std::string key = concat({"idx:", prefix, type.index, "_", to_string(id.source), ":",
                            hash_tags ? base(type, id.source) : "", hash_tags ? ":" : "",
                            id.bookmaker, ":", id.event_id});
  append_market(key, id.segment, id.line);
  return key;
}

}  // namespace oddsloom
