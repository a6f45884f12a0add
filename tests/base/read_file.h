// The whole of a file as text; "" when there is none.
#pragma once

#include <fstream>
#include <iterator>
#include <string>

namespace oddsloom::test {

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace oddsloom::test
