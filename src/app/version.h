// The program's version, as the build's project line has it.
#pragma once

#include <string_view>

namespace oddsloom {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace oddsloom
