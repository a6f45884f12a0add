#include "model/names.h"

#include <fmt/format.h>

namespace oddsloom {

std::string Naming::base(const BetType& type, Source source) const {
  return fmt::format("{}-{}_{}", prefix, type.label, to_string(source));
}

std::string Naming::announcements(const BetType& type, Source source) const {
  return base(type, source) + "_stream";
}

std::string Naming::changes(const BetType& type, Source source) const {
  return base(type, source) + "_changes";
}

std::string Naming::index(const BetType& type, Source source) const {
  return fmt::format("idx:{}{}_{}", prefix, type.index, to_string(source));
}

std::string Naming::document_key(const BetType& type, const Record& record,
                                 UtcMillis created) const {
  std::string key =
      fmt::format("{}_{}:{}-{}-{}", document_prefix.empty() ? record.bookmaker : document_prefix,
                  base(type, record.source), created.seconds(), record.period, record.event_id);
  if (record.segment != kFullTime) key += "@" + record.segment;
  if (record.line) key += "@" + to_text(*record.line);
  return key;
}

}  // namespace oddsloom
