// What a client of the v4 routes asks, read from a request's parameters, or why it cannot be asked:
// each wrong parameter has its own code, as at the original. Pure; any thread.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "serve/http.h"
#include "serve/odds_markets.h"

namespace oddsloom {

struct Refusal {
  int status = 422;
  std::string code;
  std::string message;
};
template <class T>
using Asked = tl::expected<T, Refusal>;
inline tl::unexpected<Refusal> refuse_odds(int status, std::string code, std::string message) {
  return tl::unexpected<Refusal>(Refusal{status, std::move(code), std::move(message)});
}

// How an event is written: what decides its text, given the match and the time.
struct OddsForm {
  std::vector<const CatalogBookmaker*> bookmakers;  // by name
  std::vector<OddsMarket> markets;                  // in the order asked for
  bool american = false;
  bool unix_time = false;
  bool links = false, sids = false, bet_limits = false, rotation = false, multipliers = false;
  // Ours, by include=: what v4 has no words for.
  bool with_status = false, with_age = false, with_match_links = false;
  bool event_odds = false;  // of one event: bookmakers have no last_update of their own
  bool any_time = false;    // of the past: how old a price is is not judged

  std::string text() const;  // equal texts = equal forms
};

struct OddsQuery {
  OddsForm form;
  int region_units = 0;  // as they are charged: regions, or every started ten bookmakers
  std::vector<std::string> event_ids;  // empty: all
  std::optional<UtcMillis> from, to;   // kick-off
};

// What a route reads beside dateFormat, which all of them do.
enum OddsReads : unsigned {
  ReadsBookmakers = 1,  // regions or bookmakers, one of which must be given
  ReadsMarkets = 2,     // with oddsFormat
  ReadsFilter = 4,      // eventIds, commenceTimeFrom, commenceTimeTo
  FeaturedOnly = 8,
  NoTimes = 16,  // commenceTime* is ignored
};
Asked<OddsQuery> read_odds_query(const WebRequest& request, const Catalog& catalog, unsigned reads);

// A boolean parameter: "true", "false"; "1" and "0" too, which clients send.
Asked<bool> read_flag(const WebRequest& request, std::string_view name, std::string_view code);
bool is_event_id(std::string_view text);
// The message of a name that is not known, with what was probably meant.
std::string unknown_name(std::string_view what, std::string_view name,
                         const std::vector<std::string>& known);

}  // namespace oddsloom
