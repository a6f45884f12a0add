// Bytes in, records out: reads one answer of a bookmaker by its spec. Pure; any thread (parsers are
// per thread). A price comes out right or not at all: what cannot be read is a problem with a JSON
// path, never a guess.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bookmaker/request.h"
#include "model/record.h"

namespace oddsloom {

// What a body is, before anything is read from it. Three different messages for an operator.
enum class AnswerKind {
  Good,        // JSON of a form the spec declares
  Blocked,     // a challenge or "access denied" page, by the spec's signs
  Page,        // other HTML where JSON was expected
  Truncated,   // JSON that ends too early
  NotJson,     // anything else that is no JSON
  OtherShape,  // JSON, but none of the forms the spec declares: the format has changed
};
std::string_view to_string(AnswerKind kind);

struct MarketNotOffered {
  std::string event_id;
  std::string bet_type;
};

struct Mapping {
  AnswerKind kind = AnswerKind::Good;
  std::string message;          // when not Good: what was seen, for people
  std::string form;             // which of the declared forms it was
  std::vector<Record> records;  // offered ones, observed_at and changed_at = context's
  std::vector<MarketNotOffered> not_offered;  // the event is there, the market is not
  // There are records of this bet type with lines, but some of it could not be read: lines that
  // have no record may be among that.
  std::vector<MarketNotOffered> partly_read;
  std::vector<std::string> missing_events;  // asked for, not in the answer at all
  std::vector<std::string>
      problems;  // "[3].markets[0].selections[1].odds: 'abc' is not a decimal number"
};

struct MappingContext {
  Source source = Source::Upcoming;
  UtcMillis observed_at;
  // The events asked for with what is known of them. Their names, kick-off, competition and sport
  // win over the answer's. Events of the answer that were not asked for are left out, unless
  // `any_event`.
  const std::vector<WantedEvent>* events = nullptr;
  bool any_event = false;  // take every event, for `any_bet_types`
  std::set<std::string> any_bet_types;
  std::string any_sport_id{};  // of events for which neither they nor the answer name one
  // With any_event: what is known of an event that nobody asked for, null = nothing. Its members
  // win as those of `events` do. What it points to stays until the mapping has ended.
  std::function<const WantedEvent*(std::string_view event_id)> known{};
};

Mapping map_answer(const Bookmaker& bookmaker, const BetTypes& bet_types,
                   const MappingContext& context, std::string_view body);

// How map_answer goes about it. Both give the same; the tests hold them against each other.
enum class ReadAnswer {
  AsPays,     // an excerpt where the answer is much larger than what is wanted of it
  Whole,      // every byte becomes part of a document
  AsExcerpt,  // an excerpt wherever one can be made
};
Mapping map_answer(const Bookmaker& bookmaker, const BetTypes& bet_types,
                   const MappingContext& context, std::string_view body, ReadAnswer how);

// Whether a record whose price is asked for by the spec may be missing for an event that is missing
// altogether. live: an event without any of the markets asked for is simply not in the answer
// (oddity 7).
enum class MissingEvent { NotOffered, Gone };
MissingEvent missing_event_means(const Bookmaker& bookmaker, Source source);

}  // namespace oddsloom
