// The small closed language in which a bookmaker's file says where things are in an answer:
//   alternatives   id ?? type                         the first that is there
//   pipes          status | lower | map status        built-ins, see kOps in expression_compile.cpp
//   paths          event.competitors[0].name          members and places
//                  widgets[type=SPORTRADAR].id        the first of a list where it holds
//                  @root  @event  @market             what encloses the present thing
//                  @key  @market_key  @selection_key  the key of an event, a market, a selection
//                  that is a member of an object
//   each           markets[*]   @root{*}              every element of a list, every member of an
//   object
// Compiled once when the file is loaded, evaluated over simdjson's DOM for every answer. Immutable;
// any thread.
#pragma once

#include <simdjson.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace oddsloom {

namespace dom = simdjson::dom;

// Text to text, as a section [maps.NAME] declares it; "*" is the default.
struct TextMap {
  std::vector<std::pair<std::string, std::string>> entries;
  const std::string* find(std::string_view text) const;
};

// The members of one object that a group of expressions begins with, found in one pass over it:
// to look each of them up passes over those before it again and again.
struct Members {
  static constexpr std::size_t kMost = 8;
  std::array<dom::element, kMost> values;
  std::uint32_t there = 0;  // one bit each
};

// What encloses the value being read; which parts are set follows from where an expression stands.
struct Scope {
  dom::element root, event, market, here;
  std::string_view key;              // of `event` where events are the members of an object
  const Members* members = nullptr;  // of `here`, see read_members(); null = none were read
  // Likewise of `market` and of a selection.
  std::string_view market_key{}, selection_key{};
};

enum class Anchor { Here, Root, Event, Market, Key, MarketKey, SelectionKey };
inline bool is_key(Anchor anchor) { return anchor >= Anchor::Key; }

struct Step {
  enum class Kind { Member, Index, Where };
  Kind kind = Kind::Member;
  std::string name;  // of the member; of the member compared in Where
  std::size_t index = 0;
  std::string value;  // Where: what it must be equal to
};

struct Path {
  Anchor anchor = Anchor::Here;
  std::vector<Step> steps;
  int place = -1;    // of the first step's member among Members, see place_members()
  std::string text;  // as in messages: "competitors[0].name", "" for the thing itself
};

enum class Spread { One, Elements, Members };

struct EachPath {
  Path path;
  Spread spread = Spread::One;
};

enum class OpKind {
  Trim,
  Lower,
  Upper,
  Map,
  Nonzero,
  Before,
  After,
  StripPrefix,
  StripSuffix,
  Replace,
  Digits,
  Shift
};

struct Op {
  OpKind kind = OpKind::Trim;
  std::string first, second;           // arguments
  int places = 0;                      // Shift: decimal point to the left
  std::shared_ptr<const TextMap> map;  // Map
};

struct Alternative {
  Path path;
  std::vector<Op> ops;
};

struct Expression {
  std::vector<Alternative> alternatives;
  // Its place among Members where it is nothing but one of them; most expressions are.
  int member = -1;
  bool empty() const { return alternatives.empty(); }
  // For messages: the first alternative's path.
  std::string_view place() const {
    return empty() ? std::string_view() : alternatives.front().path.text;
  }
};

// Missing, null and wrong type are different failures; Unmapped: there, but in no map or refused by
// a built-in.
enum class Found { Yes, Missing, Null, WrongType, Unmapped };

struct FoundText {
  Found found = Found::Missing;
  std::string_view text;   // Yes: the value; Unmapped: the text that was refused
  std::string_view where;  // path of the alternative that was read
  bool is_text = true;     // Yes: a JSON string rather than a number or truth value
};

// `scratch` holds the text where it is not in the document itself; the result points into either.
FoundText read_text(const Expression& expression, const Scope& scope, std::string& scratch);

Found find(const Path& path, const Scope& scope, dom::element& out);

// Finds the members called `names`; of those of one name the first counts. False: no object.
bool read_members(const std::vector<std::string>& names, dom::element object, Members& out);

// Calls fn(element, key, index) for everything the path names: the elements of a list (an object
// where a list could be is its only element), the members of an object, or the thing itself.
// Missing and null name nothing. A spread over something else is WrongType, and fn is not called.
template <class Fn>
Found for_each(const EachPath& each, const Scope& scope, Fn fn) {
  dom::element at;
  if (const Found found = find(each.path, scope, at); found != Found::Yes) return found;
  if (at.is_null()) return Found::Null;
  const bool is_object = at.is_object();
  if (each.spread == Spread::One || (each.spread == Spread::Elements && is_object)) {
    fn(at, std::string_view(), std::size_t{0});
    return Found::Yes;
  }
  if (each.spread == Spread::Elements ? !at.is_array() : !is_object) return Found::WrongType;
  std::size_t index = 0;
  // Named first: value_unsafe() refers into the result it is called on, which a loop does not keep.
  if (each.spread == Spread::Elements) {
    const dom::array elements = at.get_array().value_unsafe();
    for (const dom::element element : elements) fn(element, std::string_view(), index++);
  } else {
    const dom::object members = at.get_object().value_unsafe();
    for (const auto [key, value] : members) fn(value, key, index++);
  }
  return Found::Yes;
}

// "markets[3]", "9124285": where in the answer one of them lies, below `parent`.
std::string place_of(std::string_view parent, const EachPath& each, std::string_view key,
                     std::size_t index);
// "markets[3]" + "odds", "markets[3]" + "" ..
std::string place_in(std::string_view parent, std::string_view path);

// "missing", "null", "expected a number or text, found an object", ..: for messages.
std::string explain(const FoundText& found);

// ---- compiling; errors are Invalid with a message for the file's author

using Maps = std::vector<std::pair<std::string, std::shared_ptr<const TextMap>>>;

Result<Expression> compile_expression(std::string_view text, const Maps& maps,
                                      const std::vector<Anchor>& reachable);
// Gives the members that the expressions look at first their places, and returns the names for
// read_members(). Such expressions are evaluated with these members, or with none.
std::vector<std::string> place_members(std::initializer_list<Expression*> expressions);

Result<EachPath> compile_each(std::string_view text, const std::vector<Anchor>& reachable);

}  // namespace oddsloom
