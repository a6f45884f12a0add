// One document per match, bet type and source (and segment and line where there are any): a branch
// per bookmaker under match_team_objects, and the members the seed's matched documents have.
// Values; any thread.
#pragma once

#include <map>
#include <string>

#include "model/record.h"

namespace oddsloom {

struct MatchDocument {
  std::string key;  // the store's key, see model/names.h
  UtcMillis created;
  UtcMillis bookie_updated;               // when a branch last changed
  std::map<std::string, Record> records;  // by bookmaker; at least one
};

// {"data_key", "match_team_objects": {"BookieDelta": record}, "teams", "created", "arbitrage",
// "arb_updated",
//  "bookie_updated", "match_date", "start_time", "arbitrage_opportunities"}; times of the seed's
//  members in epoch
// seconds. Arbitrage members are present and empty: they are filled by matching.
void write_json(JsonWriter& json, const MatchDocument& document);
std::string to_json(const MatchDocument& document);
Result<MatchDocument> parse_match_document(std::string_view json);

// The record whose names and kick-off stand for the match: the first by bookmaker name that knows
// the kick-off, else the first.
const Record& representative(const MatchDocument& document);

}  // namespace oddsloom
