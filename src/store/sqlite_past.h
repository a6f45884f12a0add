// What the embedded store held at an earlier moment, from its change log: Reader::as_of. Two passes
// in one snapshot: the numbers of the changes that stood then, each of which put its `previous` out
// of force, and then those changes alone. Memory: a number per market, and what is given. The
// connection's thread.
#pragma once

#include "store/sqlite.h"
#include "store/store.h"

namespace oddsloom {

Result<std::vector<MatchDocument>> read_past(Connection& connection, UtcMillis at);

}  // namespace oddsloom
