#include "serve/catalog.h"

#include <algorithm>

namespace oddsloom {

const CatalogBookmaker* Catalog::find(const std::string& name) const {
  const auto found =
      std::lower_bound(bookmakers.begin(), bookmakers.end(), name,
                       [](const CatalogBookmaker& one, const auto& at) { return one.name < at; });
  return found != bookmakers.end() && found->name == name ? &*found : nullptr;
}

}  // namespace oddsloom
