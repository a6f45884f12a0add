// How old prices get under different ways of spending the same budget, in simulated time: no
// network, no waiting, the same figures on every machine.
#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "bench/schedule/bound.h"
#include "bench/schedule/reader.h"

namespace {

using namespace oddsloom;
using namespace oddsloom::bench;

void row(const std::string& name, const Outcome& outcome, Millis fresh_for) {
  fmt::print("| {} | {:.2f} | {:.1f} | {:.2f} | {:.2f} | {:.1f} | {:.2f} | {:.2f} | {:.1f} |\n",
             name, outcome.requests_per_second, outcome.events_per_second, outcome.wrong.mean(),
             outcome.wrong.at(0.95), 100 * outcome.wrong.share_above(Millis(0)),
             outcome.seen.mean(), outcome.seen.at(0.95), 100 * outcome.seen.share_above(fresh_for));
  std::fflush(stdout);
}

void compare(const Tape& tape, const Limits& limits) {
  const Timing timing;
  const auto run = [&](std::unique_ptr<Policy> policy) {
    return play(tape, limits, timing, *policy);
  };
  fmt::print("\n### {} requests/s, {} events a request\n\n", limits.requests_per_second,
             limits.ids_per_request);
  fmt::print(
      "| policy | requests/s | events/s | wrong mean s | wrong p95 s | wrong % | seen mean s | "
      "seen "
      "p95 s | past limit % |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
  row("fixed interval, 3 s", run(fixed_interval(tape, limits, Millis(3'000), false)),
      limits.fresh_for);
  for (const bool few_lists : {false, true}) {
    Millis best_interval{0};
    std::optional<Outcome> best;
    for (const int tenths : {10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300, 400}) {
      const Millis interval(100 * tenths);
      Outcome outcome = run(fixed_interval(tape, limits, interval, few_lists));
      if (best && outcome.wrong.at(0.95) >= best->wrong.at(0.95) &&
          outcome.wrong.mean() >= best->wrong.mean())
        continue;
      best = std::move(outcome);
      best_interval = interval;
    }
    row(fmt::format("fixed interval, {:.1f} s (its best{})",
                    static_cast<double>(best_interval.count()) / 1000,
                    few_lists ? ", lists as rarely as the schedule" : ""),
        *best, limits.fresh_for);
  }
  row("round robin", run(round_robin(tape, limits)), limits.fresh_for);
  const Outcome scheduled = run(adaptive(tape, limits, false));
  row("schedule", scheduled, limits.fresh_for);
  row("schedule, with a feed's hints", run(adaptive(tape, limits, true)), limits.fresh_for);
  row("told of every change", run(clairvoyant(tape, limits)), limits.fresh_for);
  const Bound bound = least_wrong(tape, timing, scheduled.events_per_second);
  fmt::print("| bound: rates known exactly, no hints | | {:.1f} | {:.2f} | {:.2f} | | | | |\n",
             scheduled.events_per_second, bound.wrong_mean, bound.wrong_p95);
}

}  // namespace

int main() {
  sim::WorldConfig world;
  world.seed = 7;
  world.live = 164;  // 150 of them in sports whose lists are read
  world.upcoming = 0;
  world.step = Millis(250);
  world.change_share = 0.02;
  world.change_spread = 1.2;
  world.paused_share = 0.15;
  world.epoch = {1'786'200'000'000};
  const Tape tape = record(world, Millis(70 * 60'000));
  fmt::print(
      "live events: {}; prices of one change every {:.0f} s; {:.0f} % of football three-way books "
      "differ "
      "after 80 s\n",
      tape.events.size(), 1 / changes_per_second(tape), 100 * share_changed(tape, Millis(80'000)));
  compare(tape, {.requests_per_second = 5, .ids_per_request = 1});
  compare(tape, {.requests_per_second = 5, .ids_per_request = 3});
  compare(tape, {.requests_per_second = 5, .ids_per_request = 15});
  compare(tape, {.requests_per_second = 2, .ids_per_request = 15});
}
