#include "bookmaker/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace oddsloom {
namespace {

void put_number(auto number, std::string& out) {
  std::array<char, 24> digits{};
  out.assign(digits.data(), std::to_chars(digits.begin(), digits.end(), number).ptr);
}

// A scalar as text. Numbers come out as they stand in a document: whole ones by their digits,
// others in the shortest form that reads back as the same number.
bool scalar_text(dom::element element, std::string& scratch, FoundText& out) {
  out.is_text = false;
  switch (element.type()) {
    case dom::element_type::STRING:
      out.text = element.get_string().value_unsafe();
      out.is_text = true;
      return true;
    case dom::element_type::INT64:
      put_number(element.get_int64().value_unsafe(), scratch);
      break;
    case dom::element_type::UINT64:
      put_number(element.get_uint64().value_unsafe(), scratch);
      break;
    case dom::element_type::DOUBLE:
      scratch.clear();
      fmt::format_to(std::back_inserter(scratch), "{}", element.get_double().value_unsafe());
      break;
    case dom::element_type::BOOL:
      scratch = element.get_bool().value_unsafe() ? "true" : "false";
      break;
    default:
      return false;
  }
  out.text = scratch;
  return true;
}

bool member_is(dom::element element, const Step& step) {
  dom::element member;
  if (!element.is_object() || element[step.name].get(member) != simdjson::SUCCESS) return false;
  std::string scratch;
  FoundText text;
  return scalar_text(member, scratch, text) && text.text == step.value;
}

Found take(const Step& step, dom::element& at) {
  if (at.is_null()) return Found::Null;
  if (step.kind == Step::Kind::Member) {
    dom::object object;
    if (at.get(object) != simdjson::SUCCESS) return Found::WrongType;
    return object.at_key(step.name).get(at) == simdjson::SUCCESS ? Found::Yes : Found::Missing;
  }
  dom::array array;
  if (at.get(array) != simdjson::SUCCESS) return Found::WrongType;
  if (step.kind == Step::Kind::Index)
    return array.at(step.index).get(at) == simdjson::SUCCESS ? Found::Yes : Found::Missing;
  for (const dom::element element : array)
    if (member_is(element, step)) {
      at = element;
      return Found::Yes;
    }
  return Found::Missing;
}

// "250" two places to the left is "2.50"; anything but an integer is refused, never rounded.
bool shift(std::string_view text, int places, std::string& out) {
  const auto number = parse_int(text);
  if (!number) return false;
  std::string digits(text.front() == '-' ? text.substr(1) : text);
  const auto wanted = static_cast<std::size_t>(places) + 1;
  if (digits.size() < wanted) digits.insert(0, wanted - digits.size(), '0');
  digits.insert(digits.size() - static_cast<std::size_t>(places), ".");
  out = (*number < 0 ? "-" : "") + digits;
  return true;
}

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string out;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what)) {
    out.append(text.substr(0, at)).append(with);
    text.remove_prefix(at + what.size());
  }
  return out.append(text);
}

bool is_zero(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '0' || c == '.' || c == '-'; });
}

// False: the value is refused, which to a coalesce is as if it were not there.
bool apply(const Op& op, std::string_view& text, std::string& scratch) {
  std::string made;
  switch (op.kind) {
    case OpKind::Trim:
      text = trim(text);
      return true;
    case OpKind::Nonzero:
      return !is_zero(text);
    case OpKind::Digits:
      return !text.empty() &&
             std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    case OpKind::Before:
      if (text.find(op.first) == std::string_view::npos) return false;
      text = text.substr(0, text.find(op.first));
      return true;
    case OpKind::After:
      if (text.find(op.first) == std::string_view::npos) return false;
      text = text.substr(text.find(op.first) + op.first.size());
      return true;
    case OpKind::StripPrefix:
      if (text.starts_with(op.first)) text.remove_prefix(op.first.size());
      return true;
    case OpKind::StripSuffix:
      if (text.ends_with(op.first)) text.remove_suffix(op.first.size());
      return true;
    case OpKind::Map: {
      const std::string* mapped = op.map->find(text);
      if (mapped) text = *mapped;
      return mapped != nullptr;
    }
    case OpKind::Lower:
      made = to_lower_ascii(text);
      break;
    case OpKind::Upper:
      made = text;
      std::transform(made.begin(), made.end(), made.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      });
      break;
    case OpKind::Replace:
      made = replaced(text, op.first, op.second);
      break;
    case OpKind::Shift:
      if (!shift(text, op.places, made)) return false;
      break;
  }
  scratch = std::move(made);
  text = scratch;
  return true;
}

// What an element says, into `out`. False: it is no scalar, which `out` tells.
bool read_scalar(dom::element element, std::string& scratch, FoundText& out) {
  if (element.is_null()) {
    out.found = Found::Null;
  } else if (!scalar_text(element, scratch, out)) {
    out.found = Found::WrongType;
    out.text = element.is_array() ? "a list" : "an object";
  } else {
    out.found = Found::Yes;
    return true;
  }
  return false;
}

// Of what is no member of an object: none at all.
std::string_view key_of(Anchor anchor, const Scope& scope) {
  if (anchor == Anchor::MarketKey) return scope.market_key;
  return anchor == Anchor::SelectionKey ? scope.selection_key : scope.key;
}

FoundText read_alternative(const Alternative& alternative, const Scope& scope,
                           std::string& scratch) {
  FoundText out;
  out.where = alternative.path.text;
  if (is_key(alternative.path.anchor)) {
    out.text = key_of(alternative.path.anchor, scope);
    if (!out.text.data()) return out;
    out.found = Found::Yes;
  } else {
    dom::element element;
    out.found = find(alternative.path, scope, element);
    if (out.found != Found::Yes || !read_scalar(element, scratch, out)) return out;
  }
  for (const Op& op : alternative.ops)
    if (!apply(op, out.text, scratch)) {
      out.found = Found::Unmapped;
      return out;
    }
  return out;
}

// Names are short: comparing them costs less than calling for it.
bool is_name(std::string_view key, std::string_view name) {
  if (key.size() != name.size()) return false;
  std::size_t at = 0;
  while (at < key.size() && key[at] == name[at]) ++at;
  return at == key.size();
}

}  // namespace

const std::string* TextMap::find(std::string_view text) const {
  const std::string* otherwise = nullptr;
  for (const auto& [from, to] : entries) {
    if (from == text) return &to;
    if (from == "*") otherwise = &to;
  }
  return otherwise;
}

Found find(const Path& path, const Scope& scope, dom::element& out) {
  if (scope.members && path.place >= 0) {
    const auto place = static_cast<std::size_t>(path.place);
    if ((scope.members->there >> place & 1U) == 0) return Found::Missing;
    out = scope.members->values[place];
    for (std::size_t i = 1; i < path.steps.size(); ++i)
      if (const Found found = take(path.steps[i], out); found != Found::Yes) return found;
    return Found::Yes;
  }
  switch (path.anchor) {
    case Anchor::Here:
      out = scope.here;
      break;
    case Anchor::Root:
      out = scope.root;
      break;
    case Anchor::Event:
      out = scope.event;
      break;
    case Anchor::Market:
      out = scope.market;
      break;
    case Anchor::Key:
    case Anchor::MarketKey:
    case Anchor::SelectionKey:
      return Found::WrongType;
  }
  for (const Step& step : path.steps)
    if (const Found found = take(step, out); found != Found::Yes) return found;
  return Found::Yes;
}

bool read_members(const std::vector<std::string>& names, dom::element object, Members& out) {
  out.there = 0;
  if (!object.is_object()) return false;
  const std::uint32_t all = (1U << names.size()) - 1;
  const dom::object members = object.get_object().value_unsafe();
  for (auto at = members.begin(); at != members.end() && out.there != all; ++at) {
    const std::string_view key = at.key();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!is_name(key, names[i])) continue;
      if ((out.there >> i & 1U) == 0) out.values[i] = at.value();
      out.there |= 1U << i;
      break;
    }
  }
  return true;
}

FoundText read_text(const Expression& expression, const Scope& scope, std::string& scratch) {
  if (scope.members && expression.member >= 0) {
    const auto place = static_cast<std::size_t>(expression.member);
    FoundText out;
    out.where = expression.place();
    if ((scope.members->there >> place & 1U) == 0) return out;
    const dom::element element = scope.members->values[place];
    if (element.is_string()) {
      out.found = Found::Yes;
      out.text = element.get_string().value_unsafe();
    } else {
      read_scalar(element, scratch, out);
    }
    return out;
  }
  if (expression.alternatives.size() == 1)
    return read_alternative(expression.alternatives.front(), scope, scratch);
  FoundText best;
  const Alternative* of_best = nullptr;
  for (const Alternative& alternative : expression.alternatives) {
    const FoundText found = read_alternative(alternative, scope, scratch);
    if (found.found == Found::Yes) return found;
    // What says most about why nothing was found: the first alternative that is at least there.
    if (!of_best || best.found == Found::Missing) {
      best = found;
      of_best = &alternative;
    }
  }
  // Later alternatives may have overwritten the scratch it points into.
  if (best.found == Found::Unmapped) return read_alternative(*of_best, scope, scratch);
  return best;
}

std::string place_in(std::string_view parent, std::string_view path) {
  std::string out(parent);
  if (!out.empty() && !path.empty() && path.front() != '[') out += '.';
  return out.append(path);
}

std::string place_of(std::string_view parent, const EachPath& each, std::string_view key,
                     std::size_t index) {
  std::string list =
      place_in(each.path.anchor == Anchor::Here ? parent : std::string_view(), each.path.text);
  switch (each.spread) {
    case Spread::One:
      return list;
    case Spread::Elements:
      return fmt::format("{}[{}]", list, index);
    case Spread::Members:
      return place_in(list, key);
  }
  return list;
}

std::string explain(const FoundText& found) {
  switch (found.found) {
    case Found::Yes:
      return fmt::format("'{}'", found.text);
    case Found::Missing:
      return "missing";
    case Found::Null:
      return "null";
    case Found::WrongType:
      return fmt::format("expected text or a number, found {}",
                         found.text.empty() ? "something else" : found.text);
    case Found::Unmapped:
      return fmt::format("'{}' is not a value that is known here", found.text.substr(0, 40));
  }
  return "unreadable";
}

}  // namespace oddsloom
