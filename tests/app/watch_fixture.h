// Invented matches for tests of the watch view, at 2026-08-09 12:00:00 UTC.
#pragma once

#include <stdlib.h>
#include <time.h>

#include <string>
#include <vector>

#include "app/watch_model.h"

namespace oddsloom {

inline constexpr UtcMillis kNoon{1'786'276'800'000};

inline void use_utc() {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
}

inline Freshness fifteen_seconds_live() {
  Freshness out;
  out.set("Acme", Millis(15'000), Millis(180'000));
  return out;
}

inline std::vector<BetType> three_bet_types() {
  return {{"three_way", {"1", "X", "2"}, false, "THREE_WAY", "3way"},
          {"totals", {"over", "under"}, true, "TOTALS", "totals"},
          {"btts", {"yes", "no"}, false, "BTTS", "btts"},
          {"double_chance", {"1X", "12", "X2"}, false, "DOUBLE_CHANCE", "double_chance"}};
}

inline Outcome outcome(const std::string& key, int thousandths, Status status = Status::Open) {
  Outcome out;
  out.key = key;
  if (thousandths > 0) out.price = Price{thousandths};
  out.status = status;
  out.usable = status == Status::Open && thousandths > 1000;
  return out;
}

inline Record record(const std::string& event, Source source, const std::string& bet_type,
                     std::vector<Outcome> outcomes, UtcMillis observed_at = kNoon) {
  Record out;
  out.bookmaker = "Acme";
  out.bet_type = bet_type;
  out.source = source;
  out.event_id = event;
  out.home = "Home " + event;
  out.away = "Away " + event;
  out.competition = "Premier League";
  out.start_time =
      source == Source::Live ? kNoon - Millis(34 * 60'000) : kNoon + Millis(90 * 60'000);
  out.outcomes = std::move(outcomes);
  out.observed_at = out.changed_at = observed_at;
  return out;
}

}  // namespace oddsloom
