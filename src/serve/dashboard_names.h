// How the dashboard's JSON calls a bookmaker: by the key that the feed uses, and as people read it.
// Pure; any thread.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "serve/catalog.h"

namespace oddsloom {

// The key of a bookmaker by its name in records, as the feed says it.
std::string bookmaker_key(const std::string& name, const Catalog& catalog);
// Members "bookmaker" and "title".
void put_bookmaker(JsonWriter& json, const std::string& name, const Catalog& catalog);
// The answer to /dashboard/catalog.
std::string catalog_json(const Catalog& catalog);

}  // namespace oddsloom
