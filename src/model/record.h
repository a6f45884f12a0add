// One bookmaker's market of one event at one moment. Made by bookmaker/mapping, kept by store/,
// shown by serve/. Its JSON is documented in docs/record.md and stable. Values; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/json_writer.h"
#include "base/text_pen.h"
#include "base/time.h"
#include "model/market.h"
#include "model/price.h"

namespace oddsloom {

struct Outcome {
  std::string key;  // canonical: "1", "X", "2", "1X", "yes", "over"
  std::optional<Price>
      price;  // nothing = the feed gave none that can be read; kept as a slot, never usable
  Status status = Status::Open;  // market's and selection's together
  bool usable =
      false;  // market open, selection open, price above 1.00; freshness is judged by the reader
  std::string selection_id;  // the bookmaker's, digits kept as text (exceeds 32 bits)
  std::string name;          // as the bookmaker spells it

  bool operator==(const Outcome&) const = default;
};

// What makes two records "the same market": a record replaces the one with equal identity. The
// period is not part.
struct RecordId {
  std::string bookmaker;
  std::string bet_type;
  Source source = Source::Upcoming;
  std::string event_id;
  std::string segment = std::string(kFullTime);
  std::optional<Line> line;

  auto operator<=>(const RecordId&) const = default;
  std::string text() const;  // for messages: "BookieDelta three_way upcoming 9124285"
};

struct Record {
  std::string bookmaker;
  std::string bet_type;
  Source source = Source::Upcoming;
  std::string event_id;
  std::string segment = std::string(kFullTime);
  std::optional<Line> line;

  int period = 0;    // day index when it was mapped; names keys, is no part of identity or content
  std::string home;  // as the bookmaker spells it, "" = not known
  std::string away;
  std::optional<UtcMillis> start_time;
  std::string competition;
  std::string sport_id;
  std::string betradar_id;
  std::string target_date;  // local date of the kick-off in the bookmaker's zone, "2026-08-09", ""
                            // = not known

  std::string market_id;         // the bookmaker's
  Status status = Status::Open;  // the market's own; Closed also when it is no longer offered
  // false: the answer held the event but no longer this market. Such a sighting has no outcomes;
  // what a store keeps of it has the slots of before, all closed.
  bool offered = true;
  std::vector<Outcome> outcomes;  // in the bet type's order

  UtcMillis observed_at;  // when it was surely so: the answer was asked for, the message was heard
  UtcMillis changed_at;  // when its content last changed; set by the store, = observed_at for a new
                         // record

  RecordId id() const { return {bookmaker, bet_type, source, event_id, segment, line}; }
};

// What names of a record are made of, without copies; good for as long as what it was made of.
struct RecordIdView {
  // Of a RecordId or a Record.
  template <class Id>
  RecordIdView(const Id& id)
      : bookmaker(id.bookmaker),
        source(id.source),
        event_id(id.event_id),
        segment(id.segment),
        line(id.line) {}

  std::string_view bookmaker;
  Source source;
  std::string_view event_id, segment;
  std::optional<Line> line;
};

// Which members: all of them, as `map` and `show --json` print a record, or without those that
// repeat in the seed's words what ours say.
enum class RecordForm { Whole, Ours };
void write_json(JsonWriter& json, const Record& record);
std::string to_json(const Record& record, RecordForm form = RecordForm::Whole);
// The outcomes alone, as the record's member of that name holds them.
std::string outcomes_member(const Record& record);

// Reads what to_json wrote, without loss. Errors name the member.
Result<Record> parse_record(std::string_view json);

// What the record says, without when it was seen, as JSON; its hash: equal = nothing changed.
std::string content_json(const Record& record);
ContentHash content_hash(const Record& record);
// The above for one that needs several of them, a store: what they have in common is written once.
struct RecordText {
  std::string content;  // content_json(record)
  ContentHash hash;     // content_hash(record)
  std::size_t outcomes_at = 0, outcomes_end = 0;
  // outcomes_member(record)
  std::string_view outcomes() const {
    return std::string_view(content).substr(outcomes_at, outcomes_end - outcomes_at);
  }
  // to_json(record) is the first of these and what put_times() and put_rest() write; in our form it
  // is the second, what put_times() writes, and "}". The two times may have changed since.
  std::string_view whole_begin() const { return std::string_view(content).substr(0, outcomes_end); }
  std::string_view ours_begin() const {
    return std::string_view(content).substr(0, content.size() - 1);
  }
};
RecordText render(const Record& record);
void put_times(TextPen& pen, const Record& record);
void put_rest(TextPen& pen, const Record& record);

// What a newer sighting does not know (kick-off, names, ids) is kept from the older one.
void keep_what_is_known(Record& newer, const Record& older);

// A record that is no longer offered: the slots of `known` without a usable price. Observed at
// `at`.
Record withdrawn(const Record& known, UtcMillis at);

// The seed's key of a pair of teams: "home;away", folded to ASCII, without '?'.
std::string team_key(const Record& record);

}  // namespace oddsloom
