// Bodies that are no text travel as base64, from a browser and in HAR files. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oddsloom {

// Nothing when it is not base64 (RFC 4648, with its padding; line ends are skipped).
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace oddsloom
