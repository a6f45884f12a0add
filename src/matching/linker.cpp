#include "matching/linker.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace oddsloom {
namespace {

constexpr Millis kDay{24 * 3'600'000};
constexpr std::string_view kMethod = "betradar";
constexpr std::size_t kMostDigits = 12;

bool called_the_same(const FoldedSides& a, const FoldedSides& b) {
  return !a.home.empty() && !a.away.empty() && a.home.words == b.home.words &&
         a.away.words == b.away.words && a.home.markers == b.home.markers &&
         a.away.markers == b.away.markers;
}

std::string apart_text(const LinkFacts& a, const LinkFacts& b) {
  if (!a.start_time || !b.start_time) return "kick-off not known of both";
  const Millis apart = std::chrono::abs(*a.start_time - *b.start_time);
  return fmt::format("kick-off {} s apart", apart.count() / 1000);
}

// Whoever was there first; of what was there at once, by name.
bool elder(const LinkFacts& a, const LinkFacts& b) {
  return std::tie(a.first_seen, a.event) < std::tie(b.first_seen, b.event);
}

}  // namespace

std::string normal_betradar_id(std::string_view text) {
  constexpr std::string_view kUrn = "sr:match:";
  if (text.starts_with(kUrn)) text.remove_prefix(kUrn.size());
  while (text.starts_with('0')) text.remove_prefix(1);
  const bool digits =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && text.size() <= kMostDigits ? std::string(text) : std::string();
}

std::string Linker::group_of(const LinkFacts& facts) {
  if (facts.sport.empty() || facts.betradar_id.empty()) return {};
  return fmt::format("{} {}", facts.sport, facts.betradar_id);
}

Linker::Verdict Linker::judge(const Known& a, const Known& b) const {
  const auto &one = a.facts, &two = b.facts;
  if (group_of(one) != group_of(two)) return Verdict::Apart;
  const SameSides sides = compare_sides(a.sides, b.sides);
  const bool times = one.start_time && two.start_time;
  if (times && std::chrono::abs(*one.start_time - *two.start_time) > kDay) return Verdict::Apart;
  if (sides == SameSides::No || sides == SameSides::Reversed) return Verdict::Contradictory;
  // The id alone is too little.
  if (sides == SameSides::Unknown && !times) return Verdict::Apart;
  const bool twice =
      one.event.bookmaker == two.event.bookmaker && one.event.source == two.event.source;
  return twice && !called_the_same(a.sides, b.sides) ? Verdict::Contradictory : Verdict::Same;
}

void Linker::offer(LinkFacts facts) {
  Known& known = events_[facts.event];
  LinkFacts& now = known.facts;
  const std::string group_before = known.offered ? group_of(now) : "";
  const bool first = !known.offered;
  if (first) now.first_seen = facts.first_seen;
  now.event = facts.event;
  now.first_seen = std::min(now.first_seen, facts.first_seen);
  bool changed = first;
  const auto learn = [&](auto& target, auto& value, bool is_known) {
    if (!is_known || target == value) return;
    target = std::move(value);
    changed = true;
  };
  learn(now.betradar_id, facts.betradar_id, !facts.betradar_id.empty());
  learn(now.sport, facts.sport, !facts.sport.empty());
  learn(now.start_time, facts.start_time, facts.start_time.has_value());
  learn(now.home, facts.home, !facts.home.empty());
  learn(now.away, facts.away, !facts.away.empty());
  if (!changed) return;
  known.offered = true;
  known.sides = {fold_name(now.home), fold_name(now.away)};
  if (const std::string group = group_of(now); group != group_before) {
    if (const auto old = groups_.find(group_before); old != groups_.end()) {
      old->second.erase(now.event);
      if (old->second.empty()) groups_.erase(old);
    }
    if (!group.empty()) groups_[group].insert(now.event);
  }
  if (known.undone) return;
  if (!known.match.empty()) {
    const auto& members = matches_[known.match];
    const bool fits = std::all_of(members.begin(), members.end(), [&](const EventId& id) {
      const Known& other = events_.at(id);
      // A kick-off that was moved does not part what was one match.
      if (id == now.event || !other.offered) return true;
      return group_of(other.facts) == group_of(now) &&
             judge(known, other) != Verdict::Contradictory;
    });
    if (fits) return;
    leave(known);
  }
  find_match(known);
}

// Of the matches, and of the single events, that have the same id and none of whose members
// contradicts, the one whose eldest member is the eldest.
void Linker::find_match(Known& event) {
  event.contradicted = false;
  const auto group = groups_.find(group_of(event.facts));
  if (group == groups_.end()) return;
  Known* best = nullptr;
  bool others = false;
  for (const EventId& id : group->second) {
    Known& other = events_.at(id);
    if (id == event.facts.event || other.undone) continue;
    others = true;
    if (judge(event, other) != Verdict::Same) continue;
    if (!other.match.empty()) {
      const auto& members = matches_.at(other.match);
      if (std::any_of(members.begin(), members.end(), [&](const EventId& member) {
            const Known& mate = events_.at(member);
            return mate.offered && judge(event, mate) == Verdict::Contradictory;
          }))
        continue;
    }
    if (!best || elder(other.facts, best->facts)) best = &other;
  }
  if (best)
    join(event, *best);
  else
    event.contradicted = others;
}

void Linker::join(Known& event, Known& other) {
  const bool named = compare_sides(event.sides, other.sides) == SameSides::Yes;
  event.evidence = fmt::format("betradar {}, {}, names {}, with {}", event.facts.betradar_id,
                               apart_text(event.facts, other.facts),
                               named ? "agree" : "not known of both", to_text(other.facts.event));
  event.score = named ? 1 : 0.9;
  if (other.match.empty()) {
    other.evidence = fmt::format("betradar {}, {}, names {}, with {}", other.facts.betradar_id,
                                 apart_text(event.facts, other.facts),
                                 named ? "agree" : "not known of both", to_text(event.facts.event));
    other.score = event.score;
    other.contradicted = false;
    const Known& eldest = elder(event.facts, other.facts) ? event : other;
    set_match(other, match_id_of(eldest.facts.event));
    want(other);
  }
  set_match(event, other.match);
  want(event);
}

void Linker::set_match(Known& event, const std::string& match) {
  if (event.match == match) return;
  if (const auto old = matches_.find(event.match); old != matches_.end()) {
    old->second.erase(event.facts.event);
    if (old->second.empty()) matches_.erase(old);
  }
  event.match = match;
  if (!match.empty()) matches_[match].insert(event.facts.event);
}

// It is a match of its own from now on; what it left goes on under another id if it went by its.
void Linker::leave(Known& event) {
  const std::string left = event.match;
  const std::string own = match_id_of(event.facts.event);
  set_match(event, "");
  if (left == own) rename(left);
  set_match(event, own);
  event.evidence = "parted: id, sport or names changed";
  event.score = 1;
  want(event);
}

void Linker::rename(const std::string& match) {
  const auto found = matches_.find(match);
  if (found == matches_.end()) return;
  const std::set<EventId> members = found->second;
  const auto eldest =
      std::min_element(members.begin(), members.end(), [&](const EventId& a, const EventId& b) {
        return elder(events_.at(a).facts, events_.at(b).facts);
      });
  const std::string id = match_id_of(*eldest);
  for (const EventId& member : members) {
    Known& known = events_.at(member);
    set_match(known, id);
    want(known);
  }
}

void Linker::adopt(const Link& link) {
  Known& known = events_[link.event];
  if (!known.offered) {
    known.facts.event = link.event;
    known.facts.first_seen = std::min(
        known.facts.first_seen.value ? known.facts.first_seen : link.linked_at, link.linked_at);
  }
  known.undone = link.undone_at.has_value();
  known.evidence = link.evidence;
  known.score = link.score;
  wanted_.erase(link.event);
  set_match(known, known.undone ? "" : link.match_id);
  // Whoever was taken out of a match goes by its own id, and the others must not.
  if (known.undone) ids_taken_.insert(match_id_of(link.event));
  const std::string left = known.undone ? match_id_of(link.event) : link.match_id;
  if (ids_taken_.contains(left)) rename(left);
}

void Linker::adopt_forgotten(const EventId& event) {
  const auto found = events_.find(event);
  if (found == events_.end()) return;
  Known& known = found->second;
  known.undone = false;
  ids_taken_.erase(match_id_of(event));
  set_match(known, "");
  wanted_.erase(event);
  if (known.offered) find_match(known);
}

std::vector<Link> Linker::wanted(std::size_t most, UtcMillis at) const {
  std::vector<Link> out;
  for (const EventId& event : wanted_) {
    if (out.size() >= most) break;
    const Known& known = events_.at(event);
    out.push_back(
        {event, known.match, std::string(kMethod), known.score, known.evidence, at, std::nullopt});
  }
  return out;
}

void Linker::put(const std::vector<Link>& links) {
  for (const Link& link : links)
    if (const auto found = events_.find(link.event);
        found == events_.end() || found->second.match == link.match_id)
      wanted_.erase(link.event);
}

void Linker::forget_before(UtcMillis time) {
  for (auto at = events_.begin(); at != events_.end();) {
    Known& known = at->second;
    if (known.undone || known.facts.start_time.value_or(known.facts.first_seen) >= time) {
      ++at;
      continue;
    }
    set_match(known, "");
    wanted_.erase(at->first);
    if (const auto group = groups_.find(group_of(known.facts)); group != groups_.end()) {
      group->second.erase(at->first);
      if (group->second.empty()) groups_.erase(group);
    }
    at = events_.erase(at);
  }
}

LinkerCounts Linker::counts() const {
  LinkerCounts out;
  for (const auto& [event, known] : events_) {
    if (!known.match.empty() && !known.undone) ++out.linked;
    if (known.contradicted) ++out.contradicted;
  }
  return out;
}

}  // namespace oddsloom
