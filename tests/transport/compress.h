// Compressed bodies for tests, made with the libraries themselves; brotli by hand, because only its
// decoder is among the dependencies. Pure.
#pragma once

#include <string>
#include <string_view>

namespace oddsloom {

std::string gzip(std::string_view plain);
std::string zlib_deflate(std::string_view plain);
std::string bare_deflate(std::string_view plain);
std::string zstd(std::string_view plain);
// Stored, not compressed: one uncompressed meta-block per 64 KiB.
std::string brotli_stored(std::string_view plain);
// That many times 8 MiB of the letter 'a', at a dozen bytes each.
std::string brotli_bomb(std::size_t blocks);

}  // namespace oddsloom
