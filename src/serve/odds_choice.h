// Which of a bookmaker's prices of a match are told, and for how long. A price is told while it may
// be bet at: market and selection open, seen within the bookmaker's limit, and, of an upcoming
// listing, before the kick-off. Live listings come before upcoming ones. Pure; any thread.
#pragma once

#include <vector>

#include "serve/odds_query.h"

namespace oddsloom {

// One market as it is told: one record, or several lines of it.
struct ShownMarket {
  const OddsMarket* market = nullptr;
  std::vector<const BoardMarket*> lines;
};

class OddsChoice {
 public:
  OddsChoice(const BoardMatch& match, const OddsForm& form, UtcMillis now)
      : match_(match), form_(form), now_(now) {}

  // Those of `markets` that have a price now (with include=status: that are listed), in that order.
  std::vector<ShownMarket> of(const CatalogBookmaker& bookmaker,
                              const std::vector<const BoardEvent*>& events,
                              const std::vector<OddsMarket>& markets) const;
  bool may_bet(const CatalogBookmaker& bookmaker, const BoardMarket& market,
               const Outcome& outcome) const;
  // The last moment at which a price of the market may be told.
  UtcMillis limit(const CatalogBookmaker& bookmaker, const BoardMarket& market) const;

 private:
  bool has_price(const CatalogBookmaker& bookmaker, const BoardMarket& market) const;
  std::vector<const BoardMarket*> lines_of(const CatalogBookmaker& bookmaker,
                                           const std::vector<const BoardEvent*>& events,
                                           const OddsMarket& asked) const;

  const BoardMatch& match_;
  const OddsForm& form_;
  UtcMillis now_;
};

// A bookmaker's listings of a match, live before upcoming.
std::vector<const BoardEvent*> events_of(const BoardMatch& match,
                                         const CatalogBookmaker& bookmaker);

}  // namespace oddsloom
