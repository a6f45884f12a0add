// Runs each operation a fixed number of times, after a warm-up, as bench/instructions wants it
// under callgrind: the counts are dumped per operation. Outside of valgrind it only shows that the
// operations work. usage: instructions FOLDER_FOR_A_DATABASE
#include <simdjson.h>
#include <valgrind/callgrind.h>

#include <cstdio>

#include "bench/operations/operation.h"

int main(int count, char** arguments) try {
  using namespace oddsloom::bench;
  if (count != 2) {
    std::fprintf(stderr, "usage: instructions FOLDER (bench/instructions does it)\n");
    return 2;
  }
  // Which of its kernels libsimdjson chose tells whether counts can be compared.
  std::printf("kernel %s\n", simdjson::get_active_implementation()->name().c_str());
  constexpr int kWarmUp = 2, kRuns = 10;
  for (const Operation& operation : all_operations(arguments[1])) {
    for (int i = 0; i < kWarmUp; ++i) operation.run();
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
    for (int i = 0; i < kRuns; ++i) operation.run();
    CALLGRIND_DUMP_STATS_AT(operation.name.c_str());
    CALLGRIND_STOP_INSTRUMENTATION;
    std::printf("%s %d %u %s\n", operation.name.c_str(), kRuns, operation.items,
                operation.item.c_str());
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
