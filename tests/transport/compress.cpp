#include "tests/transport/compress.h"

#include <libdeflate.h>
#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>

namespace oddsloom {
namespace {

using Deflate = std::size_t (*)(libdeflate_compressor*, const void*, std::size_t, void*,
                                std::size_t);

std::string deflate_with(Deflate deflate, std::string_view plain) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> state(
      libdeflate_alloc_compressor(6), &libdeflate_free_compressor);
  std::string out(plain.size() + plain.size() / 8 + 128, '\0');
  out.resize(deflate(state.get(), plain.data(), plain.size(), out.data(), out.size()));
  if (out.empty()) throw std::runtime_error("compression failed");
  return out;
}

// Brotli is read from the lowest bit up.
class Bits {
 public:
  void put(std::uint32_t value, unsigned count) {
    for (unsigned i = 0; i < count; ++i, ++used_) {
      if (used_ % 8 == 0) bytes_.push_back('\0');
      const std::uint32_t bit = (value >> i) & 1U;
      bytes_.back() =
          static_cast<char>(static_cast<unsigned char>(bytes_.back()) | bit << (used_ % 8));
    }
  }
  void align() { used_ = bytes_.size() * 8; }
  void append(std::string_view raw) {
    bytes_.append(raw);
    align();
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
  std::size_t used_ = 0;
};

}  // namespace

std::string gzip(std::string_view plain) { return deflate_with(libdeflate_gzip_compress, plain); }
std::string zlib_deflate(std::string_view plain) {
  return deflate_with(libdeflate_zlib_compress, plain);
}
std::string bare_deflate(std::string_view plain) {
  return deflate_with(libdeflate_deflate_compress, plain);
}

std::string zstd(std::string_view plain) {
  std::string out(ZSTD_compressBound(plain.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 3);
  if (ZSTD_isError(size)) throw std::runtime_error("compression failed");
  out.resize(size);
  return out;
}

std::string brotli_stored(std::string_view plain) {
  Bits bits;
  bits.put(0, 1);  // window of 64 KiB
  while (!plain.empty()) {
    const std::string_view piece = plain.substr(0, 65'536);
    plain.remove_prefix(piece.size());
    bits.put(0, 1);  // not the last block
    bits.put(0, 2);  // its length in four nibbles
    bits.put(static_cast<std::uint32_t>(piece.size() - 1), 16);
    bits.put(1, 1);  // uncompressed
    bits.align();
    bits.append(piece);
  }
  bits.put(3, 2);  // last and empty
  return bits.take();
}

std::string brotli_bomb(std::size_t blocks) {
  constexpr std::uint32_t kLength = 8U << 20U;
  constexpr std::uint32_t kInsertBase = 22'594;  // of insert length code 23, 24 extra bits
  Bits bits;
  bits.put(0, 1);  // window of 64 KiB
  for (std::size_t i = 0; i < blocks; ++i) {
    bits.put(0, 1);  // not the last block
    bits.put(2, 2);  // its length in six nibbles
    bits.put(kLength - 1, 24);
    bits.put(0, 1);  // compressed
    bits.put(0, 3);  // one block type each of literals, commands, distances
    bits.put(0, 6);  // no postfix bits, no direct distances
    bits.put(0, 2);  // literal context mode
    bits.put(0, 2);  // one tree of literals, one of distances
    bits.put(1, 4);  // literals: a simple code of one symbol, which then costs no bits
    bits.put('a', 8);
    bits.put(1, 4);  // commands: only "insert by code 23, copy by code 0"
    bits.put(504, 10);
    bits.put(1, 4);  // distances: never used
    bits.put(0, 6);
    bits.put(kLength - kInsertBase, 24);
  }
  bits.put(3, 2);  // last and empty
  return bits.take();
}

}  // namespace oddsloom
