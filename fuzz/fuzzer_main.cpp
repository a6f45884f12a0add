// One libFuzzer program per target; ODDSLOOM_FUZZ_TARGET says which, of ODDSLOOM_FUZZ_TARGETS.
#include <cstddef>
#include <cstdint>

#include "targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const oddsloom::fuzz::Target& target : oddsloom::fuzz::ODDSLOOM_FUZZ_TARGETS())
    if (target.name == ODDSLOOM_FUZZ_TARGET)
      target.run({reinterpret_cast<const char*>(data), size});
  return 0;
}
