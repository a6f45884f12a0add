// What serving must know of the bookmakers, from their folders. Start-up only.
#pragma once

#include <vector>

#include "bookmaker/spec.h"
#include "serve/catalog.h"

namespace oddsloom {

Catalog catalog_of(const BetTypes& bet_types, const std::vector<Bookmaker>& bookmakers);

}  // namespace oddsloom
