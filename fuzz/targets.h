// What is fuzzed: every reader of bytes from outside, as a plain function. libFuzzer calls them
// under the fuzz preset; tests/bookmaker and tests/discover run the kept inputs of corpus/ through
// the same functions. Each ends the program (by an assertion or a sanitizer) when a guarantee is
// broken. Any thread.
#pragma once

#include <span>
#include <string_view>

namespace oddsloom::fuzz {

struct Target {
  std::string_view name;  // the folder in corpus/
  void (*run)(std::string_view input);
};

std::span<const Target> targets();           // of bookmaker/, model/ and store/
std::span<const Target> discover_targets();  // of discover/

}  // namespace oddsloom::fuzz
