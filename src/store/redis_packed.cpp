#include "store/redis_packed.h"

namespace oddsloom {

// After a mark of one byte, the highest byte first.
std::optional<std::uint64_t> PackedReader::number(std::size_t bytes) {
  if (left_.size() < 1 + bytes) return std::nullopt;
  std::uint64_t out = 0;
  for (std::size_t i = 1; i <= bytes; ++i) out = out << 8U | static_cast<unsigned char>(left_[i]);
  left_.remove_prefix(1 + bytes);
  return out;
}

std::optional<std::size_t> PackedReader::list() {
  if (left_.empty()) return std::nullopt;
  const auto mark = static_cast<unsigned char>(left_.front());
  if (mark == 0xDC) return number(2);
  if (mark == 0xDD) return number(4);
  if (mark < 0x90 || mark > 0x9F) return std::nullopt;
  left_.remove_prefix(1);
  return mark & 0x0FU;
}

std::optional<std::string_view> PackedReader::text() {
  if (left_.empty()) return std::nullopt;
  const auto mark = static_cast<unsigned char>(left_.front());
  std::optional<std::size_t> size;
  if (mark >= 0xA0 && mark <= 0xBF) {
    left_.remove_prefix(1);
    size = mark & 0x1FU;
  } else if (mark >= 0xD9 && mark <= 0xDB) {
    size = number(std::size_t{1} << (mark - 0xD9U));
  }
  if (!size || left_.size() < *size) return std::nullopt;
  const std::string_view out = left_.substr(0, *size);
  left_.remove_prefix(*size);
  return out;
}

}  // namespace oddsloom
