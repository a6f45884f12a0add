// The JSON form is tested beside the model, where a JSON parser is at hand.
#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/read_file.h"
#include "base/text.h"
#include "support/temp_dir.h"

namespace oddsloom {
namespace {

using log::Format, log::kv, log::Level, log::Sampler;
using testing::EndsWith, testing::HasSubstr, testing::MatchesRegex, testing::Not;

class TextLog : public testing::Test {
 protected:
  ~TextLog() override { (void)log::setup(Level::Warn, Format::Text); }
  std::string lines() const { return test::read_file(file_); }

  test::TempDir folder_;
  std::string file_ = folder_.file("log.txt");
};

TEST_F(TextLog, ALineIsTimeLevelHappeningAndFields) {
  ASSERT_TRUE(log::setup(Level::Info, Format::Text, file_).has_value());
  log::info("fetched", {kv("event", "9001"), kv("took_ms", 12)});
  EXPECT_THAT(lines(), MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\."
                                    "[0-9]{3}Z info  fetched event=9001 took_ms=12\n"));
}

TEST_F(TextLog, QuotesValuesThatWouldNotReadAsOneWord) {
  ASSERT_TRUE(log::setup(Level::Info, Format::Text, file_).has_value());
  log::warn("odd", {kv("a", "two words"), kv("b", ""), kv("c", "x=y"), kv("d", "say \"hi\""),
                    kv("e", "back\\slash"), kv("f", "one\ntwo"), kv("g", "Bodø")});
  EXPECT_THAT(lines(), EndsWith("odd a=\"two words\" b=\"\" c=\"x=y\" d=\"say \\\"hi\\\"\" "
                                "e=\"back\\\\slash\" f=\"one\\ntwo\" g=Bodø\n"));
}

// A feed's text must not be able to move the cursor of the terminal that shows the log.
TEST_F(TextLog, ControlCharactersNeverReachTheOutput) {
  ASSERT_TRUE(log::setup(Level::Info, Format::Text, file_).has_value());
  for (char c = 0; c < 0x20; ++c) log::info("seen", {kv("name", std::string("a") + c)});
  const std::string all = lines();
  std::size_t count = 0;
  for (const std::string_view line : split(all, '\n')) {
    if (!line.empty()) ++count;
    for (const char c : line) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
  }
  EXPECT_EQ(count, 32U);
}

TEST_F(TextLog, BracesAndPercentSignsAreTextNotPatterns) {
  ASSERT_TRUE(log::setup(Level::Info, Format::Text, file_).has_value());
  log::error("bad {} %v {0", {kv("x", "{}%l")});
  EXPECT_THAT(lines(), EndsWith("error bad {} %v {0 x={}%l\n"));
}

TEST_F(TextLog, WritesOnlyTheLevelAskedForAndAbove) {
  ASSERT_TRUE(log::setup(Level::Warn, Format::Text, file_).has_value());
  log::debug("one");
  log::info("two");
  log::warn("three");
  log::error("four");
  EXPECT_THAT(lines(), Not(HasSubstr("one")));
  EXPECT_THAT(lines(), Not(HasSubstr("two")));
  EXPECT_THAT(lines(), HasSubstr("three"));
  EXPECT_THAT(lines(), HasSubstr("four"));
}

TEST_F(TextLog, OffIsSilent) {
  ASSERT_TRUE(log::setup(Level::Off, Format::Text, file_).has_value());
  log::error("anything");
  EXPECT_EQ(lines(), "");
}

TEST_F(TextLog, AppendsToAFileThatIsThere) {
  for (const char* happening : {"first", "second"}) {
    ASSERT_TRUE(log::setup(Level::Info, Format::Text, file_).has_value());
    log::info(happening);
  }
  EXPECT_THAT(lines(), HasSubstr("first"));
  EXPECT_THAT(lines(), HasSubstr("second"));
}

TEST_F(TextLog, AFileThatCannotBeOpenedIsInvalidAndTheOldLogStays) {
  ASSERT_TRUE(log::setup(Level::Info, Format::Text, file_).has_value());
  const auto set_up = log::setup(Level::Info, Format::Json, file_ + "/below-a-file");
  ASSERT_FALSE(set_up.has_value());
  EXPECT_EQ(set_up.error().kind, ErrorKind::Invalid);
  log::info("still here");
  EXPECT_THAT(lines(), EndsWith("info  still here\n"));
}

TEST_F(TextLog, LinesOfSeveralThreadsDoNotMix) {
  ASSERT_TRUE(log::setup(Level::Info, Format::Text, file_).has_value());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([] {
      for (int i = 0; i < 100; ++i) log::info("step", {kv("text", "0123456789")});
    });
  for (std::thread& thread : threads) thread.join();
  const std::string all = lines();
  std::size_t count = 0;
  for (const std::string_view line : split(all, '\n')) {
    if (line.empty()) continue;
    EXPECT_THAT(std::string(line), EndsWith("step text=0123456789"));
    ++count;
  }
  EXPECT_EQ(count, 400U);
}

TEST(LogSampler, LetsOneThroughPerIntervalAndSaysHowManyThereWere) {
  Sampler sampler(Millis(1000));
  EXPECT_EQ(sampler.pass({5'000}), 1U);
  EXPECT_EQ(sampler.pass({5'000}), std::nullopt);
  EXPECT_EQ(sampler.pass({5'999}), std::nullopt);
  EXPECT_EQ(sampler.pass({6'000}), 3U);
  EXPECT_EQ(sampler.pass({90'000}), 1U);
}

TEST(LogSampler, LosesNoHappeningBetweenThreads) {
  Sampler sampler(Millis(1));
  std::atomic<std::uint64_t> told{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 5000; ++i)
        if (const auto seen = sampler.pass({1'000 + i})) told += *seen;
    });
  for (std::thread& thread : threads) thread.join();
  if (const auto rest = sampler.pass({1'000'000})) told += *rest;
  EXPECT_EQ(told.load(), 4 * 5000U + 1U);
}

}  // namespace
}  // namespace oddsloom
