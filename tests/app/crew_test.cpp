#include "app/crew.h"

#include <gtest/gtest.h>

#include <atomic>

#include "base/log.h"

namespace oddsloom {
namespace {

struct CrewTest : testing::Test {
  CrewTest() { (void)log::setup(log::Level::Off, log::Format::Text); }
};

TEST_F(CrewTest, EndsWhenEveryJobHasEndedAndStopsItsHelpers) {
  std::stop_source stop;
  std::atomic<bool> helper_ended = false;
  Crew crew(stop);
  crew.add("short", [](std::stop_token) -> Result<void> { return {}; });
  crew.add_helper("helper", [&](std::stop_token asked) -> Result<void> {
    while (!pause_for(asked, Millis(10'000))) {
    }
    helper_ended = true;
    return {};
  });
  EXPECT_EQ(crew.join(), std::nullopt);
  EXPECT_TRUE(helper_ended);
}

TEST_F(CrewTest, AFailedJobStopsTheOthersAndIsNamed) {
  std::stop_source stop;
  Crew crew(stop);
  crew.add("steady", [](std::stop_token asked) -> Result<void> {
    while (!pause_for(asked, Millis(10'000))) {
    }
    return {};
  });
  crew.add("broken", [](std::stop_token) -> Result<void> {
    return fail(ErrorKind::Corrupt, "page 7", "unreadable");
  });
  const auto failure = crew.join();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->text(), "broken: page 7: unreadable");
  EXPECT_TRUE(stop.stop_requested());
}

TEST_F(CrewTest, AnExceptionInAJobIsAFailureNotTheEndOfTheProcess) {
  Crew crew{std::stop_source()};
  crew.add("thrower", [](std::stop_token) -> Result<void> { throw std::runtime_error("odd"); });
  const auto failure = crew.join();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, ErrorKind::Internal);
}

TEST_F(CrewTest, GoingAwayAsksEveryJobToStop) {
  std::atomic<int> ended = 0;
  {
    Crew crew{std::stop_source()};
    for (int i = 0; i < 3; ++i)
      crew.add("job", [&](std::stop_token asked) -> Result<void> {
        while (!pause_for(asked, Millis(10'000))) {
        }
        ++ended;
        return {};
      });
  }
  EXPECT_EQ(ended, 3);
}

}  // namespace
}  // namespace oddsloom
