// Which of the declared forms an answer has, by its structure: the container of events is there,
// and most of the first events have an id, markets and the members declared as required. Pure; any
// thread.
#pragma once

#include <string>

#include "bookmaker/compiled_spec.h"

namespace oddsloom {

const Form* match_form(const CompiledSpec& spec, Source source, dom::element root);

// "an object with markets[*] of eventId, markets (live_nested), or ..": for a message.
std::string expected_forms(const CompiledSpec& spec, Source source);

// [] and {}: a good answer that holds nothing.
bool is_empty_answer(dom::element root);

}  // namespace oddsloom
