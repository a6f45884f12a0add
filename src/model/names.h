// The seed's names: keys and streams of the match book, the same on every store. Pure; any thread.
// Source: the seed page; K = {PREFIX}-THREE_WAY_{source}.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/record.h"

namespace oddsloom {

struct Naming {
  std::string prefix = "lst";  // the seed's PREFIX
  std::string
      document_prefix;  // "" = the bookmaker's name; "sportPesa" gives the seed's literal keys
  // K in braces, "{lst-THREE_WAY_live}": what belongs together lies on one node of a Redis cluster.
  bool hash_tags = false;

  std::string base(const BetType& type, Source source) const;  // K, "lst-THREE_WAY_live"
  std::string announcements(const BetType& type,
                            Source source) const;                 // "lst-THREE_WAY_live_stream"
  std::string changes(const BetType& type, Source source) const;  // "lst-THREE_WAY_live_changes"
  std::string index(const BetType& type, Source source) const;    // "idx:lst3way_live"
  // Where a record's document is looked up: "idx:lst3way_live:BookieDelta:9124285", with segment
  // and line as in document_key; with hash tags K stands in it too.
  std::string lookup(const BetType& type, RecordIdView id) const;
  // Which lines of an event a store knows, where it has to note that: "lst-TOTALS_live_lines:
  // BookieDelta:9124285", with the segment where it is not the full time's.
  std::string lines(const BetType& type, const RecordId& id) const;
  // "BookieDelta_lst-THREE_WAY_live:1786289400-0-9124285"; a market that is not the full-time one,
  // or has a line, appends them: "..-9124285@first_half@2.5". `created` and the period are those of
  // the document's creation.
  std::string document_key(const BetType& type, const Record& record, UtcMillis created) const;
  // "1786289400-0"; the key of a document made then; and what then is in a key of that form,
  // nothing where it has another.
  static std::string creation(UtcMillis created, int period);
  std::string document_key(const BetType& type, RecordIdView id, std::string_view creation) const;
  std::optional<std::string_view> creation(const BetType& type, RecordIdView id,
                                           std::string_view key) const;
};

}  // namespace oddsloom
