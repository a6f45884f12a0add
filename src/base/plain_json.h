// Whether a text stands in JSON as it is: ASCII without control characters, quotes and backslashes.
// For those who write JSON: most texts are such, and of some ten bytes, so one byte after the other
// would take longer than all else about them. Pure; any thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace oddsloom {

// Also hands all bytes to `take(word, place)`, in words of 8 bytes, or of 4, 2 or 1 where the text
// is shorter; the last word may overlap the one before it.
template <class Take>
bool scan_plain_json(std::string_view text, Take take) {
  constexpr std::uint64_t kEach = 0x0101010101010101, kHigh = 0x80 * kEach, kBlanks = ' ' * kEach;
  const std::size_t size = text.size();
  std::uint64_t found = 0;
  // A borrow may accuse a byte that follows an accused one, never spare one.
  const auto look = [&found](std::uint64_t word) {
    const auto zero = [](std::uint64_t bytes) { return (bytes - kEach) & ~bytes; };
    const std::uint64_t control = (word - kBlanks) & ~word;
    found |= word | control | zero(word ^ '"' * kEach) | zero(word ^ '\\' * kEach);
  };
  const auto read = [&]<class Word>(Word word, std::size_t at) {
    std::memcpy(&word, text.data() + at, sizeof word);
    take(word, at);
    return std::uint64_t{word};
  };
  if (size >= 8) {
    for (std::size_t at = 0; at + 8 < size; at += 8) look(read(std::uint64_t{}, at));
    look(read(std::uint64_t{}, size - 8));
  } else if (size >= 4) {
    look(read(std::uint32_t{}, 0) | read(std::uint32_t{}, size - 4) << 32U);
  } else if (size >= 2) {
    look(kBlanks << 32U | read(std::uint16_t{}, size - 2) << 16U | read(std::uint16_t{}, 0));
  } else if (size == 1) {
    look(kBlanks << 8U | read(std::uint8_t{}, 0));
  }
  return (found & kHigh) == 0;
}

// True: the text stands in JSON as it is. False: it may have to be escaped.
inline bool is_plain_json(std::string_view text) {
  return scan_plain_json(text, [](auto, std::size_t) {});
}

}  // namespace oddsloom
