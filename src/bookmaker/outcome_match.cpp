#include "bookmaker/outcome_match.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace oddsloom {
namespace {

using Assignment = std::vector<std::optional<std::size_t>>;

constexpr std::string_view kHome = "{home}", kAway = "{away}";

std::optional<std::size_t> index_of(const BetType& type, std::string_view outcome) {
  const auto at = std::find(type.outcomes.begin(), type.outcomes.end(), outcome);
  if (at == type.outcomes.end()) return std::nullopt;
  return static_cast<std::size_t>(at - type.outcomes.begin());
}

std::size_t assigned(const Assignment& assignment) {
  return static_cast<std::size_t>(std::count_if(assignment.begin(), assignment.end(),
                                                [](const auto& one) { return one.has_value(); }));
}

// Every selection is another outcome.
bool is_complete(const Assignment& assignment, const BetType& type) {
  if (assignment.size() > type.outcomes.size()) return false;
  for (auto at = assignment.begin(); at != assignment.end(); ++at)
    if (!*at || std::find(assignment.begin(), at, *at) != at) return false;
  return true;
}

// All of these write into an assignment that says nothing yet.

void by_table(const std::vector<std::pair<std::string, std::size_t>>& table,
              std::string_view SelectionText::*part, std::span<const SelectionText> selections,
              Assignment& out) {
  for (std::size_t i = 0; i < selections.size(); ++i)
    for (const auto& [text, outcome] : table)
      if (equals_ignore_case_ascii(selections[i].*part, text)) out[i] = outcome;
}

std::string fill(std::string_view pattern, const TeamNames& teams) {
  std::string out;
  while (!pattern.empty()) {
    if (pattern.starts_with(kHome)) {
      out += teams.home;
      pattern.remove_prefix(kHome.size());
    } else if (pattern.starts_with(kAway)) {
      out += teams.away;
      pattern.remove_prefix(kAway.size());
    } else {
      out += pattern.front();
      pattern.remove_prefix(1);
    }
  }
  return out;
}

// With the names filled in, a template is the whole text of a selection. Teams whose names make two
// templates equal ("Draw" v "Rovers") leave the market untold.
void by_teams(const OutcomeRules& rules, const BetType& type,
              std::span<const SelectionText> selections, const TeamNames& teams, Assignment& out) {
  for (std::size_t i = 0; i < selections.size(); ++i) {
    for (const auto& [outcome, pattern] : rules.teams) {
      if (!equals_ignore_case_ascii(selections[i].name, fill(pattern, teams))) continue;
      if (out[i]) {
        out[i].reset();
        break;
      }
      out[i] = index_of(type, outcome);
    }
  }
}

const std::string* template_of(const OutcomeRules& rules, std::string_view outcome) {
  for (const auto& [name, pattern] : rules.teams)
    if (name == outcome) return &pattern;
  return nullptr;
}

// The text that stands for the only name in a pattern; nothing when the rest does not fit.
std::optional<std::string> name_in(std::string_view text, std::string_view pattern,
                                   std::string_view place) {
  const std::size_t at = pattern.find(place);
  const std::string_view before = pattern.substr(0, at), after = pattern.substr(at + place.size());
  if (text.size() <= before.size() + after.size()) return std::nullopt;
  const std::string_view inner =
      text.substr(before.size(), text.size() - before.size() - after.size());
  if (!equals_ignore_case_ascii(text.substr(0, before.size()), before) ||
      !equals_ignore_case_ascii(text.substr(before.size() + inner.size()), after))
    return std::nullopt;
  return std::string(trim(inner));
}

// The order of the feed, borne out by the templates: what one selection calls a team, the others
// must call it too, and "draw" must be where it belongs.
bool position_holds(const OutcomeRules& rules, std::span<const SelectionText> selections,
                    TeamNames& teams) {
  const auto learn = [](std::string& name, std::optional<std::string> seen) {
    if (!seen || equals_ignore_case_ascii(*seen, "draw")) return false;
    if (!name.empty()) return equals_ignore_case_ascii(name, *seen);
    name = *std::move(seen);
    return true;
  };
  for (std::size_t i = 0; i < selections.size(); ++i) {
    const std::string* pattern = template_of(rules, rules.position[i]);
    if (!pattern) continue;
    const bool home = pattern->find(kHome) != std::string::npos;
    const bool away = pattern->find(kAway) != std::string::npos;
    if (home && !away && !learn(teams.home, name_in(selections[i].name, *pattern, kHome)))
      return false;
    if (away && !home && !learn(teams.away, name_in(selections[i].name, *pattern, kAway)))
      return false;
    if (!home && !away && !equals_ignore_case_ascii(selections[i].name, *pattern)) return false;
  }
  for (std::size_t i = 0; i < selections.size(); ++i) {
    const std::string* pattern = template_of(rules, rules.position[i]);
    if (!pattern || pattern->find(kHome) == std::string::npos ||
        pattern->find(kAway) == std::string::npos)
      continue;
    if (!teams.known() || !equals_ignore_case_ascii(selections[i].name, fill(*pattern, teams)))
      return false;
  }
  return true;
}

std::string names_of(std::span<const SelectionText> selections) {
  std::string out;
  for (const SelectionText& selection :
       selections.first(std::min<std::size_t>(selections.size(), 4)))
    out += fmt::format("{}'{}'", out.empty() ? "" : ", ",
                       selection.name.empty() ? selection.code : selection.name);
  return selections.size() > 4 ? out + ", .." : out;
}

class Matcher {
 public:
  Matcher(const OutcomeRules& rules, const BetType& type, std::span<const SelectionText> selections,
          std::span<const TeamNames> known, OutcomeMatch& out)
      : rules_(rules), type_(type), selections_(selections), known_(known), best_(out) {}

  void run() {
    best_.outcome.assign(selections_.size(), std::nullopt);
    best_.problem.clear();
    best_.teams.home.clear();
    best_.teams.away.clear();
    for (const MatchBy by : rules_.by)
      if (attempt(by)) return;
    if (best_.problem.empty())
      best_.problem = fmt::format("cannot tell which of {} is which outcome of {}",
                                  names_of(selections_), type_.name);
  }

 private:
  bool attempt(MatchBy by) {
    switch (by) {
      case MatchBy::Code:
        return take([&](Assignment& out) {
          by_table(rules_.codes, &SelectionText::code, selections_, out);
        });
      case MatchBy::Name:
        return take([&](Assignment& out) {
          by_table(rules_.names, &SelectionText::name, selections_, out);
        });
      case MatchBy::Teams:
        return std::any_of(known_.begin(), known_.end(), [&](const TeamNames& teams) {
          return teams.known() &&
                 take([&](Assignment& out) { by_teams(rules_, type_, selections_, teams, out); });
        });
      case MatchBy::Position:
        return by_position();
    }
    return false;
  }

  // What tells more than the best so far takes its place. Nothing is the usual best so far.
  bool take(const auto& assign) {
    const std::size_t before = assigned(best_.outcome);
    if (before == 0) {
      assign(best_.outcome);
      return is_complete(best_.outcome, type_);
    }
    Assignment assignment(selections_.size());
    assign(assignment);
    const bool complete = is_complete(assignment, type_);
    if (complete || assigned(assignment) > before) best_.outcome = std::move(assignment);
    return complete;
  }

  bool by_position() {
    if (selections_.size() != rules_.position.size()) return false;
    TeamNames seen;
    if (!position_holds(rules_, selections_, seen)) return false;
    for (const TeamNames& teams : known_) {
      if (!teams.known() || !seen.known()) continue;
      if (const NamesAgree agree = compare_names(teams, seen); agree != NamesAgree::Same) {
        best_.problem = fmt::format("'{}' v '{}' is called '{}' v '{}' here", teams.home,
                                    teams.away, seen.home, seen.away);
        best_.outcome.assign(selections_.size(), std::nullopt);
        best_.teams = seen;
        return false;
      }
    }
    for (std::size_t i = 0; i < selections_.size(); ++i)
      best_.outcome[i] = index_of(type_, rules_.position[i]);
    best_.teams = seen;
    return true;
  }

  const OutcomeRules& rules_;
  const BetType& type_;
  std::span<const SelectionText> selections_;
  std::span<const TeamNames> known_;
  OutcomeMatch& best_;
};

}  // namespace

void match_outcomes(const OutcomeRules& rules, const BetType& type,
                    std::span<const SelectionText> selections, std::span<const TeamNames> known,
                    OutcomeMatch& out) {
  Matcher(rules, type, selections, known, out).run();
}

}  // namespace oddsloom
