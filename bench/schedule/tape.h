// What a reader would find true at each moment: the simulated world's live prices, written down for
// a stretch of time so that every policy is measured on the same. Made once; read by one thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "sim/world.h"

namespace oddsloom::bench {

inline constexpr Millis kTick{250};
inline constexpr int kPrices = 9;  // of an event: three bet types, up to three outcomes each
using Prices = std::array<std::int16_t, kPrices>;  // in hundredths; 0 = not to be had

struct Moment {
  Prices prices{};
  bool suspended = false;
  bool paused = false;
  std::uint16_t score = 0;
};

struct TapeEvent {
  std::string id;
  std::uint32_t sport = 0;
  UtcMillis kick_off;
  std::size_t first = 0;        // tick at which it comes into play
  std::vector<Moment> moments;  // by tick from there on, to its end or the tape's
  bool in_play(std::size_t tick) const { return tick >= first && tick - first < moments.size(); }
  const Moment& at(std::size_t tick) const { return moments[tick - first]; }
};

struct Tape {
  UtcMillis begin;
  std::size_t ticks = 0;
  std::vector<TapeEvent> events;  // of the sports whose lists are read
};

Tape record(const sim::WorldConfig& config, Millis span);

// Of football three-way books in play: how many differ from what they were `span` before.
double share_changed(const Tape& tape, Millis span);
// Changes of an event's prices a second, on average.
double changes_per_second(const Tape& tape);

}  // namespace oddsloom::bench
