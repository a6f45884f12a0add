#include "transport/host_budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace oddsloom {
namespace {

constexpr UtcMillis kStart{1'750'000'000'000};

HostBudgetConfig generous() {
  return {.requests_per_second = 1'000'000,
          .burst = 1'000'000,
          .in_flight = 1'000,
          .breaker_refusals = 3,
          .breaker_pause = Millis(1'000),
          .breaker_longest = Millis(5'000)};
}

void refuse(HostBudget& budget, UtcMillis now, int times) {
  for (int i = 0; i < times; ++i) {
    ASSERT_TRUE(budget.try_begin(now).granted);
    budget.end(now, HostAnswer::Refused);
  }
}

TEST(HostBudget, GrantsABurstThenTheSustainedRate) {
  HostBudget budget({.requests_per_second = 4, .burst = 3, .in_flight = 100});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(budget.try_begin(kStart).granted) << i;
  const auto refused = budget.try_begin(kStart);
  EXPECT_FALSE(refused.granted);
  EXPECT_EQ(refused.why, HostWait::Rate);
  EXPECT_EQ(refused.retry_at, kStart + Millis(250));
  EXPECT_FALSE(budget.try_begin(kStart + Millis(249)).granted);
  EXPECT_TRUE(budget.try_begin(kStart + Millis(250)).granted);
  EXPECT_FALSE(budget.try_begin(kStart + Millis(250)).granted);
}

TEST(HostBudget, WhoComesBackWhenToldIsGranted) {
  HostBudget budget({.requests_per_second = 7, .burst = 1, .in_flight = 10'000});
  UtcMillis now = kStart;
  int granted = 0;
  for (int i = 0; i < 1'000; ++i) {
    const auto grant = budget.try_begin(now);
    if (grant.granted) {
      ++granted;
    } else {
      ASSERT_GT(grant.retry_at, now);
      now = grant.retry_at;
      ASSERT_TRUE(budget.try_begin(now).granted);
      ++granted;
    }
  }
  const double seconds = static_cast<double>((now - kStart).count()) / 1000.0;
  EXPECT_LE(granted, 7 * seconds + 1.001);
  EXPECT_GE(granted, 6.9 * seconds);
}

// Workers ask as soon as there may be something, a poller at its turns.
TEST(HostBudget, ListsGetTheirShareFromThoseWhoAskOftener) {
  for (const double burst : {1.0, 5.0}) {
    HostBudget budget({.requests_per_second = 5, .burst = burst, .in_flight = 10'000});
    int looks = 0, lists = 0;
    for (int ms = 0; ms < 60'000; ++ms) {
      const UtcMillis now = kStart + Millis(ms);
      looks += budget.try_begin(now).granted ? 1 : 0;
      if (ms % 50 == 0) lists += budget.try_begin(now, HostUse::List).granted ? 1 : 0;
    }
    EXPECT_GE(lists, 28) << burst;
    EXPECT_LE(lists, 32) << burst;
    EXPECT_GE(looks + lists, 295) << burst;
    EXPECT_LE(looks + lists, 300 + burst) << burst;
  }
}

TEST(HostBudget, ListsKeepTheirShareWhenTheClockIsSetBack) {
  HostBudget budget({.requests_per_second = 5, .burst = 1, .in_flight = 10'000});
  ASSERT_TRUE(budget.try_begin(kStart, HostUse::List).granted);
  ASSERT_FALSE(budget.try_begin(kStart, HostUse::List).granted);
  const UtcMillis earlier = kStart - Millis(3'600'000);
  int looks = 0, lists = 0;
  for (int ms = 0; ms < 60'000; ++ms) {
    looks += budget.try_begin(earlier + Millis(ms)).granted ? 1 : 0;
    if (ms % 50 == 0)
      lists += budget.try_begin(earlier + Millis(ms), HostUse::List).granted ? 1 : 0;
  }
  EXPECT_GE(lists, 28);
  EXPECT_GE(looks, 250);
}

TEST(HostBudget, ListsMayTakeWhatIsLeft) {
  HostBudget budget({.requests_per_second = 5, .burst = 5, .in_flight = 10'000});
  int lists = 0;
  for (int ms = 0; ms < 10'000; ms += 50)
    lists += budget.try_begin(kStart + Millis(ms), HostUse::List).granted ? 1 : 0;
  EXPECT_GE(lists, 50);
}

TEST(HostBudget, AListThatIsNoLongerWantedHoldsNobodyUp) {
  HostBudget budget({.requests_per_second = 5, .burst = 1, .in_flight = 10'000});
  ASSERT_TRUE(budget.try_begin(kStart).granted);
  ASSERT_FALSE(budget.try_begin(kStart, HostUse::List).granted);
  EXPECT_FALSE(budget.try_begin(kStart + Millis(500)).granted);  // it is the list's turn
  EXPECT_TRUE(budget.try_begin(kStart + Millis(1'100)).granted);
  EXPECT_TRUE(budget.try_begin(kStart + Millis(1'300)).granted);
}

TEST(HostBudget, AQuietTimeNeverSavesMoreThanTheBurst) {
  HostBudget budget({.requests_per_second = 100, .burst = 5, .in_flight = 100});
  int granted = 0;
  while (budget.try_begin(kStart + Millis(3'600'000)).granted) ++granted;
  EXPECT_EQ(granted, 5);
}

TEST(HostBudget, AClockSetBackDoesNotFreezeTheRate) {
  HostBudget budget({.requests_per_second = 10, .burst = 1, .in_flight = 100});
  ASSERT_TRUE(budget.try_begin(kStart).granted);
  const UtcMillis earlier = kStart - Millis(7'200'000);
  ASSERT_FALSE(budget.try_begin(earlier).granted);
  EXPECT_TRUE(budget.try_begin(earlier + Millis(100)).granted);
}

TEST(HostBudget, RacingClocksEarnNothingTwice) {
  HostBudget budget({.requests_per_second = 10, .burst = 1, .in_flight = 1'000});
  int granted = 0;
  for (int i = 0; i < 10'000; ++i) {  // two workers whose clocks are 50 ms apart, for 1 s
    if (budget.try_begin(kStart + Millis(i / 10)).granted) ++granted;
    if (budget.try_begin(kStart + Millis(i / 10 - 50)).granted) ++granted;
  }
  EXPECT_LE(granted, 11);
}

TEST(HostBudget, HoldsBackWhenTheMostAreInFlight) {
  auto config = generous();
  config.in_flight = 2;
  HostBudget budget(config);
  ASSERT_TRUE(budget.try_begin(kStart).granted);
  ASSERT_TRUE(budget.try_begin(kStart).granted);
  const auto refused = budget.try_begin(kStart);
  EXPECT_FALSE(refused.granted);
  EXPECT_EQ(refused.why, HostWait::InFlight);
  EXPECT_GT(refused.retry_at, kStart);
  EXPECT_EQ(budget.state(kStart).in_flight, 2U);
  budget.end(kStart, HostAnswer::Good);
  EXPECT_TRUE(budget.try_begin(kStart).granted);
  EXPECT_EQ(budget.state(kStart).held_back, 1U);
}

TEST(HostBudget, RetryAfterHoldsEveryWorkerBackUntilThen) {
  HostBudget budget(generous());
  ASSERT_TRUE(budget.try_begin(kStart).granted);
  budget.end(kStart, HostAnswer::Refused, Millis(7'000));
  const auto refused = budget.try_begin(kStart + Millis(6'999));
  EXPECT_FALSE(refused.granted);
  EXPECT_EQ(refused.why, HostWait::RetryAfter);
  EXPECT_EQ(refused.retry_at, kStart + Millis(7'000));
  EXPECT_TRUE(budget.try_begin(kStart + Millis(7'000)).granted);
}

TEST(HostBudget, AShorterRetryAfterDoesNotShortenALongerOne) {
  HostBudget budget(generous());
  ASSERT_TRUE(budget.try_begin(kStart).granted);
  ASSERT_TRUE(budget.try_begin(kStart).granted);
  budget.end(kStart, HostAnswer::Refused, Millis(7'000));
  budget.end(kStart, HostAnswer::Refused, Millis(10));
  EXPECT_FALSE(budget.try_begin(kStart + Millis(6'999)).granted);
}

TEST(HostBudget, RetryAfterIsCappedAtAnHour) {
  HostBudget budget(generous());
  ASSERT_TRUE(budget.try_begin(kStart).granted);
  budget.end(kStart, HostAnswer::Refused, Millis(86'400'000));
  EXPECT_TRUE(budget.try_begin(kStart + Millis(3'600'000)).granted);
}

TEST(HostBudget, TheBreakerOpensAfterThatManyRefusalsInARow) {
  HostBudget budget(generous());
  refuse(budget, kStart, 2);
  ASSERT_TRUE(budget.try_begin(kStart).granted);
  budget.end(kStart, HostAnswer::Good);  // not in a row any more
  refuse(budget, kStart, 2);
  EXPECT_FALSE(budget.state(kStart).breaker_open);
  ASSERT_TRUE(budget.try_begin(kStart).granted);
  budget.end(kStart, HostAnswer::Failing);
  EXPECT_TRUE(budget.state(kStart).breaker_open);
  const auto refused = budget.try_begin(kStart + Millis(999));
  EXPECT_FALSE(refused.granted);
  EXPECT_EQ(refused.why, HostWait::Breaker);
  EXPECT_EQ(refused.retry_at, kStart + Millis(1'000));
}

TEST(HostBudget, AHalfOpenBreakerLetsExactlyOneProbeThrough) {
  HostBudget budget(generous());
  refuse(budget, kStart, 3);
  const UtcMillis half_open = kStart + Millis(1'000);
  ASSERT_TRUE(budget.try_begin(half_open).granted);
  const auto second = budget.try_begin(half_open);
  EXPECT_FALSE(second.granted);
  EXPECT_EQ(second.why, HostWait::Breaker);
  EXPECT_GT(second.retry_at, half_open);
}

TEST(HostBudget, AGoodProbeClosesTheBreaker) {
  HostBudget budget(generous());
  refuse(budget, kStart, 3);
  const UtcMillis half_open = kStart + Millis(1'000);
  ASSERT_TRUE(budget.try_begin(half_open).granted);
  budget.end(half_open, HostAnswer::Good);
  EXPECT_FALSE(budget.state(half_open).breaker_open);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(budget.try_begin(half_open).granted);
}

TEST(HostBudget, EveryRefusedProbeDoublesThePauseUpToTheLongest) {
  HostBudget budget(generous());
  refuse(budget, kStart, 3);
  UtcMillis now = kStart + Millis(1'000);
  for (const int pause : {2'000, 4'000, 5'000, 5'000}) {
    ASSERT_TRUE(budget.try_begin(now).granted);
    budget.end(now, HostAnswer::Failing);
    EXPECT_EQ(budget.state(now).until, now + Millis(pause));
    EXPECT_FALSE(budget.try_begin(now + Millis(pause - 1)).granted);
    now = now + Millis(pause);
  }
  ASSERT_TRUE(budget.try_begin(now).granted);
  budget.end(now, HostAnswer::Good);
  refuse(budget, now, 3);
  EXPECT_EQ(budget.state(now).until, now + Millis(1'000)) << "the first pause again after success";
}

TEST(HostBudget, AnswersFromBeforeTheBreakerOpenedDoNotMoveIt) {
  HostBudget budget(generous());
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(budget.try_begin(kStart).granted);
  for (int i = 0; i < 3; ++i) budget.end(kStart, HostAnswer::Refused);
  budget.end(kStart + Millis(10), HostAnswer::Refused);
  budget.end(kStart + Millis(20), HostAnswer::Good);
  const auto state = budget.state(kStart + Millis(20));
  EXPECT_TRUE(state.breaker_open);
  EXPECT_EQ(state.until, kStart + Millis(1'000));
  EXPECT_EQ(state.in_flight, 1U);
}

TEST(HostBudget, StateSaysWhatAnAttemptWouldBeToldWithoutTakingAnything) {
  HostBudget budget({.requests_per_second = 1, .burst = 1, .in_flight = 5});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(budget.state(kStart).waiting, HostWait::None);
  ASSERT_TRUE(budget.try_begin(kStart).granted);
  EXPECT_EQ(budget.state(kStart).waiting, HostWait::Rate);
  EXPECT_EQ(budget.state(kStart).until, kStart + Millis(1'000));
  EXPECT_EQ(budget.state(kStart).held_back, 0U);
}

TEST(HostBudget, ManyThreadsNeverExceedTheMostInFlight) {
  auto config = generous();
  config.in_flight = 3;
  config.breaker_refusals = 0;
  HostBudget budget(config);
  std::atomic<int> at_once{0};
  std::atomic<int> most{0};
  std::atomic<int> granted{0};
  std::vector<std::thread> workers;
  for (int w = 0; w < 6; ++w)
    workers.emplace_back([&, w] {
      for (int i = 0; i < 2'000; ++i) {
        const UtcMillis now = kStart + Millis(i);
        if (!budget.try_begin(now).granted) continue;
        ++granted;
        const int mine = ++at_once;
        int seen = most.load();
        while (mine > seen && !most.compare_exchange_weak(seen, mine)) {
        }
        --at_once;
        budget.end(now, (i + w) % 3 == 0 ? HostAnswer::Refused : HostAnswer::Good);
      }
    });
  for (std::thread& worker : workers) worker.join();
  EXPECT_LE(most.load(), 3);
  EXPECT_GT(granted.load(), 0);
  EXPECT_EQ(budget.state(kStart).in_flight, 0U);
  EXPECT_EQ(budget.state(kStart).held_back + static_cast<std::uint64_t>(granted.load()), 12'000U);
}

TEST(HostBudget, ManyThreadsTogetherKeepTheRate) {
  HostBudget budget({.requests_per_second = 100, .burst = 10, .in_flight = 100'000});
  std::atomic<int> tick{0};  // half a second in all, shared as a wall clock would be
  std::atomic<int> granted{0};
  std::vector<std::thread> workers;
  for (int w = 0; w < 4; ++w)
    workers.emplace_back([&] {
      for (int i = 0; i < 5'000; ++i)
        if (budget.try_begin(kStart + Millis(tick++ / 40)).granted) ++granted;
    });
  for (std::thread& worker : workers) worker.join();
  EXPECT_LE(granted.load(), 10 + 50);
  EXPECT_GE(granted.load(), 10 + 50 - 1);
}

}  // namespace
}  // namespace oddsloom
