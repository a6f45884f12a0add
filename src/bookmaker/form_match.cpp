#include "bookmaker/form_match.h"

#include <fmt/format.h>

#include <algorithm>

namespace oddsloom {
namespace {

constexpr std::size_t kEventsLookedAt = 16;

// A list of objects, or an object of objects and lists; empty ones will do.
bool can_be_markets(const EachPath& markets, const Scope& scope) {
  bool objects = true;
  const Found found = for_each(markets, scope, [&](dom::element market, std::string_view, auto) {
    objects = objects && market.is_object();
  });
  return found == Found::Yes && objects;
}

bool is_event_of(const CompiledSpec& spec, const Form& form, Scope scope) {
  std::string scratch;
  const FoundText id = read_text(form.event_id, scope, scratch);
  if (id.found != Found::Yes || !spec.is_event_id(id.text)) return false;
  dom::element member;
  return std::all_of(form.required.begin(), form.required.end(),
                     [&](const Path& path) { return find(path, scope, member) == Found::Yes; }) &&
         can_be_markets(form.markets, scope);
}

bool matches(const CompiledSpec& spec, const Form& form, dom::element root) {
  if (form.root_is_array ? !root.is_array() : !root.is_object()) return false;
  std::size_t looked_at = 0, fitting = 0;
  Scope scope{root, root, root, root, {}};
  const Found found =
      for_each(form.events, scope, [&](dom::element event, std::string_view key, auto) {
        if (looked_at == kEventsLookedAt) return;
        ++looked_at;
        if (is_event_of(spec, form, {root, event, event, event, key})) ++fitting;
      });
  return found == Found::Yes && fitting * 2 >= looked_at && (looked_at == 0 || fitting > 0);
}

}  // namespace

const Form* match_form(const CompiledSpec& spec, Source source, dom::element root) {
  for (const Form& form : spec.forms)
    if (form.source == source && matches(spec, form, root)) return &form;
  return nullptr;
}

std::string expected_forms(const CompiledSpec& spec, Source source) {
  std::string out;
  for (const Form& form : spec.forms) {
    if (form.source != source) continue;
    const std::string each = place_of("", form.events, "*", 0);
    out += fmt::format(
        "{}{} ({}{} with its markets)", out.empty() ? "" : " or ", form.name,
        form.root_is_array ? "a list: " : "an object: ", each.empty() ? "one event" : each);
  }
  return out;
}

bool is_empty_answer(dom::element root) {
  if (root.is_array()) return root.get_array().value_unsafe().size() == 0;
  return root.is_object() && root.get_object().value_unsafe().size() == 0;
}

}  // namespace oddsloom
