#include "discover/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

namespace oddsloom {
namespace {

using std::chrono::hours, std::chrono::minutes;

constexpr UtcMillis kStart{1'786'200'000'000};

ScheduleConfig config(double requests_per_second, std::size_t ids_per_request) {
  ScheduleConfig out;
  out.requests_per_second = requests_per_second;
  out.ids_per_request = ids_per_request;
  return out;
}

// A bookmaker that answers after 300 ms, and a clock; events say themselves whether they changed.
class Play {
 public:
  explicit Play(const ScheduleConfig& limits) : schedule(limits) {}

  std::vector<Schedule::Slot> add(std::size_t count, const EventFacts& facts) {
    std::vector<Schedule::Slot> out;
    for (std::size_t i = 0; i < count; ++i) {
      out.push_back(schedule.add(facts, now));
      looks.resize(std::max<std::size_t>(looks.size(), out.back() + 1));
      seen.resize(looks.size(), now);
      rates.resize(looks.size(), 0);
    }
    return out;
  }

  void go(Millis span) {
    for (const UtcMillis until = now + span; now < until; now = now + Millis(50)) {
      std::vector<Schedule::Slot> slots;
      while (!(slots = schedule.next(now)).empty()) {
        ++requests;
        for (const Schedule::Slot slot : slots) under_way.push_back({now + Millis(300), slot});
      }
      while (!under_way.empty() && under_way.front().first <= now) {
        const auto [at, slot] = under_way.front();
        under_way.erase(under_way.begin());
        std::bernoulli_distribution changed(
            1 - std::exp(-rates[slot] * static_cast<double>((at - seen[slot]).count()) / 1000));
        oldest = std::max(oldest, at - seen[slot]);
        seen[slot] = at;
        ++looks[slot];
        schedule.saw(slot, {at, changed(random), false}, now);
      }
    }
  }
  std::size_t sum(const std::vector<Schedule::Slot>& slots) const {
    std::size_t out = 0;
    for (const Schedule::Slot slot : slots) out += looks[slot];
    return out;
  }

  Schedule schedule;
  UtcMillis now = kStart;
  std::vector<std::size_t> looks;
  std::vector<UtcMillis> seen;
  std::vector<double> rates;  // changes a second
  std::size_t requests = 0;
  Millis oldest{0};  // longest time between two sightings

 private:
  std::vector<std::pair<UtcMillis, Schedule::Slot>> under_way;
  std::mt19937 random{5};
};

TEST(Schedule, ANewEventIsLookedAtAtOnceAndNotAgainBeforeTheAnswer) {
  Schedule schedule(config(100, 10));
  const auto slot = schedule.add({.in_play = true}, kStart);
  EXPECT_EQ(schedule.next(kStart), std::vector{slot});
  EXPECT_TRUE(schedule.next(kStart + Millis(5'000)).empty());
  EXPECT_EQ(schedule.asked(), 1U);
  schedule.saw(slot, {kStart + Millis(5'000)}, kStart + Millis(5'000));
  EXPECT_EQ(schedule.asked(), 0U);
  EXPECT_TRUE(schedule.next(kStart + Millis(5'900)).empty());
  EXPECT_EQ(schedule.next(kStart + Millis(8'000)), std::vector{slot});
}

TEST(Schedule, ALookWithoutAnAnswerIsMadeAgainAfterAWhile) {
  Schedule schedule(config(100, 10));
  const auto slot = schedule.add({.in_play = true}, kStart);
  ASSERT_EQ(schedule.next(kStart).size(), 1U);
  EXPECT_TRUE(schedule.next(kStart + Millis(9'900)).empty());
  EXPECT_EQ(schedule.next(kStart + Millis(10'100)), std::vector{slot});
}

TEST(Schedule, ARequestCarriesEventsOfOneGroupOnly) {
  Schedule schedule(config(100, 10));
  for (std::uint32_t i = 0; i < 12; ++i) schedule.add({.group = i % 2, .in_play = true}, kStart);
  const auto first = schedule.next(kStart);
  ASSERT_EQ(first.size(), 6U);
  for (const auto slot : first) EXPECT_EQ(slot % 2, first[0] % 2);
}

TEST(Schedule, SpendsWhatIsLeftOfTheBudgetAndNoMore) {
  Play run(config(5, 1));
  run.add(150, {.in_play = true});
  run.go(Millis(100'000));
  EXPECT_NEAR(static_cast<double>(run.requests), 500, 16);
  run.requests = 0;
  for (int i = 0; i < 200; ++i) {  // lists take 2 requests a second of it
    run.schedule.spent(2, run.now);
    run.go(Millis(1'000));
  }
  EXPECT_NEAR(static_cast<double>(run.requests), 600, 80);
}

TEST(Schedule, ChangesShortenAnEventsIntervalAndUnchangedAnswersLengthenIt) {
  ScheduleConfig ample = config(2, 1);
  ample.fresh_for = minutes(10);
  Play run(ample);
  const auto events = run.add(20, {.in_play = true});
  for (std::size_t i = 0; i < 10; ++i) run.rates[events[i]] = 0.2;
  run.go(minutes(10));
  const std::size_t before_busy = run.sum({events.begin(), events.begin() + 10});
  const std::size_t before_quiet = run.sum({events.begin() + 10, events.end()});
  run.go(minutes(10));
  const std::size_t busy = run.sum({events.begin(), events.begin() + 10}) - before_busy;
  const std::size_t quiet = run.sum({events.begin() + 10, events.end()}) - before_quiet;
  EXPECT_GT(busy, 2 * quiet);
  EXPECT_GT(quiet, 0U);
}

TEST(Schedule, NoEventPassesItsFreshnessLimitWhileTheBudgetAllowsIt) {
  Play run(config(5, 3));  // 15 looks a second; 150 events within 13 s need 11.5
  const auto events = run.add(150, {.in_play = true});
  for (std::size_t i = 0; i < 75; ++i) run.rates[events[i]] = 0.3;  // the greedy ones
  run.go(minutes(1));
  ASSERT_TRUE(run.schedule.report(run.now).feasible());
  run.oldest = Millis(0);
  run.go(minutes(20));
  EXPECT_LE(run.oldest, Millis(15'000));
  EXPECT_EQ(run.schedule.report(run.now).past_limit, 0U);
}

TEST(Schedule, ABudgetThatJustReachesKeepsEveryEventWithinItsLimit) {
  Play run(config(4, 3));  // 12 looks a second; 150 events within 13 s need 11.5
  const auto events = run.add(150, {.in_play = true});
  for (std::size_t i = 0; i < 75; ++i) run.rates[events[i]] = 0.3;
  run.go(minutes(1));
  EXPECT_TRUE(run.schedule.report(run.now).feasible());
  run.oldest = Millis(0);
  run.go(minutes(20));
  EXPECT_LE(run.oldest, Millis(15'000));
}

TEST(Schedule, SaysWhatABudgetThatIsTooSmallDelays) {
  Play run(config(1, 1));
  run.add(150, {.in_play = true});
  run.go(minutes(5));
  const Schedule::Report report = run.schedule.report(run.now);
  EXPECT_FALSE(report.feasible());
  EXPECT_NEAR(report.needed, 150 / 13.0, 0.01);
  EXPECT_NEAR(report.allowed, 1, 0.01);
  EXPECT_GT(report.past_limit, 100U);
  EXPECT_GT(report.delayed, 100U);
  EXPECT_GT(report.longest_delay, Millis(60'000));
  EXPECT_GT(*std::min_element(run.looks.begin(), run.looks.end()), 0U);  // late, but never left out
}

TEST(Schedule, AHintGoesToTheFront) {
  Play run(config(1, 1));
  const auto events = run.add(100, {.in_play = true});
  run.go(minutes(5));
  const auto latest = static_cast<Schedule::Slot>(
      std::max_element(run.seen.begin(), run.seen.end()) - run.seen.begin());
  const std::size_t before = run.looks[latest];
  run.schedule.hint(latest, run.now);
  run.go(Millis(6'000));
  EXPECT_GT(run.looks[latest], before);
}

TEST(Schedule, ASightingBySomeoneElsePutsTheNextLookOff) {
  Play run(config(1, 1));
  const auto events = run.add(20, {.in_play = true});
  run.go(minutes(2));
  const std::size_t before = run.looks[events[0]];
  for (int i = 0; i < 60; ++i) {  // a socket, every second, without changes
    run.seen[events[0]] = run.now;
    run.schedule.saw(events[0], {run.now}, run.now);
    run.go(Millis(1'000));
  }
  EXPECT_LE(run.looks[events[0]], before + 1);
}

TEST(Schedule, WhatOthersSawBeforeTheFirstLookIsAsGoodAsThat) {
  ScheduleConfig ample = config(100, 1);
  ample.burst = 10;
  Schedule schedule(ample);
  std::vector<Schedule::Slot> slots;
  for (int i = 0; i < 4; ++i) slots.push_back(schedule.add({.in_play = true}, kStart));
  schedule.saw(slots[0], {kStart - Millis(500)}, kStart);
  schedule.saw(slots[1], {kStart - Millis(9'000)}, kStart);
  schedule.saw(slots[2], {kStart - Millis(9'000)}, kStart);
  schedule.hint(slots[2], kStart);
  // The one that changed since and the one that nobody saw, then by worth; the first is fresh.
  std::set<Schedule::Slot> certain{schedule.next(kStart).at(0), schedule.next(kStart).at(0)};
  EXPECT_EQ(certain, (std::set{slots[2], slots[3]}));
  EXPECT_EQ(schedule.next(kStart), std::vector{slots[1]});
  EXPECT_TRUE(schedule.next(kStart).empty());
}

TEST(Schedule, AHintBeforeTheFirstLookIsNotForgottenForAnOlderSighting) {
  Schedule schedule(config(100, 1));
  const auto slot = schedule.add({.in_play = true}, kStart);
  schedule.hint(slot, kStart);
  schedule.saw(slot, {kStart - Millis(500)}, kStart);
  EXPECT_EQ(schedule.next(kStart), std::vector{slot});
}

TEST(Schedule, HowLongAnEventHadStayedTheSameIsLearntFromItsFirstSighting) {
  Schedule schedule(config(100, 1));
  const auto busy = schedule.add({.in_play = true}, kStart);
  const auto quiet = schedule.add({.in_play = true}, kStart);
  schedule.saw(busy, {.observed_at = kStart, .lasted = Millis(1'000)}, kStart);
  schedule.saw(quiet, {.observed_at = kStart, .lasted = minutes(20)}, kStart);
  EXPECT_EQ(schedule.next(kStart + Millis(6'000)), std::vector{busy});
}

TEST(Schedule, OlderSightingsChangeNothing) {
  Schedule schedule(config(100, 1));
  const auto slot = schedule.add({.in_play = true}, kStart);
  ASSERT_EQ(schedule.next(kStart).size(), 1U);
  schedule.saw(slot, {kStart - Millis(1)}, kStart);
  EXPECT_EQ(schedule.asked(), 1U);  // from before it was asked: its answer is still to come
}

TEST(Schedule, LooksComeOftenerAsKickOffNears) {
  ScheduleConfig upcoming = config(1, 1);
  upcoming.fresh_for = minutes(30);
  upcoming.changes_per_second = 1.0 / 1800;
  Play run(upcoming);
  const auto near = run.add(30, {.kick_off = kStart + minutes(20)});
  const auto far = run.add(30, {.kick_off = kStart + hours(90)});
  run.go(minutes(10));
  EXPECT_GT(run.sum(near), run.sum(far) * 3 / 2);
}

TEST(Schedule, AnEventAtHalfTimeIsLookedAtLess) {
  Play run(config(1, 1));
  const auto playing = run.add(50, {.in_play = true});
  const auto paused = run.add(50, {.in_play = true, .paused = true});
  run.go(minutes(20));
  EXPECT_GT(run.sum(playing), run.sum(paused));
}

TEST(Schedule, ARemovedEventIsNeverGivenAndItsSlotServesAnother) {
  Schedule schedule(config(100, 10));
  const auto first = schedule.add({.in_play = true}, kStart);
  ASSERT_EQ(schedule.next(kStart).size(), 1U);
  schedule.remove(first);
  EXPECT_EQ(schedule.size(), 0U);
  EXPECT_EQ(schedule.asked(), 0U);
  EXPECT_TRUE(schedule.next(kStart + minutes(1)).empty());
  EXPECT_EQ(schedule.add({.in_play = true}, kStart + minutes(1)), first);
  EXPECT_EQ(schedule.next(kStart + minutes(1)).size(), 1U);
}

TEST(Schedule, AnEventOfAnotherGroupThanBeforeTravelsWithThat) {
  Schedule schedule(config(100, 10));
  const auto a = schedule.add({.group = 1, .in_play = true}, kStart);
  const auto b = schedule.add({.group = 2, .in_play = true}, kStart);
  schedule.update(a, {.group = 2, .in_play = true}, kStart);
  EXPECT_EQ(schedule.next(kStart), (std::vector{a, b}));
}

TEST(Schedule, EqualInputGivesEqualDecisions) {
  Play one(config(3, 4)), other(config(3, 4));
  for (Play* run : {&one, &other}) {
    const auto events = run->add(90, {.in_play = true});
    for (std::size_t i = 0; i < 40; ++i) run->rates[events[i]] = 0.1;
    run->go(minutes(3));
  }
  EXPECT_EQ(one.looks, other.looks);
}

}  // namespace
}  // namespace oddsloom
