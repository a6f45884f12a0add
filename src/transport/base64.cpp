#include "transport/base64.h"

#include <openssl/evp.h>

#include <algorithm>
#include <limits>

namespace oddsloom {
namespace {

constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<int>::max() / 2);

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string encode_base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // and OpenSSL's terminating zero
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(bytes),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<std::string> decode_base64(std::string_view text) {
  std::string one_line;
  if (text.find_first_of("\r\n") != std::string_view::npos) {
    std::copy_if(text.begin(), text.end(), std::back_inserter(one_line),
                 [](char c) { return c != '\r' && c != '\n'; });
    text = one_line;
  }
  // OpenSSL takes '=' for a zero wherever it stands, and leaves blanks out at both ends.
  const std::size_t digits = std::min(text.find_first_of("= \t"), text.size());
  const std::size_t padding = text.size() - digits;
  if (text.size() % 4 != 0 || text.size() > kMost || padding > 2 ||
      text.substr(digits) != std::string_view("==").substr(0, padding))
    return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(text),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

}  // namespace oddsloom
