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

std::string Naming::document_key(const BetType& type, const Record& record,
                                 UtcMillis created) const {
  return fmt::format("{}{}-{}{}", document_head(type, record), created.seconds(), record.period,
                     document_tail(record.id()));
}

std::string Naming::document_head(const BetType& type, const Record& record) const {
  return concat({document_prefix.empty() ? record.bookmaker : document_prefix, "_",
                 base(type, record.source), ":"});
}

std::string Naming::document_tail(const RecordId& id) {
  std::string tail = "-" + id.event_id;
  append_market(tail, id.segment, id.line);
  return tail;
}

std::string Naming::lookup(const BetType& type, const RecordId& id) const {
  std::string key = concat({index(type, id.source), ":", hash_tags ? base(type, id.source) : "",
                            hash_tags ? ":" : "", id.bookmaker, ":", id.event_id});
  append_market(key, id.segment, id.line);
  return key;
}

}  // namespace oddsloom
