// What a feed client wants to hear of: lists in the words of The Odds API v4, an empty list = all.
// Made of a query or of a websocket message; compared by text(), so that clients who want the same
// share the work. Values; any thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "serve/catalog.h"

namespace oddsloom {

// What is said of one market, in the words of filters.
struct FeedSubject {
  std::string match_id;
  std::string was_match_id;  // of a match that changed; "" else
  std::string competition;   // as the match has it
  std::string sport;         // the whole one, "soccer"; "" = the match is not known
  std::string sport_key;     // with the competition, as The Odds API names it
  std::string bookmaker;     // the key, "bookiedelta"
  std::string market;        // "h2h"; "" = about the event as a whole
};

struct FeedFilter {
  std::set<std::string, std::less<>> sports, bookmakers, markets, match_ids;
  bool nothing = false;  // unsubscribed: nobody's

  bool passes(const FeedSubject& subject) const;
  std::string text() const;  // equal texts = equal filters
};

struct FilterError {
  std::string code;     // of The Odds API: "INVALID_REGION"
  std::string message;  // with what is known, or what was probably meant
};

// By their names: "sports", "bookmakers", "markets", "eventIds", "regions"; other names are left
// alone. Bookmakers win over regions, as in v4.
using FilterLists = std::map<std::string, std::vector<std::string>, std::less<>>;
tl::expected<FeedFilter, FilterError> make_filter(const FilterLists& lists, const Catalog& catalog);

// "a, b,c": names between commas; empty ones are none.
std::vector<std::string> comma_list(std::string_view text);

}  // namespace oddsloom
