#include "base/hash.h"

#include <xxhash.h>

#include <cstring>

namespace oddsloom {
namespace {

// "000102..feff"
constexpr std::array<char, 512> kPairs = [] {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<char, 512> pairs{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    pairs[2 * byte] = kHex[byte >> 4U];
    pairs[2 * byte + 1] = kHex[byte & 15U];
  }
  return pairs;
}();

}  // namespace

std::array<char, 32> ContentHash::digits() const {
  std::array<char, 32> out;
  char* at = out.data();
  for (const std::uint64_t half : {high, low})
    for (unsigned shift = 64; shift > 0; at += 2)
      std::memcpy(at, &kPairs[2 * (half >> (shift -= 8) & 0xFFU)], 2);
  return out;
}

std::string ContentHash::hex() const {
  const auto text = digits();
  return {text.data(), text.size()};
}

ContentHash content_hash(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

}  // namespace oddsloom
