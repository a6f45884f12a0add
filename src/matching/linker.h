// Which events are the same match, by the first and surest tier: those to which their bookmakers
// give the same Betradar id. Facts in, links out; knows no store and no clock. linker_loop.h feeds
// it. Belongs to one thread. Sources: the bookmakers' list answers carry the id; that one id was
// seen with different teams, and what bookmakers do to names, was measured on recorded lists.
//
// Linked is what has the same id and canonical sport, kick-offs within a day, and names that do not
// contradict each other: home and away exchanged, a side with nothing in common and markers that
// exclude each other (women, U19) are contradictions, and such an event stays alone. So does a
// second event of the same bookmaker and source, unless it is called exactly the same.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "matching/names.h"
#include "store/links.h"

namespace oddsloom {

struct LinkFacts {
  EventId event;
  std::string betradar_id;  // as normal_betradar_id() gives it; "" = none
  std::string sport;        // canonical, "football"; "" = not known
  std::optional<UtcMillis> start_time;
  std::string home, away;  // "" = not known
  UtcMillis first_seen;    // orders members of a match by age
};

// "sr:match:61239123" and "61239123" -> "61239123"; "" where it is no id ("0", "abc").
std::string normal_betradar_id(std::string_view text);

struct LinkerCounts {
  std::uint64_t linked = 0;  // events
  std::uint64_t contradicted =
      0;  // events with an id that others have, kept apart from all of them
};

class Linker {
 public:
  // What an event is known by; facts that are not known now but were are kept. What is linked stays
  // linked, whatever its kick-off becomes, until its id, sport or names say otherwise.
  void offer(LinkFacts facts);
  // What the link book says, whoever wrote it: a link, also an undone one, and a forgotten one.
  void adopt(const Link& link);
  void adopt_forgotten(const EventId& event);

  // Links to be put, at most so many, the same again until put() says that they are. `at` dates
  // them.
  std::vector<Link> wanted(std::size_t most, UtcMillis at) const;
  void put(const std::vector<Link>& links);

  // Forgets, but for undone ones, events that kicked off before, or, where that is not known, were
  // first seen before.
  void forget_before(UtcMillis time);
  std::size_t size() const { return events_.size(); }
  LinkerCounts counts() const;

 private:
  struct Known {
    LinkFacts facts;
    FoldedSides sides;
    bool offered = false;  // false: known from the link book alone
    std::string match;     // "" = linked with nothing
    bool undone = false;
    bool contradicted = false;
    std::string evidence;
    double score = 1;
  };
  enum class Verdict { Same, Apart, Contradictory };

  static std::string group_of(const LinkFacts& facts);
  Verdict judge(const Known& a, const Known& b) const;
  void find_match(Known& event);
  void join(Known& event, Known& other);
  void leave(Known& event);
  void rename(const std::string& match);
  void set_match(Known& event, const std::string& match);
  void want(const Known& event) { wanted_.insert(event.facts.event); }

  std::map<EventId, Known> events_;
  std::unordered_map<std::string, std::set<EventId>> groups_;   // by sport and id
  std::unordered_map<std::string, std::set<EventId>> matches_;  // by match id, without undone ones
  std::set<EventId> wanted_;
  std::set<std::string> ids_taken_;  // of events whose links were undone
};

}  // namespace oddsloom
