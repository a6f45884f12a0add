// Everything known about one bookmaker, read from bookmakers/<name>/bookmaker.toml: endpoints, how
// answers are recognised and read, budget, freshness. Immutable after loading; any thread.
// Interpreted by request.h (what to ask) and mapping.h (what an answer means).
// docs/bookmaker-folder.md describes the file.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time_zone.h"
#include "model/market.h"

namespace oddsloom {

// One thing wrong with a file: file, line, key, what was found, what was expected, did-you-mean.
struct Problem {
  std::string file;
  int line = 0;     // 1-based; 0 = the file as a whole
  std::string key;  // dotted, "endpoints.upcoming_markets.ids_per_request"
  std::string message;
  std::string text() const;  // "bookmakers/X/bookmaker.toml:12: endpoints.x: expected .."
};

struct HostLimits {
  double requests_per_second = 10;
  double burst = 10;
  unsigned in_flight = 50;
};

struct CompiledSpec;  // private to bookmaker/: endpoints and forms, compiled

class Bookmaker {
 public:
  std::string name;                  // the folder's, [A-Za-z0-9_]+
  std::string title;                 // as people read it; the name where none is declared
  std::vector<std::string> regions;  // where it takes bets, [a-z0-9_]+ each; may be empty
  TimeZone time_zone;
  std::string base_url;              // may be overridden (settings, --base-url)
  std::vector<std::string> headers;  // "Name: value", sent with every request
  HostLimits host;
  Millis fresh_live{0};  // a price seen longer ago is not served as one
  Millis fresh_upcoming{0};
  std::vector<std::string> bet_types;            // offered here, in the order of bet_types.toml
  std::shared_ptr<const CompiledSpec> compiled;  // shared by copies of the value; never changes

  Millis fresh_for(Source source) const {
    return source == Source::Live ? fresh_live : fresh_upcoming;
  }
};

// bookmakers/bet_types.toml
tl::expected<BetTypes, std::vector<Problem>> load_bet_types(const std::string& file);

// bookmakers/<name>/bookmaker.toml; all problems at once.
tl::expected<Bookmaker, std::vector<Problem>> load_bookmaker(const std::string& folder,
                                                             const BetTypes& bet_types);

// The same from text; `name` is the folder's, `file` is what problems call it.
tl::expected<Bookmaker, std::vector<Problem>> parse_bookmaker(const std::string& name,
                                                              const std::string& file,
                                                              std::string_view text,
                                                              const BetTypes& bet_types);

// Day index of a kick-off in the bookmaker's zone, seen from now: 0 today, 1 tomorrow ..; negative
// = past.
int day_index(const Bookmaker& bookmaker, UtcMillis start_time, UtcMillis now);
// "2026-08-09", the kick-off's local date.
std::string local_date(const Bookmaker& bookmaker, UtcMillis start_time);

}  // namespace oddsloom
