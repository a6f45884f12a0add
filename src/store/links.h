// Which events of bookmakers are the same match. A link is data: it says how it was found and by
// what evidence, and it can be undone; an undone link stays, so that it is not made again. Part of
// the store's contract (store.h). Values, and a port that belongs to one thread at a time.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/market.h"

namespace oddsloom {

// A bookmaker's listing of a match.
struct EventId {
  std::string bookmaker;
  Source source = Source::Upcoming;
  std::string event_id;
  auto operator<=>(const EventId&) const = default;
};

struct Link {
  EventId event;
  std::string match_id;  // match_id_of() its eldest event: 32 lower-case hex digits
  std::string method;    // "betradar"
  double score = 1;      // 0..1
  std::string evidence;  // one line, for people: "betradar 61239123, kick-off 0 s apart"
  UtcMillis linked_at;
  std::optional<UtcMillis> undone_at;
};

// The match of an event that nothing is linked with; stable for ever.
std::string match_id_of(const EventId& event);

// "BookieDelta live 9124285": for people and for keys. And back; errors: Malformed.
std::string to_text(const EventId& event);
Result<EventId> parse_event_id(std::string_view text);

// The link as one JSON object, and back. Errors name the member.
std::string to_json(const Link& link);
Result<Link> parse_link(std::string_view json);

class LinkBook {
 public:
  virtual ~LinkBook() = default;
  // All or nothing; replaces the link of an event that has one, unless that one was undone
  // (Conflict). Durable when it returns.
  virtual Result<void> put(const std::vector<Link>& links) = 0;
  // Once undone it stays so, with its first time. Errors: NotFound (no link).
  virtual Result<void> undo(const EventId& event, UtcMillis at) = 0;
  // Takes the link away, undone or not, so that it may be made again. Errors: NotFound (there never
  // was one).
  virtual Result<void> forget(const EventId& event) = 0;
  // Those put, undone or forgotten after `revision`, and the revision of now; 0 = all.
  struct Page {
    std::vector<Link> links;
    std::vector<EventId> forgotten;
    std::uint64_t revision = 0;
  };
  virtual Result<Page> read(std::uint64_t after_revision) = 0;
};

}  // namespace oddsloom
