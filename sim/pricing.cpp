#include "sim/pricing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "sim/noise.h"

namespace oddsloom::sim {
namespace {

constexpr int kLowest = 101;
constexpr int kLiveCap = 10'000;
constexpr int kUpcomingCap = 10'100;
constexpr double kHalfShare = 0.45;  // of the goals falls in the first half

using Chances = std::array<double, kMaxSelections>;

double normal_below(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

// Slow tides, quicker waves and a jolt per move, in about -1..1.
double mood(std::uint64_t seed, UtcMillis at) {
  const auto ms = static_cast<double>(at.value);
  return 0.5 * value_noise(seed, ms / 3'600'000) + 0.3 * value_noise(seed + 1, ms / 600'000) +
         0.2 * (unit(hash_of({seed, static_cast<std::uint64_t>(at.value)})) * 2 - 1);
}

void fill_poisson(std::array<double, kMaxGoals>& chances, int already, double mean) {
  chances.fill(0);
  double term = std::exp(-mean);
  for (int more = 0; already + more < kMaxGoals; ++more) {
    chances.at(static_cast<std::size_t>(already) + static_cast<std::size_t>(more)) = term;
    term *= mean / (more + 1);
  }
}

// Sums the chance of every final score for which `holds(home, away)`.
template <class Holds>
double sum_scores(std::span<const double, kMaxGoals> home, std::span<const double, kMaxGoals> away,
                  Holds holds) {
  constexpr int kEnough = 13;
  double sum = 0;
  for (int h = 0; h < kEnough; ++h)
    for (int a = 0; a < kEnough; ++a)
      if (holds(h, a)) sum += home[static_cast<std::size_t>(h)] * away[static_cast<std::size_t>(a)];
  return sum;
}

struct Three {
  double home, draw, away;
};

Three three_way(const Book& book, bool half, double start) {
  if (!book.by_goals) {
    const double share = half ? kHalfShare : 1;
    const double mean = book.difference * share + start;
    const double spread = book.difference_spread * std::sqrt(share);
    const double away = normal_below((-0.5 - mean) / spread);
    const double home = 1 - normal_below((0.5 - mean) / spread);
    return {home, 1 - home - away, away};
  }
  const auto& home = half ? book.home_half : book.home_goals;
  const auto& away = half ? book.away_half : book.away_goals;
  Three three{0, 0, 0};
  three.home = sum_scores(home, away, [&](int h, int a) { return h + start > a; });
  three.away = sum_scores(home, away, [&](int h, int a) { return h + start < a; });
  three.draw = std::max(0.0, 1 - three.home - three.away);
  return three;
}

Three full_time(const Book& book) { return {book.result[0], book.result[1], book.result[2]}; }

double over(const std::array<double, kMaxGoals>& goals, double line) {
  double sum = 0;
  for (int i = 0; i < kMaxGoals; ++i)
    if (i > line) sum += goals.at(static_cast<std::size_t>(i));
  return sum;
}

// Two chances that share a stake returned in the third case.
void two_of(Chances& chances, double first, double second) {
  const double sum = std::max(first + second, 1e-9);
  chances[0] = first / sum;
  chances[1] = second / sum;
}

int fill_chances(const Book& book, const MarketSpec& spec, Chances& chances) {
  const double line = spec.line / 4.0;
  const auto both = [](const std::array<double, kMaxGoals>& home,
                       const std::array<double, kMaxGoals>& away) {
    return (1 - home[0]) * (1 - away[0]);
  };
  const auto sides = [&](double yes) {
    chances[0] = yes;
    chances[1] = 1 - yes;
    return 2;
  };
  const auto three = [&](const Three& t) {
    chances[0] = t.home;
    chances[1] = t.draw;
    chances[2] = t.away;
    return 3;
  };
  switch (spec.kind) {
    case Kind::ThreeWay:
      return three(full_time(book));
    case Kind::HalfThreeWay:
      return three(three_way(book, true, 0));
    case Kind::EuroHandicap:
      return three(three_way(book, false, line));
    case Kind::EarlyPayout: {
      const Three t = full_time(book);
      const double more = 1 + 0.4 / std::max(line, 1.0);
      return three({std::min(t.home * more, 0.98), t.draw, std::min(t.away * more, 0.98)});
    }
    case Kind::TwoWay:
      return sides(normal_below(book.difference / book.difference_spread));
    case Kind::DoubleChance: {
      const Three t = full_time(book);
      return three({t.home + t.draw, t.draw + t.away, t.home + t.away});
    }
    case Kind::BothScore:
      return sides(both(book.home_goals, book.away_goals));
    case Kind::HalfBothScore:
      return sides(both(book.home_half, book.away_half));
    case Kind::DrawNoBet: {
      const Three t = full_time(book);
      two_of(chances, t.home, t.away);
      return 2;
    }
    case Kind::HomeNoBet: {
      const Three t = full_time(book);
      two_of(chances, t.away, t.draw);
      return 2;
    }
    case Kind::AwayNoBet: {
      const Three t = full_time(book);
      two_of(chances, t.home, t.draw);
      return 2;
    }
    case Kind::AsianHandicap: {
      const Three t = three_way(book, false, line);
      two_of(chances, t.home, t.away);
      return 2;
    }
    case Kind::HomeTotal:
      return sides(over(book.home_goals, line));
    case Kind::AwayTotal:
      return sides(over(book.away_goals, line));
    case Kind::Total:
      if (!book.by_goals) return sides(1 - normal_below((line - book.total) / book.total_spread));
      return sides(
          sum_scores(book.home_goals, book.away_goals, [&](int h, int a) { return h + a > line; }));
    case Kind::HalfTotal:
      return sides(
          sum_scores(book.home_half, book.away_half, [&](int h, int a) { return h + a > line; }));
    case Kind::OddEven:
      return sides(sum_scores(book.home_goals, book.away_goals,
                              [](int h, int a) { return (h + a) % 2 == 1; }));
    case Kind::ExactGoals:
      for (int n = 0; n < 5; ++n)
        chances.at(static_cast<std::size_t>(n)) =
            sum_scores(book.home_goals, book.away_goals, [&](int h, int a) { return h + a == n; });
      chances[5] =
          sum_scores(book.home_goals, book.away_goals, [](int h, int a) { return h + a >= 5; });
      return 6;
    case Kind::CorrectScore: {
      double rest = 1;
      for (std::size_t i = 0; i < 25; ++i) {
        chances.at(i) = book.home_goals.at(i / 5) * book.away_goals.at(i % 5);
        rest -= chances.at(i);
      }
      chances[25] = std::max(rest, 0.0);
      return 26;
    }
    case Kind::Corners: {
      const double mean =
          9 + 3 * unit(hash_of({book.event.seed, 60})) + mood(book.event.seed + 60, book.priced_at);
      return sides(1 - normal_below((line - mean) / 2.8));
    }
  }
  return 0;
}

// Bookmakers do not offer 13.37: the higher the price, the coarser.
int on_ladder(int hundredths) {
  const int step = hundredths < 300    ? 1
                   : hundredths < 600  ? 5
                   : hundredths < 1000 ? 10
                   : hundredths < 2000 ? 50
                   : hundredths < 5000 ? 100
                                       : 500;
  return hundredths / step * step;
}

bool by_chance(double share, std::initializer_list<std::uint64_t> what) {
  return unit(hash_of(what)) < share;
}

Selection price(const Book& book, const MarketSpec& spec, int index, double chance) {
  const bool live = book.source == Source::Live;
  const int cap = live ? kLiveCap : kUpcomingCap;
  const double fair = 1 / (std::max(chance, 1e-6) * book.margin);
  Selection selection;
  selection.hundredths =
      fair >= cap / 100.0 ? cap : std::clamp(on_ladder(static_cast<int>(fair * 100)), kLowest, cap);
  if (!live) return selection;
  const auto minute = static_cast<std::uint64_t>(book.now.value / 60'000);
  const auto instance = static_cast<std::uint64_t>(spec.instance);
  const auto place = static_cast<std::uint64_t>(index);
  if (chance < 1e-6) {
    selection.closed = true;  // cannot happen any more
  } else if (fair < 1.01) {   // as good as certain: three ways of saying so were captured
    const std::uint64_t way = hash_of({book.event.seed, 70, instance, place}) % 10;
    selection.closed = way >= 4;
    if (way >= 8) selection.hundredths = 0;
  } else {
    selection.closed =
        by_chance(book.closed_share, {book.event.seed, 71, instance, place, minute / 2});
  }
  return selection;
}

}  // namespace

Book open_book(const World& world, const Event& event, Source source, UtcMillis now,
               const BookStyle& style) {
  now = now - style.delay;
  Book book;
  book.margin = style.margin;
  book.source = source;
  book.event = event;
  book.now = now;
  book.priced_at = world.last_move(event, source, now);
  book.by_goals = event.sport == Sport::Football || event.sport == Sport::Efootball;
  if (source == Source::Live) {
    book.state = world.state(event, now);
    book.priced_at = std::max(book.priced_at, book.state.phase_start);
    if (book.state.last_goal) book.priced_at = std::max(book.priced_at, *book.state.last_goal);
    book.state.remaining = world.state(event, book.priced_at).remaining;
    book.closed_share = world.config().closed_share;
    book.suspended_share = world.config().suspended_share;
    const std::uint64_t block = static_cast<std::uint64_t>(now.value / 90'000);
    const auto after_goal = static_cast<std::int64_t>(
        event.sport == Sport::Football ? 20'000 + hash_of({event.seed, 80, block}) % 30'000
                                       : 4'000);
    book.all_suspended =
        (book.state.last_goal && (now - *book.state.last_goal).count() < after_goal) ||
        by_chance(book.suspended_share / 2, {event.seed, 81, block});
  }
  auto [home, away] = world.strengths(event);
  const double left = book.state.remaining;
  const int home_score = book.state.home_score;
  const int away_score = book.state.away_score;
  const double swing = event.sport == Sport::Handball ? 0.05 : 0.18;
  home *= std::exp(swing * mood(hash_of({event.seed, 90}), book.priced_at));
  away *= std::exp(swing * mood(hash_of({event.seed, 91}), book.priced_at));
  if (style.salt != 0) {
    constexpr double kOpinion = 0.04;
    const std::uint64_t own = hash_of({event.seed, 92, style.salt});
    home *= std::exp(kOpinion * mood(own, book.priced_at));
    away *= std::exp(-kOpinion * mood(own, book.priced_at));
    book.event.seed = own;  // of what is drawn by chance from here on
  }
  if (book.by_goals) {
    fill_poisson(book.home_goals, home_score, home * left);
    fill_poisson(book.away_goals, away_score, away * left);
    const double half_left = std::max(0.0, (left - 0.55) / 0.45) * kHalfShare;
    fill_poisson(book.home_half, home_score, home * half_left);
    fill_poisson(book.away_half, away_score, away * half_left);
  } else {
    const double spread = event.sport == Sport::Handball ? 6 : event.sport == Sport::Rugby ? 13 : 1;
    const double floor = event.sport == Sport::Tennis ? 0.3 : 0.6;
    book.difference = home_score - away_score + (home - away) * left;
    book.difference_spread = spread * std::sqrt(left) + floor;
    book.total = home_score + away_score + (home + away) * left;
    book.total_spread = 1.2 * spread * std::sqrt(left) + floor;
  }
  const Three result = three_way(book, false, 0);
  book.result = {result.home, result.draw, result.away};
  return book;
}

std::optional<Quote> quote(const World& world, const Book& book, const MarketSpec& spec) {
  if (!world.has_market(book.event, book.source, spec)) return std::nullopt;
  const bool live = book.source == Source::Live;
  if (live) {
    const bool of_first_half = spec.kind == Kind::HalfThreeWay || spec.kind == Kind::HalfBothScore;
    if (of_first_half && !book.state.first_half) return std::nullopt;
    const bool counts_only = spec.kind == Kind::Total || spec.kind == Kind::Corners;
    if (book.state.phase->three_way_gone && !counts_only) return std::nullopt;
    // Once both have scored there is nothing left to bet on.
    if (spec.kind == Kind::BothScore && book.state.home_score > 0 && book.state.away_score > 0)
      return std::nullopt;
    if (spec.kind == Kind::Total && book.by_goals &&
        spec.line < 4 * (book.state.home_score + book.state.away_score))
      return std::nullopt;
  }
  Chances chances{};
  Quote quote;
  quote.count = fill_chances(book, spec, chances);
  for (int i = 0; i < quote.count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    quote.selections.at(at) = price(book, spec, i, chances.at(at));
  }
  quote.suspended =
      live && (book.all_suspended ||
               by_chance(book.suspended_share / 2,
                         {book.event.seed, 82, static_cast<std::uint64_t>(spec.instance),
                          static_cast<std::uint64_t>(book.now.value / 45'000)}));
  return quote;
}

bool usable(const Quote& quote, const Selection& selection) {
  return !quote.suspended && !selection.closed && selection.hundredths > 100;
}

std::string odds_text(int hundredths) {
  return fmt::format("{}.{:02}", hundredths / 100, hundredths % 100);
}

}  // namespace oddsloom::sim
