// What a store held at an earlier moment, put together from its change log, which is read from its
// begin: for the historical routes of the API. Reads up to the whole log, so not for a thread that
// must not wait.
#pragma once

#include <vector>

#include "store/store.h"

namespace oddsloom {

// As of `at`: what was committed later is not in it. Errors: NotFound where the log does not reach
// back so far; the store's.
Result<std::vector<MatchDocument>> documents_at(Reader& reader, UtcMillis at);

}  // namespace oddsloom
