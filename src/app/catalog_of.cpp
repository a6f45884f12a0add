#include "app/catalog_of.h"

#include <algorithm>

#include "base/text.h"
#include "bookmaker/compiled_spec.h"

namespace oddsloom {

Catalog catalog_of(const BetTypes& bet_types, const std::vector<Bookmaker>& bookmakers) {
  Catalog out{bet_types, {}};
  for (const Bookmaker& bookmaker : bookmakers) {
    CatalogBookmaker entry{bookmaker.name,
                           to_lower_ascii(bookmaker.name),
                           bookmaker.title,
                           bookmaker.regions,
                           bookmaker.fresh_live,
                           bookmaker.fresh_upcoming,
                           {}};
    for (const Sport& sport : bookmaker.compiled->sports)
      for (const Source source : {Source::Live, Source::Upcoming})
        if (const auto& side = sport.side(source)) entry.sports[{source, side->id}] = sport.name;
    out.bookmakers.push_back(std::move(entry));
  }
  std::sort(out.bookmakers.begin(), out.bookmakers.end(),
            [](const auto& x, const auto& y) { return x.name < y.name; });
  return out;
}

}  // namespace oddsloom
