// Says what bytes are before anything is read from them: JSON, a page, a cut-off answer. By the
// body alone; content types lie. Any thread (a parser per thread).
#pragma once

#include <string>
#include <string_view>

#include "bookmaker/compiled_spec.h"
#include "bookmaker/mapping.h"

namespace oddsloom {

struct ParsedAnswer {
  AnswerKind kind = AnswerKind::NotJson;
  std::string message;
  dom::element root;  // when Good; valid until the calling thread parses the next answer
};

ParsedAnswer parse_answer(std::string_view body, const CompiledSpec& spec);

// For JSON that is of none of the declared forms: Blocked when a sign of that is in it, else
// OtherShape.
ParsedAnswer other_shape(dom::element root, std::string_view body, const CompiledSpec& spec,
                         std::string_view expected);

// "{markets: [{eventId: number, ..}, 14 more]}": what there is, not what it says.
std::string skeleton(dom::element element);

}  // namespace oddsloom
