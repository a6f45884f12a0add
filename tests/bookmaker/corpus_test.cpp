// Every input kept by fuzzing, as an ordinary test.
#include <gtest/gtest.h>

#define ODDSLOOM_BOOKMAKERS ODDSLOOM_SOURCE_DIR "/bookmakers"
#include "fuzz/targets.cpp"  // no library of its own: only this test and the fuzzers use it
#include "support/corpus.h"

namespace oddsloom {
namespace {

TEST(Corpus, EveryKeptInputHoldsItsTargetsGuarantees) { test::run_corpus(fuzz::targets()); }

}  // namespace
}  // namespace oddsloom
