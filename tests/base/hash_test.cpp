#include "base/hash.h"

#include <gtest/gtest.h>

#include <set>

namespace oddsloom {
namespace {

TEST(ContentHashOfBytes, IsTheSameForTheSameBytesOnly) {
  EXPECT_EQ(content_hash("odds"), content_hash(std::string("odds")));
  EXPECT_NE(content_hash("odds"), content_hash("odds "));
  EXPECT_NE(content_hash(""), content_hash(std::string_view("\0", 1)));
}

TEST(ContentHashOfBytes, NoticesEveryBitOfALongText) {
  std::string text(300, 'x');
  std::set<std::string> seen{content_hash(text).hex()};
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string changed = text;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_TRUE(seen.insert(content_hash(changed).hex()).second) << bit;
  }
}

// Stores keep hashes across restarts and machines, so the function must never become another.
TEST(ContentHashOfBytes, IsXxh3Of128Bits) {
  EXPECT_EQ(content_hash("").hex(), "99aa06d3014798d86001c324468d497f");
}

TEST(ContentHashText, Has32DigitsAlsoWithLeadingZeros) {
  EXPECT_EQ((ContentHash{0x1, 0xABCDEF}).hex(), "00000000000000010000000000abcdef");
}

}  // namespace
}  // namespace oddsloom
