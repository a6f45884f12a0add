// Base64 (RFC 4648), OpenSSL's. Bodies that are no text travel in it, from a browser and in HAR
// files. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oddsloom {

std::string encode_base64(std::string_view bytes);
// Nothing when it is not base64 with its padding; line ends are skipped.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace oddsloom
