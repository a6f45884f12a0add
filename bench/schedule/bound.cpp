#include "bench/schedule/bound.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace oddsloom::bench {
namespace {

struct PriceRate {
  double shown = 0;  // seconds it was to be had
  double rate = 0;   // changes a second of those
};
// An event while it is played, or while it is not.
struct Stretch {
  double seconds = 0;
  std::array<PriceRate, kPrices> prices;
};

std::vector<Stretch> stretches(const Tape& tape, std::size_t from) {
  std::map<std::pair<const TapeEvent*, bool>, Stretch> out;
  const double tick = 0.001 * static_cast<double>(kTick.count());
  for (const TapeEvent& event : tape.events)
    for (std::size_t i = std::max(from, event.first + 1); event.in_play(i); ++i) {
      const Moment &before = event.at(i - 1), &now = event.at(i);
      Stretch& stretch = out[{&event, before.paused}];
      stretch.seconds += tick;
      for (std::size_t p = 0; p < kPrices; ++p) {
        if (before.prices.at(p) == 0) continue;
        stretch.prices.at(p).shown += tick;
        stretch.prices.at(p).rate += before.prices.at(p) != now.prices.at(p) ? 1 : 0;
      }
    }
  std::vector<Stretch> all;
  for (auto& [key, stretch] : out) {
    for (PriceRate& price : stretch.prices)
      if (price.shown > 0) price.rate /= price.shown;
    all.push_back(stretch);
  }
  return all;
}

// Of a price seen `age` ago: how likely it has been wrong for longer than `limit`, summed from 0 to
// `age`.
double late_until(double age, double rate, double limit) {
  const double over = age - limit;
  return over <= 0 || rate <= 0 ? 0 : over + std::expm1(-rate * over) / rate;
}
// Likewise: for how long it has been wrong on average.
double wrong_until(double age, double rate) {
  const double changes = rate * age;
  if (changes < 1e-3) return changes * age * age / 6;
  return age * age / 2 - age / rate - std::expm1(-changes) / (rate * rate);
}

constexpr int kIntervals = 320;
double interval(int i) { return 0.25 * std::pow(1.03, i); }

// The least sum over all stretches of what looks every so often leave, by Lagrange's dual: no
// choice of intervals within the budget is below it. `left(age, rate)` as above.
template <class Left>
double least(const std::vector<Stretch>& all, double looks, double delay, Left left) {
  struct Choice {
    double looks, left;
  };
  std::vector<std::array<Choice, kIntervals>> choices(all.size());
  for (std::size_t s = 0; s < all.size(); ++s)
    for (int i = 0; i < kIntervals; ++i) {
      Choice& choice = choices[s].at(static_cast<std::size_t>(i));
      choice = {all[s].seconds / interval(i), 0};
      for (const PriceRate& one : all[s].prices)
        choice.left +=
            one.shown / interval(i) * (left(delay + interval(i), one.rate) - left(delay, one.rate));
    }
  const auto dual = [&](double price) {
    double sum = -price * looks;
    for (const auto& stretch : choices) {
      double best = INFINITY;
      for (const Choice& choice : stretch)
        best = std::min(best, choice.left + price * choice.looks);
      sum += best;
    }
    return sum;
  };
  // Concave in the price of a look.
  double low = std::log(1e-4), high = std::log(1e6);
  while (high - low > 0.01) {
    const double a = low + (high - low) / 3, b = high - (high - low) / 3;
    if (dual(std::exp(a)) < dual(std::exp(b)))
      low = a;
    else
      high = b;
  }
  return dual(std::exp((low + high) / 2));
}

}  // namespace

Bound least_wrong(const Tape& tape, const Timing& timing, double events_per_second) {
  const auto all = stretches(tape, static_cast<std::size_t>(timing.warm_up / kTick));
  double shown = 0;
  for (const Stretch& stretch : all)
    for (const PriceRate& price : stretch.prices) shown += price.shown;
  const double span = static_cast<double>(tape.ticks) * 0.001 * static_cast<double>(kTick.count()) -
                      0.001 * static_cast<double>(timing.warm_up.count());
  const double looks = events_per_second * span;
  // What an answer says is old already when it is stored.
  const double delay =
      0.001 * static_cast<double>((timing.latency / 2 + timing.until_stored).count());
  Bound out;
  out.wrong_mean = least(all, looks, delay, wrong_until) / shown;
  double low = 0, high = 120;
  while (high - low > 0.02) {
    const double limit = (low + high) / 2;
    const double late = least(
        all, looks, delay, [&](double age, double rate) { return late_until(age, rate, limit); });
    (late / shown > 0.05 ? low : high) = limit;
  }
  out.wrong_p95 = high;
  return out;
}

}  // namespace oddsloom::bench
