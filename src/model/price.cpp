#include "model/price.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace oddsloom {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A decimal number as its digits without the point, and the power of ten they are to be multiplied
// by.
struct Decimal {
  static constexpr std::size_t kLongest = 40;
  bool negative = false;
  std::array<char, kLongest> digits{};
  std::size_t count = 0;  // of digits
  int exponent = 0;
};

Result<Decimal> read_decimal(std::string_view text) {
  const auto malformed = [&] {
    return fail(ErrorKind::Malformed, "",
                fmt::format("'{}' is not a decimal number", text.substr(0, 40)));
  };
  Decimal out;
  std::size_t at = 0;
  if (at < text.size() && text[at] == '-') {
    out.negative = true;
    ++at;
  }
  if (at == text.size() || !is_digit(text[at]) || text.size() > Decimal::kLongest)
    return malformed();
  for (; at < text.size() && is_digit(text[at]); ++at) out.digits[out.count++] = text[at];
  if (at < text.size() && text[at] == '.') {
    if (++at == text.size() || !is_digit(text[at])) return malformed();
    for (; at < text.size() && is_digit(text[at]); ++at, --out.exponent)
      out.digits[out.count++] = text[at];
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool minus = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    int exponent = 0;
    const std::size_t first = at;
    for (; at < text.size() && is_digit(text[at]) && at - first < 3; ++at)
      exponent = exponent * 10 + (text[at] - '0');
    if (at == first) return malformed();
    out.exponent += minus ? -exponent : exponent;
  }
  if (at != text.size()) return malformed();
  return out;
}

// What nearly all prices are: up to five digits, and up to three behind a point. Anything else is
// left to the long way, which takes these to the same number.
std::optional<std::int32_t> plain_thousandths(std::string_view text) {
  constexpr std::size_t kMostWhole = 5, kMostBehind = 3;
  std::int32_t value = 0;
  std::size_t at = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    if (at == kMostWhole) return std::nullopt;
    value = value * 10 + (text[at] - '0');
  }
  if (at == 0) return std::nullopt;
  std::size_t behind = 0;
  if (at < text.size()) {
    if (text[at++] != '.' || at == text.size()) return std::nullopt;
    for (; at < text.size() && is_digit(text[at]); ++at, ++behind) {
      if (behind == kMostBehind) return std::nullopt;
      value = value * 10 + (text[at] - '0');
    }
    if (at < text.size()) return std::nullopt;
  }
  for (; behind < kMostBehind; ++behind) value *= 10;
  return value;
}

Result<std::int32_t> to_thousandths(std::string_view text, std::int64_t highest) {
  if (const auto plain = plain_thousandths(text); plain && *plain <= highest) return *plain;
  auto decimal = read_decimal(text);
  if (!decimal) return tl::unexpected(decimal.error());
  const auto out_of_range = [&](std::string_view why) {
    return fail(ErrorKind::OutOfRange, "", fmt::format("'{}' {}", text, why));
  };
  // Nine decimals are read: the last of them is the limit of what counts as noise, so of what
  // follows it only matters whether there is anything.
  constexpr int kDecimals = 9;
  std::int64_t value = 0;
  const std::string_view digits(decimal->digits.data(), decimal->count);
  const int kept = static_cast<int>(digits.size()) + decimal->exponent + kDecimals;
  for (int i = 0; i < kept; ++i) {
    const bool given = static_cast<std::size_t>(i) < digits.size();
    if (value > highest * 10'000'000) return out_of_range("is too large");
    value = value * 10 + (given ? digits[static_cast<std::size_t>(i)] - '0' : 0);
  }
  constexpr std::int64_t kUnit = 1'000'000;  // of the ninth decimal in a thousandth
  const std::int64_t nearest = (value + kUnit / 2) / kUnit;
  const std::int64_t beside = value - nearest * kUnit;
  const auto rest = digits.find_last_not_of('0');
  const bool more = rest != std::string_view::npos && static_cast<std::int64_t>(rest) >= kept;
  if (std::abs(beside) > 1 || (beside == 1 && more))
    return out_of_range("has more decimals than a price is made of");
  if (nearest > highest) return out_of_range("is too large");
  return static_cast<std::int32_t>(decimal->negative ? -nearest : nearest);
}

}  // namespace

Result<Price> parse_price(std::string_view text) {
  auto value = to_thousandths(text, kHighestPrice.thousandths);
  if (!value) return tl::unexpected(value.error());
  if (text.front() == '-')
    return fail(ErrorKind::OutOfRange, "", fmt::format("'{}' is negative", text));
  return Price{*value};
}

Result<Line> parse_line(std::string_view text) {
  // A plus is how feeds write the side that is given a start: "+1.5".
  const bool plus = text.size() > 1 && text[0] == '+' && is_digit(text[1]);
  auto value = to_thousandths(plus ? text.substr(1) : text, kHighestLine.thousandths);
  if (!value) return tl::unexpected(value.error());
  return Line{*value};
}

char* put_text(char* at, Price price) {
  const int part = price.thousandths % 1000;
  at = std::to_chars(at, at + kLongestPrice, price.thousandths / 1000).ptr;
  *at++ = '.';
  *at++ = static_cast<char>('0' + part / 100);
  *at++ = static_cast<char>('0' + part / 10 % 10);
  if (part % 10 != 0) *at++ = static_cast<char>('0' + part % 10);
  return at;
}

std::string to_text(Price price) {
  std::array<char, kLongestPrice> text;
  return {text.data(), put_text(text.data(), price)};
}

std::string to_text(Line line) {
  const int magnitude = std::abs(line.thousandths);
  std::string out = fmt::format("{}{}", line.thousandths < 0 ? "-" : "", magnitude / 1000);
  if (magnitude % 1000 != 0) {
    out += fmt::format(".{:03}", magnitude % 1000);
    while (out.back() == '0') out.pop_back();
  }
  return out;
}

}  // namespace oddsloom
