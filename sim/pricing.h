// What the bookmaker asks for a market at a moment: chances of the match as it stands, a margin,
// and the states in which a price cannot be had. Between world.h and the answers. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "sim/world.h"

namespace oddsloom::sim {

inline constexpr int kMaxGoals = 20;

// What tells one bookmaker's prices of a match from another's.
struct BookStyle {
  double margin = 1.065;
  Millis delay{0};         // how much later than others it sees the match and moves its prices
  std::uint64_t salt = 0;  // its own opinion, and its own moments of suspending; 0: none
};

// The state of one event's prices, from which any of its markets can be quoted. Holds doubles:
// these are chances; prices are integers.
struct Book {
  Source source = Source::Upcoming;
  Event event;
  MatchState state;     // live only
  UtcMillis priced_at;  // prices are of this moment, statuses of `now`
  UtcMillis now;
  double margin = 1;
  bool all_suspended = false;
  double closed_share = 0;
  double suspended_share = 0;
  bool by_goals = true;  // few goals: counted; otherwise the scores are taken as normal
  std::array<double, kMaxGoals> home_goals{};  // chance of that final score
  std::array<double, kMaxGoals> away_goals{};
  std::array<double, kMaxGoals> home_half{};  // of the first half
  std::array<double, kMaxGoals> away_half{};
  std::array<double, 3> result{};  // chances of 1, X, 2 at the end
  double difference = 0;           // expected final home minus away
  double difference_spread = 1;
  double total = 0;  // expected final sum
  double total_spread = 1;
};

struct Selection {
  int hundredths = 0;  // decimal odds: 206 is "2.06"; 0 is "0.00", withdrawn
  bool closed = false;
};

struct Quote {
  bool suspended = false;
  int count = 0;
  std::array<Selection, kMaxSelections> selections{};
};

Book open_book(const World& world, const Event& event, Source source, UtcMillis now,
               const BookStyle& style = {});

// Nothing if the event does not have this market now.
std::optional<Quote> quote(const World& world, const Book& book, const MarketSpec& spec);

// market open, selection open, price above 1.00: one could bet at it
bool usable(const Quote& quote, const Selection& selection);

std::string odds_text(int hundredths);  // "16.50"

}  // namespace oddsloom::sim
