#include "sim/world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "sim/pricing.h"
#include "sim/truth.h"

namespace oddsloom::sim {
namespace {

constexpr UtcMillis kEpoch{1'768'467'600'000};  // 2026-01-15 09:00 UTC, noon in Nairobi
constexpr Millis kHour{3'600'000};
constexpr Millis kMinute{60'000};

WorldConfig config(std::uint64_t seed = 7) {
  WorldConfig config;
  config.seed = seed;
  config.epoch = kEpoch;
  return config;
}

std::set<std::int64_t> game_ids(const std::vector<Event>& events) {
  std::set<std::int64_t> ids;
  for (const Event& event : events) ids.insert(event.game_id);
  return ids;
}

TEST(World, SameSeedAndTimeGiveTheSameWorld) {
  const UtcMillis at = kEpoch + kHour * 30;
  EXPECT_EQ(truth_json(World(config()), at, true), truth_json(World(config()), at, true));
  EXPECT_NE(truth_json(World(config(7)), at, true), truth_json(World(config(8)), at, true));
}

TEST(World, NumbersOfEventsStayAsConfigured) {
  for (const auto& [upcoming, live] :
       {std::pair{300U, 40U}, std::pair{20U, 40U}, std::pair{5U, 0U}, std::pair{2000U, 150U}}) {
    WorldConfig wanted = config();
    wanted.upcoming = upcoming;
    wanted.live = live;
    const World world(wanted);
    for (const Millis later : {Millis(0), kMinute * 7, kHour * 26, kHour * 24 * 30}) {
      EXPECT_EQ(world.upcoming(kEpoch + later).size(), upcoming);
      EXPECT_EQ(world.in_play(kEpoch + later).size(), live);
    }
  }
}

TEST(World, EveryNairobiDayHasEventsAndNoIdIsSharedByTwo) {
  const World world(config());
  std::map<std::int64_t, int> days;
  std::set<std::int64_t> ids;
  for (const Event& event : world.upcoming(kEpoch)) {
    ++days[World::day_index(event.kickoff, kEpoch)];
    EXPECT_TRUE(ids.insert(event.game_id).second);
    EXPECT_GT(event.kickoff, kEpoch);
  }
  for (std::int64_t day = 0; day < 5; ++day) EXPECT_GT(days[day], 10) << "day " << day;
}

TEST(World, DayIndexTurnsAtMidnightInNairobi) {
  const UtcMillis before{1'768'510'799'999};  // 2026-01-15 20:59:59.999 UTC
  EXPECT_EQ(World::day_index(before, kEpoch), 0);
  EXPECT_EQ(World::day_index(before + Millis(1), kEpoch), 1);
  EXPECT_EQ(World::day_index(before, before + Millis(1)), -1);
}

TEST(World, KickOffTurnsUpcomingIntoLiveAndTheEndRemovesIt) {
  const World world(config());
  const Event next = world.announced(kEpoch).front();
  ASSERT_TRUE(world.game(next.game_id, next.kickoff - Millis(1)));
  EXPECT_FALSE(world.in_play_event(next.live_id, next.kickoff - Millis(1)));
  EXPECT_FALSE(world.game(next.game_id, next.kickoff));
  ASSERT_TRUE(world.in_play_event(next.live_id, next.kickoff));
  EXPECT_EQ(world.in_play_event(next.live_id, next.kickoff)->betradar_id, next.betradar_id);
  EXPECT_FALSE(game_ids(world.upcoming(next.kickoff)).contains(next.game_id));
  EXPECT_TRUE(world.in_play_event(next.live_id, next.end - Millis(1)));
  EXPECT_FALSE(world.in_play_event(next.live_id, next.end));
}

TEST(World, APostponedEventIsListedWithItsNewKickOffAndPlayedThen) {
  const Event next = World(config()).announced(kEpoch).front();
  WorldConfig off = config();
  const UtcMillis known = kEpoch + Millis(1);
  const UtcMillis later = next.kickoff + kHour * 24;
  off.called_off = {{next.game_id, known, later}};
  const World world(off);
  EXPECT_EQ(world.game(next.game_id, kEpoch)->kickoff, next.kickoff);
  EXPECT_EQ(world.lists_change_at(kEpoch), known);
  EXPECT_EQ(world.game(next.game_id, known)->kickoff, later);
  EXPECT_EQ(world.announced_event(next.live_id, known)->kickoff, later);
  EXPECT_FALSE(world.in_play_event(next.live_id, next.kickoff));
  // While its lane goes on to other matches it stays in the lists, and its own time comes.
  for (const UtcMillis at : {next.kickoff, next.end, later - Millis(1)}) {
    EXPECT_TRUE(game_ids(world.upcoming(at)).contains(next.game_id));
    EXPECT_TRUE(game_ids(world.announced(at)).contains(next.game_id));
    EXPECT_FALSE(game_ids(world.in_play(at)).contains(next.game_id));
    EXPECT_EQ(world.in_play(at).size(), at < next.end ? config().live - 1 : config().live);
  }
  EXPECT_EQ(world.lists_change_at(later - Millis(1)), later);
  ASSERT_TRUE(world.in_play_event(next.live_id, later));
  EXPECT_TRUE(game_ids(world.in_play(later)).contains(next.game_id));
  EXPECT_FALSE(game_ids(world.upcoming(later)).contains(next.game_id));
  const Event played = *world.in_play_event(next.live_id, later);
  EXPECT_EQ(played.end - played.kickoff, next.end - next.kickoff);
  EXPECT_EQ(world.names(played).home.live, world.names(next).home.live);
  EXPECT_EQ(world.state(played, later).clock_seconds, 0);
  EXPECT_TRUE(world.in_play_event(next.live_id, played.end - Millis(1)));
  EXPECT_FALSE(world.in_play_event(next.live_id, played.end));
}

TEST(World, AShareOfTheEventsIsPostponedIfAskedFor) {
  WorldConfig often = config();
  often.postponed_share = 0.2;
  const World world(often), usual(config());
  const UtcMillis end = kEpoch + kHour * 72;
  std::map<std::int64_t, UtcMillis> first;  // kick-offs
  std::set<std::int64_t> moved;
  for (UtcMillis at = kEpoch; at < end; at = usual.lists_change_at(at)) {
    for (const Event& event : usual.announced(at))
      if (event.kickoff < end) first.emplace(event.game_id, event.kickoff);
    for (const Event& event : world.announced(at)) {
      const auto known = first.find(event.game_id);
      if (known == first.end() || event.kickoff == known->second) continue;
      EXPECT_GE(event.kickoff - known->second, kHour);
      EXPECT_LE(event.kickoff - known->second, kHour * 30);
      if (moved.insert(event.game_id).second) {
        EXPECT_GE(at, known->second - kHour) << "known too soon";
      }
      EXPECT_FALSE(world.in_play_event(event.live_id, known->second));
      EXPECT_TRUE(world.in_play_event(event.live_id, event.kickoff));
    }
  }
  EXPECT_NEAR(static_cast<double>(moved.size()) / static_cast<double>(first.size()), 0.2, 0.035);
}

TEST(World, AnEventThatDisappearsIsInNoList) {
  const Event next = World(config()).announced(kEpoch).front();
  WorldConfig off = config();
  off.called_off = {{next.game_id, kEpoch + Millis(1)}};
  const World world(off);
  EXPECT_TRUE(game_ids(world.upcoming(kEpoch)).contains(next.game_id));
  EXPECT_FALSE(game_ids(world.upcoming(kEpoch + Millis(1))).contains(next.game_id));
  EXPECT_FALSE(game_ids(world.in_play(next.kickoff)).contains(next.game_id));
  EXPECT_EQ(world.upcoming(kEpoch + Millis(1)).size(), config().upcoming - 1);
}

TEST(World, NewEventsAppear) {
  const World world(config());
  const auto before = game_ids(world.upcoming(kEpoch));
  const auto after = game_ids(world.upcoming(kEpoch + kHour * 24));
  EXPECT_TRUE(std::any_of(after.begin(), after.end(),
                          [&](std::int64_t id) { return !before.contains(id); }));
}

TEST(World, ListsChangeOnlyWhenTheySayTheyDo) {
  const World world(config());
  const UtcMillis change = world.lists_change_at(kEpoch);
  EXPECT_EQ(game_ids(world.upcoming(kEpoch)), game_ids(world.upcoming(change - Millis(1))));
  bool changed = false;
  UtcMillis at = kEpoch;
  for (int i = 0; i < 40 && !changed; ++i) {
    at = world.lists_change_at(at);
    changed = game_ids(world.upcoming(kEpoch)) != game_ids(world.upcoming(at));
  }
  EXPECT_TRUE(changed);
}

TEST(World, UnknownIdsAreNothing) {
  const World world(config());
  for (const std::int64_t id : {std::int64_t{0}, std::int64_t{-5}, std::int64_t{1},
                                kFirstGameId + 1, kFirstLiveId - 2, INT64_MAX, INT64_MIN}) {
    EXPECT_FALSE(world.game(id, kEpoch));
    EXPECT_FALSE(world.in_play_event(id, kEpoch));
  }
}

TEST(World, ScoresOnlyGrowAndPhasesGoForward) {
  const World world(config());
  for (const Event& event : world.in_play(kEpoch)) {
    int goals = 0;
    const Phase* phase = nullptr;
    for (UtcMillis at = event.kickoff; at < event.end; at = at + kMinute) {
      const MatchState state = world.state(event, at);
      EXPECT_GE(state.home_score + state.away_score, goals);
      EXPECT_GE(state.phase, phase);
      EXPECT_LE(state.last_goal.value_or(at), at);
      goals = state.home_score + state.away_score;
      phase = state.phase;
    }
  }
}

TEST(World, ScoreStandsStillBetweenGoalsAndChangesAtTheGoal) {
  const World world(config());
  int checked = 0;
  for (const Event& event : world.in_play(kEpoch)) {
    const MatchState end = world.state(event, event.end - Millis(1));
    if (!end.last_goal) continue;
    const MatchState at = world.state(event, *end.last_goal + Millis(2));
    const MatchState before = world.state(event, *end.last_goal - Millis(2));
    EXPECT_EQ(at.home_score, end.home_score);
    EXPECT_LT(before.home_score + before.away_score, at.home_score + at.away_score);
    ++checked;
  }
  EXPECT_GT(checked, 10);
}

TEST(World, PricesMoveForAboutTheConfiguredShareOfEvents) {
  WorldConfig wanted = config();
  wanted.change_share = 0.25;
  wanted.live = 200;
  const World world(wanted);
  int moved = 0;
  constexpr int kSteps = 40;
  const auto events = world.in_play(kEpoch);
  for (int step = 1; step <= kSteps; ++step) {
    const UtcMillis now = kEpoch + wanted.step * step;
    for (const Event& event : events) {
      const UtcMillis move = world.last_move(event, Source::Live, now);
      EXPECT_LE(move, now);
      EXPECT_EQ(move.value % wanted.step.count(), 0);
      if (move == now) ++moved;
    }
  }
  const double share = moved / (200.0 * kSteps);
  EXPECT_GT(share, 0.2);
  EXPECT_LT(share, 0.3);
}

TEST(World, PricesStayBetweenMoves) {
  const World world(config());
  const Event event = world.upcoming(kEpoch).back();
  const auto& spec = market_table(event.sport, Source::Upcoming).front();
  const UtcMillis move = world.last_move(event, Source::Upcoming, kEpoch);
  const auto price = [&](UtcMillis at) {
    return quote(world, open_book(world, event, Source::Upcoming, at), spec)
        ->selections.front()
        .hundredths;
  };
  EXPECT_EQ(price(move), price(kEpoch));
  std::set<int> seen;
  for (int i = 0; i < 500; ++i) seen.insert(price(kEpoch + kMinute * i));
  EXPECT_GT(seen.size(), 5U);
}

// How often each event's prices moved in an hour from the epoch on, by second; live.
std::vector<int> moves_of(const WorldConfig& configuration) {
  const World world(configuration);
  std::vector<int> out;
  for (const Event& event : world.in_play(kEpoch)) {
    std::set<std::int64_t> moments;
    for (UtcMillis at = kEpoch; at < kEpoch + kHour; at = at + Millis(1000))
      moments.insert(world.last_move(event, Source::Live, at).value);
    out.push_back(static_cast<int>(moments.size()));
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST(World, EventsMoveEquallyOftenUnlessASpreadIsAskedFor) {
  WorldConfig wide = config();
  wide.live = 200;
  wide.change_share = 0.05;
  const std::vector<int> alike = moves_of(wide);
  wide.change_spread = 1;
  const std::vector<int> spread = moves_of(wide);
  const auto tenth = [](const std::vector<int>& moves, std::size_t n) {
    return static_cast<double>(moves[moves.size() * n / 10]);
  };
  EXPECT_LT(tenth(alike, 9), 1.1 * tenth(alike, 1));
  EXPECT_GT(tenth(spread, 9), 6 * tenth(spread, 1));
  const double before = std::accumulate(alike.begin(), alike.end(), 0.0);
  EXPECT_NEAR(std::accumulate(spread.begin(), spread.end(), 0.0) / before, 1, 0.3);
}

TEST(World, BreaksCanBeCalm) {
  WorldConfig calm = config();
  calm.live = 100;
  const World usual(calm);
  calm.paused_share = 0.1;
  const World world(calm);
  std::size_t paused = 0;
  std::set<std::pair<std::int64_t, std::int64_t>> before, after;
  for (const Event& event : world.in_play(kEpoch)) {
    if (world.state(event, kEpoch).phase->playing) {
      EXPECT_EQ(world.last_move(event, Source::Live, kEpoch),
                usual.last_move(event, Source::Live, kEpoch));
      continue;
    }
    ++paused;
    for (UtcMillis at = kEpoch; at < kEpoch + kMinute * 5; at = at + Millis(1000)) {
      if (world.state(event, at).phase->playing) break;
      before.emplace(event.live_id, usual.last_move(event, Source::Live, at).value);
      after.emplace(event.live_id, world.last_move(event, Source::Live, at).value);
    }
  }
  ASSERT_GT(paused, 5U);
  EXPECT_LT(3 * after.size(), before.size());
}

TEST(World, MarketsCarryAMarginAndSaneOdds) {
  const World world(config());
  for (const Event& event : world.upcoming(kEpoch)) {
    const Book book = open_book(world, event, Source::Upcoming, kEpoch);
    const auto offered = quote(world, book, market_table(event.sport, Source::Upcoming).front());
    ASSERT_TRUE(offered);
    EXPECT_FALSE(offered->suspended);
    double sum = 0;
    for (int i = 0; i < offered->count; ++i) {
      const Selection& selection = offered->selections.at(static_cast<std::size_t>(i));
      EXPECT_FALSE(selection.closed);
      EXPECT_GE(selection.hundredths, 101);
      EXPECT_LE(selection.hundredths, 10'100);
      sum += 100.0 / selection.hundredths;
    }
    EXPECT_GT(sum, 1.0);
    EXPECT_LT(sum, 1.25);
  }
}

// A day of the live half must show every state that a parser has to tell apart.
TEST(World, LiveMarketsShowEveryStateThatWasCaptured) {
  const World world(config());
  int suspended_open = 0, closed_in_open = 0, withdrawn = 0, lowest_open = 0, lowest_closed = 0;
  int gone_in_extra_time = 0, after_goal = 0, capped = 0, no_btts = 0;
  for (int i = 0; i < 24 * 12; ++i) {
    const UtcMillis now = kEpoch + kMinute * 5 * i + Millis(1500 * i);
    for (const Event& event : world.in_play(now)) {
      const Book book = open_book(world, event, Source::Live, now);
      const MarketSpec& main = market_table(event.sport, Source::Live).front();
      const auto offered = quote(world, book, main);
      const auto* btts = spec_of(BetType::Btts, event.sport, Source::Live);
      if (btts != nullptr && !quote(world, book, *btts)) ++no_btts;
      if (!offered) {
        EXPECT_TRUE(book.state.phase->three_way_gone);
        ++gone_in_extra_time;
        continue;
      }
      if (book.state.last_goal && now - *book.state.last_goal < Millis(4000)) {
        EXPECT_TRUE(offered->suspended);
        ++after_goal;
      }
      for (int s = 0; s < offered->count; ++s) {
        const Selection& selection = offered->selections.at(static_cast<std::size_t>(s));
        if (offered->suspended && !selection.closed) ++suspended_open;
        if (!offered->suspended && selection.closed && selection.hundredths > 101) ++closed_in_open;
        if (selection.hundredths == 0) {
          EXPECT_TRUE(selection.closed);
          ++withdrawn;
        }
        if (selection.hundredths == 101) ++(selection.closed ? lowest_closed : lowest_open);
        if (selection.hundredths == 10'000) ++capped;
        EXPECT_LE(selection.hundredths, 10'000);
      }
    }
  }
  EXPECT_GT(suspended_open, 0);
  EXPECT_GT(closed_in_open, 0);
  EXPECT_GT(withdrawn, 0);
  EXPECT_GT(lowest_open, 0);
  EXPECT_GT(lowest_closed, 0);
  EXPECT_GT(gone_in_extra_time, 0);
  EXPECT_GT(after_goal, 0);
  EXPECT_GT(capped, 0);
  EXPECT_GT(no_btts, 0);
}

TEST(World, MarketTablesFitIntoTheIdsOfAnEvent) {
  for (const SportInfo& sport : all_sports())
    for (const Source source : {Source::Live, Source::Upcoming})
      EXPECT_LE(market_table(sport.sport, source).size(), std::size_t{kMaxInstances});
}

TEST(World, NamesHoldEveryTrap) {
  const World world(config());
  std::string all;
  bool trailing_space = false, differs = false;
  for (const Event& event : world.upcoming(kEpoch)) {
    const EventNames names = world.names(event);
    for (const TeamName& team : {names.home, names.away}) {
      EXPECT_FALSE(team.prematch.empty());
      all += team.prematch + "|";
      trailing_space |= team.prematch.ends_with(' ');
      differs |= team.prematch != team.live;
    }
    EXPECT_NE(names.home.prematch, names.away.prematch);
  }
  EXPECT_TRUE(trailing_space);
  EXPECT_TRUE(differs);
  for (const char* trap : {" / ", ", ", "(", " & ", " or ", "ø", "'", "\"", " W|", "U20"})
    EXPECT_NE(all.find(trap), std::string::npos) << trap;
}

}  // namespace
}  // namespace oddsloom::sim
