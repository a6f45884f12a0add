// The words for markets: source, status, bet types. Values; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace oddsloom {

enum class Source { Live, Upcoming };
std::string_view to_string(Source source);  // "live", "upcoming"
Result<Source> parse_source(std::string_view text);

// Day index in the bookmaker's time zone: 0 today .. 4. Live is always 0.
inline constexpr int kPeriods = 5;

// Of a market and of a selection. Ordered from best to worst: the status of both together is the
// worse one.
enum class Status { Open, Suspended, Closed };
std::string_view to_string(Status status);  // "open", "suspended", "closed"
Result<Status> parse_status(std::string_view text);

inline constexpr std::string_view kFullTime = "full_time";

// One line of bookmakers/bet_types.toml.
struct BetType {
  std::string name;  // "three_way"
  std::vector<std::string>
      outcomes;           // {"1", "X", "2"}: canonical keys, in the order they are shown
  bool has_line = false;  // totals, handicaps
  std::string label;      // "THREE_WAY", as in K = {PREFIX}-THREE_WAY_{source}
  std::string index;      // "3way", as in idx:{PREFIX}3way_{source}
};

// All bet types the program knows, in the order of the file. Immutable after start-up.
class BetTypes {
 public:
  BetTypes() = default;
  explicit BetTypes(std::vector<BetType> all) : all_(std::move(all)) {}
  const std::vector<BetType>& all() const { return all_; }
  const BetType* find(std::string_view name) const;
  std::vector<std::string> names() const;

 private:
  std::vector<BetType> all_;
};

}  // namespace oddsloom
