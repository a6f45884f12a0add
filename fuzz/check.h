// What the targets of fuzz/ check with, and the folder that they read by. Any thread.
#pragma once

#include <cstdio>
#include <cstdlib>

#include "bookmaker/spec.h"
#include "model/record.h"

namespace oddsloom::fuzz {

// Like assert, but also in builds that switch assertions off.
inline void must(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

inline const BetTypes& bet_types() {
  static const BetTypes loaded =
      load_bet_types(ODDSLOOM_BOOKMAKERS "/bet_types.toml").value_or(BetTypes());
  return loaded;
}

inline const Bookmaker& bookmaker() {
  static const auto loaded = load_bookmaker(ODDSLOOM_BOOKMAKERS "/BookieDelta", bet_types());
  must(loaded.has_value(), "the bookmaker's folder can be loaded");
  return *loaded;
}

inline void check_record(const Record& record) {
  const BetType* type = bet_types().find(record.bet_type);
  must(type != nullptr, "a record is of a known bet type");
  must(record.outcomes.size() == type->outcomes.size(), "a record has a slot for every outcome");
  for (std::size_t i = 0; i < record.outcomes.size(); ++i) {
    const Outcome& outcome = record.outcomes[i];
    must(outcome.key == type->outcomes[i], "outcomes are in the bet type's order");
    must(!outcome.usable || (outcome.price && is_bettable(*outcome.price) &&
                             outcome.status == Status::Open && record.status == Status::Open),
         "usable is open and above 1.00");
  }
  const auto read = parse_record(to_json(record));
  must(read.has_value(), "a record reads back");
}

}  // namespace oddsloom::fuzz
