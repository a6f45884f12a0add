// How long the operations take, by Google Benchmark. Its options apply; the database lies in
// $TMPDIR.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "bench/operations/operation.h"

int main(int count, char** arguments) try {
  using namespace oddsloom::bench;
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
  std::string folder = (std::filesystem::temp_directory_path() / "oddsloom-micro-XXXXXX").string();
  if (!mkdtemp(folder.data())) throw std::runtime_error("no folder can be made in " + folder);
  {
    for (const Operation& operation : all_operations(folder))
      benchmark::RegisterBenchmark(operation.name.c_str(), [operation](benchmark::State& state) {
        for (auto _ : state) operation.run();
        state.SetItemsProcessed(state.iterations() * operation.items);
      })->MeasureProcessCPUTime();  // the embedded store writes on a thread of its own
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
  }
  std::filesystem::remove_all(folder);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
