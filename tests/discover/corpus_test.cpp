// Every input kept by fuzzing what a browser says and what was captured, as an ordinary test.
#include <gtest/gtest.h>

#define ODDSLOOM_BOOKMAKERS ODDSLOOM_SOURCE_DIR "/bookmakers"
#include "fuzz/discover_targets.cpp"  // no library of its own: only this test and the fuzzers use it
#include "support/corpus.h"

namespace oddsloom {
namespace {

TEST(Corpus, EveryKeptInputHoldsItsTargetsGuarantees) {
  test::run_corpus(fuzz::discover_targets());
}

}  // namespace
}  // namespace oddsloom
