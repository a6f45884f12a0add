#include "discover/base64.h"

#include <cstdint>

namespace oddsloom {
namespace {

int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  std::size_t digits = 0, padding = 0;
  for (const char c : text) {
    if (c == '\r' || c == '\n') continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const int value = value_of(c);
    if (value < 0 || padding > 0) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    if (++digits % 4 == 0) {
      out += static_cast<char>(bits >> 16U);
      out += static_cast<char>(bits >> 8U);
      out += static_cast<char>(bits);
      bits = 0;
    }
  }
  const std::size_t rest = digits % 4;
  if (rest == 1 || (digits + padding) % 4 != 0 || padding > 2) return std::nullopt;
  if (rest == 2) out += static_cast<char>(bits >> 4U);
  if (rest == 3) {
    out += static_cast<char>(bits >> 10U);
    out += static_cast<char>(bits >> 2U);
  }
  return out;
}

}  // namespace oddsloom
