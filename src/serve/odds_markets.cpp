#include "serve/odds_markets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace oddsloom {
namespace {

enum Traits : unsigned { Plain = 0, Main = 1, Featured = 2, Outright = 4 };

struct Row {
  std::string_view key;
  std::vector<std::string> bet_types;
  unsigned traits = Plain;
};

// The original's keys in the order we tell them; those without bet types we have no data for.
const std::vector<Row>& rows() {
  static const std::vector<Row> kRows{
      {"h2h", {"three_way", "two_way"}, Featured},
      {"spreads", {"handicap"}, Featured | Main},
      {"totals", {"totals"}, Featured | Main},
      {"h2h_lay", {}, Featured},
      {"outrights", {}, Featured | Outright},
      {"outrights_lay", {}, Featured | Outright},
      {"h2h_3_way", {"three_way"}},
      {"btts", {"btts"}},
      {"double_chance", {"double_chance"}},
      {"draw_no_bet", {"draw_no_bet"}},
      {"alternate_spreads", {"handicap"}},
      {"alternate_totals", {"totals"}},
      {"team_totals", {}},
      {"alternate_team_totals", {}},
      {"correct_score", {}},
      {"halftime_fulltime", {}},
      {"to_qualify", {}},
      {"corners_1x2", {}},
      {"alternate_spreads_corners", {}},
      {"alternate_totals_corners", {}},
      {"alternate_spreads_cards", {}},
      {"alternate_totals_cards", {}},
  };
  return kRows;
}

struct Segment {
  std::string_view suffix, name;
};
constexpr Segment kSegments[] = {{"", kFullTime},           {"_h1", "first_half"},
                                 {"_h2", "second_half"},    {"_q1", "first_quarter"},
                                 {"_q2", "second_quarter"}, {"_q3", "third_quarter"},
                                 {"_q4", "fourth_quarter"}, {"_p1", "first_period"},
                                 {"_p2", "second_period"},  {"_p3", "third_period"}};

OddsMarket made(const Row& row, const Segment& segment) {
  OddsMarket out;
  out.key = fmt::format("{}{}", row.key, segment.suffix);
  out.bet_types = row.bet_types;
  out.segment = segment.name;
  out.main_line = (row.traits & Main) != 0;
  out.outright = (row.traits & Outright) != 0;
  out.featured = (row.traits & Featured) != 0 && segment.suffix.empty();
  return out;
}

bool is_covered(const std::string& bet_type) {
  return std::any_of(rows().begin(), rows().end(), [&](const Row& row) {
    return std::find(row.bet_types.begin(), row.bet_types.end(), bet_type) != row.bet_types.end();
  });
}

// The original's and, under their own names, the bet types that it has no word for.
std::vector<Row> all_rows(const BetTypes& bet_types) {
  std::vector<Row> out = rows();
  for (const BetType& type : bet_types.all())
    if (!is_covered(type.name)) out.push_back({type.name, {type.name}, Plain});
  return out;
}

}  // namespace

std::optional<OddsMarket> odds_market(std::string_view key, const BetTypes& bet_types) {
  if (key.starts_with("player_") && key.size() > 7) {
    OddsMarket out;
    out.key = key;
    return out;
  }
  for (const Row& row : all_rows(bet_types)) {
    if (!key.starts_with(row.key)) continue;
    for (const Segment& segment : kSegments)
      if (key.substr(row.key.size()) == segment.suffix) return made(row, segment);
  }
  return std::nullopt;
}

std::vector<OddsMarket> all_odds_markets(const BetTypes& bet_types) {
  std::vector<OddsMarket> out;
  const std::vector<Row> all = all_rows(bet_types);
  for (const Segment& segment : kSegments)
    for (const Row& row : all)
      if (!row.bet_types.empty()) out.push_back(made(row, segment));
  return out;
}

std::vector<std::string> known_market_keys(const BetTypes& bet_types, bool featured_only) {
  std::vector<std::string> out;
  for (const Row& row : all_rows(bet_types))
    if (!featured_only || (row.traits & Featured) != 0) out.emplace_back(row.key);
  return out;
}

const BoardMarket* main_line(const std::vector<const BoardMarket*>& lines) {
  const BoardMarket* best = nullptr;
  double least = 0;
  for (const BoardMarket* line : lines) {
    const auto& outcomes = line->record->outcomes;
    if (outcomes.size() != 2 || !outcomes[0].usable || !outcomes[1].usable || !outcomes[0].price ||
        !outcomes[1].price)
      continue;
    const double unbalance =
        std::abs(1.0 / outcomes[0].price->thousandths - 1.0 / outcomes[1].price->thousandths);
    if (!best || unbalance < least) {
      best = line;
      least = unbalance;
    }
  }
  return best;
}

}  // namespace oddsloom
