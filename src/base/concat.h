// Texts one after the other, in one piece of memory. Pure; any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace oddsloom {

inline std::string concat(std::initializer_list<std::string_view> pieces) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  std::string out;
  out.reserve(size);
  for (const std::string_view piece : pieces) out.append(piece);
  return out;
}

}  // namespace oddsloom
