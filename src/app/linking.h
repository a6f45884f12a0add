// The linker as a job: what the bookmakers' folders say about sports, and the loop that keeps a
// store's link book up to date. Used by run and link.
#pragma once

#include <stop_token>
#include <vector>

#include "bookmaker/spec.h"
#include "matching/linker_loop.h"

namespace oddsloom {

// By the sports that the folders declare.
SportOf sports_of(const std::vector<Bookmaker>& bookmakers);

// Until a stop is asked for; `once`: until what is there is linked. What the store refuses for now
// is told in the log and tried again. Errors (with `once` alone): the store's.
Result<void> keep_linking(Store& store, SportOf sport_of, bool once, std::stop_token stop);

}  // namespace oddsloom
