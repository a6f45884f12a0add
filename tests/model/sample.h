// Records to test with: invented, complete, and different in every member.
#pragma once

#include "model/match_document.h"
#include "model/record.h"

namespace oddsloom::test {

inline UtcMillis at(std::string_view iso) { return parse_iso8601(iso).value(); }

inline Outcome outcome(std::string key, std::optional<Price> price, Status status,
                       std::string selection_id, std::string name) {
  const bool usable = price && is_bettable(*price) && status == Status::Open;
  return {std::move(key), price, status, usable, std::move(selection_id), std::move(name)};
}

inline Record three_way() {
  Record record;
  record.bookmaker = "BookieDelta";
  record.bet_type = "three_way";
  record.source = Source::Upcoming;
  record.event_id = "4410027";
  record.home = "Bodø Vale";
  record.away = "Łuk Rostown";
  record.start_time = at("2026-08-09T19:30:00Z");
  record.competition = "Northern League";
  record.sport_id = "1";
  record.betradar_id = "70441122";
  record.target_date = "2026-08-09";
  record.market_id = "551200341";
  record.outcomes = {outcome("1", Price{2060}, Status::Open, "8800100200301", "Bodø Vale"),
                     outcome("X", Price{3400}, Status::Suspended, "8800100200302", "Draw"),
                     outcome("2", std::nullopt, Status::Open, "8800100200303", "Łuk Rostown")};
  record.observed_at = at("2026-08-09T14:05:09.250Z");
  record.changed_at = at("2026-08-09T14:02:41.007Z");
  return record;
}

inline Record totals() {
  Record record = three_way();
  record.bookmaker = "BookieAlpha";
  record.bet_type = "totals";
  record.source = Source::Live;
  record.event_id = "ev/77";
  record.segment = "first_half";
  record.line = Line{2500};
  record.start_time.reset();
  record.outcomes = {outcome("over", Price{1925}, Status::Open, "1", "Over 2.5"),
                     outcome("under", Price{100'000}, Status::Closed, "2", "Under 2.5")};
  return record;
}

inline bool same(const Record& a, const Record& b) {
  return a.id() == b.id() && a.home == b.home && a.away == b.away && a.start_time == b.start_time &&
         a.competition == b.competition && a.sport_id == b.sport_id &&
         a.betradar_id == b.betradar_id && a.target_date == b.target_date &&
         a.market_id == b.market_id && a.status == b.status && a.offered == b.offered &&
         a.outcomes == b.outcomes && a.observed_at == b.observed_at && a.changed_at == b.changed_at;
}

}  // namespace oddsloom::test
