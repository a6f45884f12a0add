// What travels on a work stream: which event wants a look, and what step 1 already knows of it.
// Values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "base/time.h"
#include "model/market.h"
#include "model/record.h"

namespace oddsloom {

// One stream per bookmaker, bet type, source and day.
struct StreamId {
  std::string bookmaker;
  std::string bet_type;
  Source source = Source::Upcoming;
  int period = 0;

  auto operator<=>(const StreamId&) const = default;
  std::string name() const;   // "bookiedelta_three_way-upcoming-0_event"
  std::string group() const;  // "bookiedelta_three_way-upcoming-0_consumer_group"
  // "bookiedelta_three_way-upcoming-0_worker:{host}:{pid}:{n}": the seed's name, made unique
  std::string consumer(std::string_view unique) const;
};

struct WorkEntry {
  std::string event_id;  // the bookmaker's own; empty only while data_key names it
  std::string home;      // "" = not known
  std::string away;
  std::optional<UtcMillis> start_time;  // kick-off
  std::string competition;
  std::string sport_id;     // the bookmaker's own, of the entry's source
  std::string betradar_id;  // provider's match id, "" = none
  std::string data_key;     // a document that knows the rest (entries of the seed's kind)

  bool operator==(const WorkEntry&) const = default;
};

// What `known` lacks and `more` has.
void fill_gaps(WorkEntry& known, const WorkEntry& more);
// What a record knows of its event.
WorkEntry entry_of(const Record& record);

// {"event_id": "..", "home": ..}: members that are not known are left out.
std::string to_json(const WorkEntry& entry);

// Reads an entry as our own streams hold it or as other programs write it: event_id, else eventId
// (text or integer), else what follows the last ':' of key_path; a data_key is kept for the store
// to look up. start_time: ISO 8601 text, or integer epoch seconds or milliseconds. Errors:
// Malformed (no JSON object), Missing (no id of any kind), WrongType, OutOfRange (a time beyond
// 9999), with the member's name.
Result<WorkEntry> parse_work_entry(std::string_view json);

// The id in a data_key that names no document: what follows its last ':'.
std::string id_of_key(std::string_view key);

}  // namespace oddsloom
