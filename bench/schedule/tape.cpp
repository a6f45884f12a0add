#include "bench/schedule/tape.h"

#include <algorithm>
#include <map>

#include "sim/pricing.h"

namespace oddsloom::bench {
namespace {

bool is_listed(sim::Sport sport) { return sport != sim::Sport::Tennis; }

Moment moment(const sim::World& world, const sim::Event& event, UtcMillis at) {
  const sim::Book book = sim::open_book(world, event, sim::Source::Live, at);
  Moment out;
  out.paused = !book.state.phase->playing;
  out.score = static_cast<std::uint16_t>(book.state.home_score * 256 + book.state.away_score);
  std::size_t place = 0;
  for (const sim::BetType type :
       {sim::BetType::ThreeWay, sim::BetType::Btts, sim::BetType::DoubleChance}) {
    const sim::MarketSpec* spec = sim::spec_of(type, event.sport, sim::Source::Live);
    const auto quote = spec ? sim::quote(world, book, *spec) : std::nullopt;
    for (std::size_t i = 0; quote && i < 3 && static_cast<int>(i) < quote->count; ++i)
      if (sim::usable(*quote, quote->selections.at(i)))
        out.prices.at(place + i) = static_cast<std::int16_t>(quote->selections.at(i).hundredths);
    out.suspended = out.suspended || (quote && quote->suspended);
    place += 3;
  }
  return out;
}

}  // namespace

Tape record(const sim::WorldConfig& config, Millis span) {
  const sim::World world(config);
  Tape tape{config.epoch, static_cast<std::size_t>(span / kTick), {}};
  std::map<std::int64_t, std::size_t> known;
  for (std::size_t tick = 0; tick < tape.ticks; ++tick) {
    const UtcMillis now = tape.begin + kTick * static_cast<Millis::rep>(tick);
    for (const sim::Event& event : world.in_play(now)) {
      if (!is_listed(event.sport)) continue;
      const auto [at, is_new] = known.try_emplace(event.live_id, tape.events.size());
      if (is_new)
        tape.events.push_back({std::to_string(event.live_id),
                               static_cast<std::uint32_t>(event.sport),
                               event.kickoff,
                               tick,
                               {}});
      tape.events[at->second].moments.push_back(moment(world, event, now));
    }
  }
  return tape;
}

double share_changed(const Tape& tape, Millis span) {
  const auto ticks = static_cast<std::size_t>(span / kTick);
  std::size_t books = 0, changed = 0;
  for (const TapeEvent& event : tape.events)
    for (std::size_t i = 0; i + ticks < event.moments.size(); i += ticks) {
      if (event.sport != static_cast<std::uint32_t>(sim::Sport::Football)) continue;
      ++books;
      const Prices &before = event.moments[i].prices, &after = event.moments[i + ticks].prices;
      changed += before[0] != after[0] || before[1] != after[1] || before[2] != after[2];
    }
  return static_cast<double>(changed) / static_cast<double>(std::max<std::size_t>(books, 1));
}

double changes_per_second(const Tape& tape) {
  std::size_t moments = 0, changes = 0;
  for (const TapeEvent& event : tape.events)
    for (std::size_t i = 1; i < event.moments.size(); ++i) {
      ++moments;
      changes += event.moments[i].prices != event.moments[i - 1].prices;
    }
  return static_cast<double>(changes) / (static_cast<double>(moments) * 0.001 * kTick.count());
}

}  // namespace oddsloom::bench
