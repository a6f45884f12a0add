// An answer without the markets nobody asked for. Answers hold up to thirty times what is wanted,
// and to make a document of all that costs more than everything else about an event. What is left
// out leaves an empty object in its place (no list that holds one itself is shortened), so that the
// excerpt reads as the answer does, place by place; and it has been checked to be JSON, so that it
// can be parsed when and only when the answer can. Why it is done this way:
// docs/decisions/0006-reading-only-what-is-wanted.md. Pure; any thread (its memory is per thread).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bookmaker/compiled_spec.h"

namespace oddsloom {

// The members of a market that tell its id, when a form's markets can be left out by them: its
// events and markets are reached by plain names, and neither this form nor any that is tried before
// it looks into a market in any other way than through its reading. Else nothing.
std::vector<std::string> telling_members(const std::vector<Form>& forms, std::size_t form);

struct Excerpt {
  std::string_view text;  // until the thread makes the next one
  // The form whose markets were left out. The excerpt says what the answer says only when it turns
  // out to be of that form, and good.
  const Form* form = nullptr;
};

// Keeps the markets whose id is among `market_ids`, and those of which that is not certain.
// Nothing: there is none to leave out, or this is for the whole answer to tell.
std::optional<Excerpt> excerpt_of(std::string_view answer, const CompiledSpec& spec, Source source,
                                  std::span<const std::string_view> market_ids);

}  // namespace oddsloom
