#include "serve/feed_request.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

namespace oddsloom {
namespace {

namespace dom = simdjson::dom;

constexpr std::array<std::string_view, 5> kLists{"sports", "bookmakers", "markets", "eventIds",
                                                 "regions"};

tl::unexpected<FilterError> refuse(std::string message) {
  return tl::unexpected(FilterError{"BAD_REQUEST", std::move(message)});
}

tl::expected<std::vector<std::string>, FilterError> names_of(std::string_view member,
                                                             dom::element value) {
  if (std::string_view text; value.get(text) == simdjson::SUCCESS) return comma_list(text);
  dom::array array;
  if (value.get(array) != simdjson::SUCCESS)
    return refuse(fmt::format("{}: an array of names, or names between commas", member));
  std::vector<std::string> out;
  for (const dom::element one : array) {
    std::string_view name;
    if (one.get(name) != simdjson::SUCCESS)
      return refuse(fmt::format("{}[{}]: not text", member, out.size()));
    out.emplace_back(name);
  }
  return out;
}

}  // namespace

tl::expected<FeedRequest, FilterError> parse_feed_request(std::string_view text) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(simdjson::padded_string(text)).get(object) != simdjson::SUCCESS)
    return refuse("Not a JSON object; expected {\"op\":\"subscribe\",..}");
  FeedRequest out;
  bool has_op = false;
  for (const auto& [name, value] : object) {
    std::string_view word;
    if (name == "op") {
      if (value.get(word) != simdjson::SUCCESS || (word != "subscribe" && word != "unsubscribe"))
        return refuse("op: 'subscribe' or 'unsubscribe'");
      out.subscribe = word == "subscribe";
      has_op = true;
    } else if (name == "lastEventId") {
      if (value.get(word) != simdjson::SUCCESS) return refuse("lastEventId: not text");
      out.last_event_id = word;
    } else if (std::find(kLists.begin(), kLists.end(), name) != kLists.end()) {
      auto names = names_of(name, value);
      if (!names) return tl::unexpected(names.error());
      out.lists[std::string(name)] = *std::move(names);
    } else {
      return refuse(
          fmt::format("Unknown member '{}'; known: op, lastEventId, sports, bookmakers, "
                      "markets, eventIds, regions",
                      name));
    }
  }
  if (!has_op) return refuse("op is missing: 'subscribe' or 'unsubscribe'");
  if (!out.subscribe && object.size() > 1) return refuse("unsubscribe takes nothing besides op");
  return out;
}

}  // namespace oddsloom
