// Every input kept by fuzzing, as an ordinary test.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#define ODDSLOOM_BOOKMAKERS ODDSLOOM_SOURCE_DIR "/bookmakers"
#include "fuzz/targets.cpp"  // no library of its own: only this test and the fuzzers use it

namespace oddsloom::fuzz {
namespace {

namespace fs = std::filesystem;

TEST(Corpus, EveryKeptInputHoldsItsTargetsGuarantees) {
  for (const Target& target : targets()) {
    std::size_t inputs = 0;
    for (const auto& entry :
         fs::directory_iterator(fs::path(ODDSLOOM_SOURCE_DIR "/fuzz/corpus") / target.name)) {
      SCOPED_TRACE(entry.path().string());
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string input{std::istreambuf_iterator<char>(in), {}};
      target.run(input);
      // Cut and damaged forms of it as well: cheap, and the same in every run.
      for (std::size_t cut = 0; cut < input.size(); cut += 1 + input.size() / 16)
        target.run(std::string_view(input).substr(0, cut));
      for (std::size_t at = 0; at < input.size(); at += 1 + input.size() / 16) {
        std::string damaged = input;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x15);
        target.run(damaged);
      }
      ++inputs;
    }
    EXPECT_GT(inputs, 0U) << target.name;
  }
}

}  // namespace
}  // namespace oddsloom::fuzz
