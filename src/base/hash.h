// A 128-bit content hash (XXH3), to know whether an answer or a record is what it was. Not for
// security. Pure; any thread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace oddsloom {

struct ContentHash {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const ContentHash&) const = default;
  std::string hex() const;              // 32 lower-case digits
  std::array<char, 32> digits() const;  // the same
};

ContentHash content_hash(std::string_view bytes);

}  // namespace oddsloom
