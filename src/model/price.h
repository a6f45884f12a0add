// Decimal odds, exact, as integer thousandths; and the line a market turns on, likewise. No float
// ever. Values; any thread.
//
// Text in: an optional sign (lines only), digits, an optional point and digits: "2.06", "16.50",
// "3". What stands beyond the third decimal is judged by one rule: a value within one millionth of
// a thousandth is binary floating-point noise and is taken as that thousandth (1.7999999999999998
// is 1.800); anything else is refused as OutOfRange rather than rounded to a price nobody offered.
// Text out: two decimals, a third when it is not zero: "2.06", "16.50", "100.00", "1.925". For
// lines: as few as say it: "2.5", "-0.25", "3".
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace oddsloom {

struct Price {
  std::int32_t thousandths = 0;  // 2060 is 2.06; 0 is what feeds send for "no price"
  auto operator<=>(const Price&) const = default;
};

struct Line {
  std::int32_t thousandths = 0;  // 2500 is a total of 2.5; -1000 a handicap of -1 from home's side
  auto operator<=>(const Line&) const = default;
};

inline constexpr Price kHighestPrice{100'000'000};  // 100000.00: beyond every bookmaker's cap seen
inline constexpr Line kHighestLine{10'000'000};     // 10000

// Errors: Malformed ("abc", "", "1,85", "NaN"), OutOfRange (negative, above
// the highest, more decimals than thousandths). Exponents as JSON numbers write them ("1.8e0") are
// read.
Result<Price> parse_price(std::string_view text);
Result<Line> parse_line(std::string_view text);

std::string to_text(Price price);
// The same at `at`, where kLongestPrice bytes have room; its end. For texts that are written often.
inline constexpr std::size_t kLongestPrice = 12;  // "-2147483.648"
char* put_text(char* at, Price price);
std::string to_text(Line line);

// Even money back is no bet: a price one could bet at is above 1.00.
inline bool is_bettable(Price price) { return price.thousandths > 1000; }

}  // namespace oddsloom
