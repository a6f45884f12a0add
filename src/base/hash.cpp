#include "base/hash.h"

#include <xxhash.h>

namespace oddsloom {

std::string ContentHash::hex() const {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out(32, '0');
  for (std::size_t i = 0; i < 16; ++i) {
    out[15 - i] = kHex[high >> (4 * i) & 15U];
    out[31 - i] = kHex[low >> (4 * i) & 15U];
  }
  return out;
}

ContentHash content_hash(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

}  // namespace oddsloom
