// Every kept input of fuzzing, whole, cut and damaged, through its target. The includer has the
// targets. One thread.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>

#include "fuzz/targets.h"

namespace oddsloom::test {

inline void run_corpus(std::span<const fuzz::Target> targets) {
  namespace fs = std::filesystem;
  for (const fuzz::Target& target : targets) {
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

}  // namespace oddsloom::test
