// Maps, event fields, readings and forms: the parts of a bookmaker's file that say how an answer is
// read.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "bookmaker/spec_parts.h"

namespace oddsloom {
namespace {

const std::vector<Anchor> kInEvent{Anchor::Root, Anchor::Event, Anchor::Key};
const std::vector<Anchor> kOfMarket{Anchor::Root, Anchor::Event, Anchor::Key, Anchor::MarketKey};
const std::vector<Anchor> kOfSelection{Anchor::Root,   Anchor::Event,     Anchor::Key,
                                       Anchor::Market, Anchor::MarketKey, Anchor::SelectionKey};

// Texts on the left, outcomes on the right; compared without case, so kept in lower case.
std::vector<std::pair<std::string, std::size_t>> read_outcome_texts(Section& section,
                                                                    std::string_view key,
                                                                    const BetType& type) {
  std::vector<std::pair<std::string, std::size_t>> out;
  for (auto& [text, outcome] : section.pairs(key)) {
    const auto at = std::find(type.outcomes.begin(), type.outcomes.end(), outcome);
    if (at == type.outcomes.end())
      section.complain(key, no_such(type.name + ": outcomes", outcome, type.outcomes));
    out.emplace_back(to_lower_ascii(text), static_cast<std::size_t>(at - type.outcomes.begin()));
  }
  return out;
}

void check_template(Section& section, const std::string& text) {
  auto compiled = UrlTemplate::compile(text, {"home", "away"});
  if (!compiled) section.complain("teams", compiled.error().message);
}

OutcomeRules read_outcome_rules(Section section, const BetType& type) {
  static const std::vector<std::string> kWays{"code", "name", "teams", "position"};
  OutcomeRules rules;
  for (const std::string& way : section.texts("by")) {
    const auto at = std::find(kWays.begin(), kWays.end(), way);
    if (at == kWays.end())
      section.complain("by", no_such("code, name, teams, position", way, kWays));
    else
      rules.by.push_back(static_cast<MatchBy>(at - kWays.begin()));
  }
  rules.codes = read_outcome_texts(section, "codes", type);
  rules.names = read_outcome_texts(section, "names", type);
  rules.teams = section.pairs("teams");
  const auto check_outcome = [&](std::string_view key, const std::string& outcome) {
    if (std::find(type.outcomes.begin(), type.outcomes.end(), outcome) == type.outcomes.end())
      section.complain(key, no_such(type.name + ": outcomes", outcome, type.outcomes));
  };
  for (const auto& [outcome, text] : rules.teams) {
    check_outcome("teams", outcome);
    check_template(section, text);
  }
  rules.position = section.texts("position");
  for (const std::string& outcome : rules.position) check_outcome("position", outcome);
  if (rules.by.empty()) section.complain("by", "is missing: how selections are told apart");
  for (const MatchBy by : rules.by) {
    const std::array<bool, 4> given{!rules.codes.empty(), !rules.names.empty(),
                                    !rules.teams.empty(), !rules.position.empty()};
    static constexpr std::array<std::string_view, 4> kNeeds{"codes", "names", "teams", "position"};
    const auto i = static_cast<std::size_t>(by);
    if (!given.at(i)) section.complain(kNeeds.at(i), "is missing, 'by' names it");
  }
  section.finish();
  return rules;
}

}  // namespace

std::string no_such(std::string_view section, std::string_view name,
                    const std::vector<std::string>& known) {
  const auto near = nearest(name, known);
  return near ? fmt::format("there is no '{}' in {}; did you mean '{}'?", name, section, *near)
              : fmt::format("there is no '{}' in {}; there is {}", name, section,
                            fmt::join(known, ", "));
}

Expression read_expression(Section& section, std::string_view key, const Maps& maps,
                           const std::vector<Anchor>& reachable, bool required) {
  const auto text = required ? section.required_text(key) : section.text(key).value_or("");
  if (text.empty()) return {};
  auto compiled = compile_expression(text, maps, reachable);
  if (compiled) return *std::move(compiled);
  section.complain(key, compiled.error().message);
  return {};
}

EachPath read_each(Section& section, std::string_view key, const std::vector<Anchor>& reachable) {
  const auto text = section.text(key);
  if (!text) {
    if (!section.has(key)) section.complain(key, "is missing; such as \"markets[*]\"");
    return {};
  }
  auto compiled = compile_each(*text, reachable);
  if (compiled) return *std::move(compiled);
  section.complain(key, compiled.error().message);
  return {};
}

Path read_path(Section& section, std::string_view key, const std::vector<Anchor>& reachable) {
  const auto text = section.text(key);
  if (!text) return {};
  auto compiled = compile_each(*text, reachable);
  if (compiled && compiled->spread == Spread::One) return std::move(compiled->path);
  section.complain(key, compiled ? "expected the path of one thing" : compiled.error().message);
  return {};
}

Maps read_maps(Section& root) {
  Maps maps;
  auto outer = root.section("maps");
  if (!outer) return maps;
  for (const std::string& name : outer->keys()) {
    TextMap map;
    map.entries = outer->pairs(name);
    maps.emplace_back(name, std::make_shared<const TextMap>(std::move(map)));
  }
  return maps;
}

std::map<std::string, EventFields, std::less<>> read_event_fields(Section& root, const Maps& maps) {
  std::map<std::string, EventFields, std::less<>> out;
  for (Section& section : root.sections("events")) {
    EventFields fields;
    for (const auto& [key, field] : {std::pair<std::string_view, Expression*>{"id", &fields.id},
                                     {"home", &fields.home},
                                     {"away", &fields.away},
                                     {"start_time", &fields.start_time},
                                     {"competition", &fields.competition},
                                     {"sport_id", &fields.sport_id},
                                     {"betradar_id", &fields.betradar_id}})
      *field = read_expression(section, key, maps, kInEvent, false);
    fields.paused = read_expression(section, "paused", maps, kInEvent, false);
    fields.paused_among = section.texts("paused_among");
    if (fields.paused.empty() != fields.paused_among.empty())
      section.complain(fields.paused.empty() ? "paused" : "paused_among",
                       "is missing: 'paused' is read, and means a break where 'paused_among' names "
                       "what it says");
    for (const std::string& text : section.texts("look_when_changed")) {
      auto compiled = compile_expression(text, maps, kInEvent);
      if (compiled)
        fields.look_when_changed.push_back(*std::move(compiled));
      else
        section.complain("look_when_changed", compiled.error().message);
    }
    section.finish();
    out.emplace(section.name(), std::move(fields));
  }
  return out;
}

std::map<std::string, Reading, std::less<>> read_readings(Section& root, const Maps& maps,
                                                          const BetTypes& bet_types) {
  std::map<std::string, Reading, std::less<>> out;
  for (Section& section : root.sections("readings")) {
    Reading reading;
    reading.name = section.name();
    for (const char* key : {"market", "selection", "outcomes"})
      if (!section.has(key)) section.complain(key, "is missing");
    if (auto market = section.section("market")) {
      reading.market_id = read_expression(*market, "id", maps, kOfMarket, true);
      reading.market_bet_type = read_expression(*market, "bet_type", maps, kOfMarket, false);
      reading.line = read_expression(*market, "line", maps, kOfMarket, false);
      reading.instance = read_expression(*market, "instance", maps, kOfMarket, false);
      reading.market_status = read_expression(*market, "status", maps, kOfMarket, false);
      reading.selections = read_each(*market, "selections", kOfMarket);
      market->finish();
    }
    if (auto selection = section.section("selection")) {
      reading.selection_id = read_expression(*selection, "id", maps, kOfSelection, false);
      reading.selection_name = read_expression(*selection, "name", maps, kOfSelection, false);
      reading.code = read_expression(*selection, "code", maps, kOfSelection, false);
      reading.odds = read_expression(*selection, "odds", maps, kOfSelection, true);
      reading.selection_status = read_expression(*selection, "status", maps, kOfSelection, false);
      reading.selection_members =
          place_members({&reading.selection_id, &reading.selection_name, &reading.code,
                         &reading.odds, &reading.selection_status});
      selection->finish();
    }
    if (auto outcomes = section.section("outcomes")) {
      for (const BetType& type : bet_types.all())
        if (auto rules = outcomes->section(type.name))
          reading.outcomes.emplace(type.name, read_outcome_rules(*rules, type));
      outcomes->finish();
    }
    section.finish();
    out.emplace(section.name(), std::move(reading));
  }
  return out;
}

std::vector<Form> read_forms(Section& root, const Maps& maps, const CompiledSpec& spec) {
  std::vector<Form> out;
  if (!root.has("forms")) root.complain("forms", "is missing: no answer could be read");
  for (Section& section : root.sections("forms")) {
    Form form;
    form.name = section.name();
    form.source = read_source(section);
    if (!section.has("root")) section.complain("root", "is missing; object or list");
    form.root_is_array = section.choice("root", {"object", "list"}) == 1U;
    form.events = read_each(section, "events", {Anchor::Root});
    form.event_id = read_expression(section, "event_id", maps, {Anchor::Root, Anchor::Key}, true);
    form.event_at = read_path(section, "event_at", {Anchor::Root, Anchor::Key});
    form.markets = read_each(section, "markets", {Anchor::Root, Anchor::Event});
    for (const std::string& text : section.texts("required")) {
      auto path = compile_each(text, {Anchor::Root});
      if (path)
        form.required.push_back(std::move(path->path));
      else
        section.complain("required", path.error().message);
    }
    const auto names_of = [](const auto& map) {
      std::vector<std::string> names;
      for (const auto& [name, value] : map) names.push_back(name);
      return names;
    };
    if (const auto fields = section.text("fields")) {
      const auto at = spec.event_fields.find(*fields);
      if (at != spec.event_fields.end())
        form.fields = &at->second;
      else
        section.complain("fields", no_such("events", *fields, names_of(spec.event_fields)));
    }
    const std::string reading = section.required_text("reading");
    if (const auto at = spec.readings.find(reading); at != spec.readings.end())
      form.reading = &at->second;
    else if (!reading.empty())
      section.complain("reading", no_such("readings", reading, names_of(spec.readings)));
    section.finish();
    out.push_back(std::move(form));
  }
  return out;
}

}  // namespace oddsloom
