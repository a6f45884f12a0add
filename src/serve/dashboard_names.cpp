#include "serve/dashboard_names.h"

#include "base/text.h"

namespace oddsloom {

std::string bookmaker_key(const std::string& name, const Catalog& catalog) {
  const CatalogBookmaker* known = catalog.find(name);
  return known ? known->key : to_lower_ascii(name);
}

void put_bookmaker(JsonWriter& json, const std::string& name, const Catalog& catalog) {
  const CatalogBookmaker* known = catalog.find(name);
  json.member("bookmaker", std::string_view(bookmaker_key(name, catalog)))
      .member("title", std::string_view(known ? known->title : name));
}

std::string catalog_json(const Catalog& catalog) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("bookmakers").begin_array();
  for (const CatalogBookmaker& bookmaker : catalog.bookmakers)
    json.begin_object()
        .member("key", std::string_view(bookmaker.key))
        .member("title", std::string_view(bookmaker.title))
        .member("live_limit_ms", static_cast<std::int64_t>(bookmaker.live_limit.count()))
        .member("upcoming_limit_ms", static_cast<std::int64_t>(bookmaker.upcoming_limit.count()))
        .end_object();
  json.end_array().key("bet_types").begin_array();
  for (const BetType& type : catalog.bet_types.all()) {
    json.begin_object().member("name", std::string_view(type.name)).key("outcomes").begin_array();
    for (const std::string& outcome : type.outcomes) json.value(std::string_view(outcome));
    json.end_array().member("has_line", type.has_line).end_object();
  }
  json.end_array().end_object();
  return out;
}

}  // namespace oddsloom
