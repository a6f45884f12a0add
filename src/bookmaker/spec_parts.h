// The parts of a bookmaker's file, each read from its section into its compiled form; load_spec.cpp
// puts them together. Mistakes go into the sections' problem list. Start-up only; one thread.
#pragma once

#include "bookmaker/compiled_spec.h"
#include "bookmaker/spec_reader.h"

namespace oddsloom {

Maps read_maps(Section& root);
std::vector<Sport> read_sports(Section& root, const BetTypes& bet_types);
std::vector<Endpoint> read_endpoints(Section& root);
std::vector<List> read_lists(Section& root, const Maps& maps, const CompiledSpec& spec);
std::map<std::string, EventFields, std::less<>> read_event_fields(Section& root, const Maps& maps);
std::map<std::string, Reading, std::less<>> read_readings(Section& root, const Maps& maps,
                                                          const BetTypes& bet_types);
std::vector<Form> read_forms(Section& root, const Maps& maps, const CompiledSpec& spec);
std::vector<Feed> read_feeds(Section& root, const Maps& maps);
BrowserSpec read_browser(Section& root, const CompiledSpec& spec);  // after lists and forms
// By source. After feeds and browser, which `out` holds.
std::array<std::vector<ListenWay>, 2> read_listen(Section& root, const Bookmaker& out);

// An expression, path or each-path under a key; complains and gives an empty one when it cannot be
// compiled.
Expression read_expression(Section& section, std::string_view key, const Maps& maps,
                           const std::vector<Anchor>& reachable, bool required);
Path read_path(Section& section, std::string_view key, const std::vector<Anchor>& reachable);
EachPath read_each(Section& section, std::string_view key, const std::vector<Anchor>& reachable);
Source read_source(Section& section);

// "there is no [events.livee]; did you mean 'live'?"
std::string no_such(std::string_view section, std::string_view name,
                    const std::vector<std::string>& known);

}  // namespace oddsloom
