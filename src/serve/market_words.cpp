#include "serve/market_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace oddsloom {
namespace {

struct Word {
  std::string_view ours, theirs;
};

// h2h stands for three outcomes and for two, as at the original.
constexpr Word kMarkets[] = {{"three_way", "h2h"},
                             {"three_way", "h2h_3_way"},
                             {"two_way", "h2h"},
                             {"totals", "totals"},
                             {"handicap", "spreads"}};
constexpr Word kSegments[] = {{kFullTime, ""}, {"first_half", "_h1"}, {"second_half", "_h2"}};
constexpr Word kOutcomes[] = {{"yes", "Yes"},     {"no", "No"},   {"over", "Over"},
                              {"under", "Under"}, {"odd", "Odd"}, {"even", "Even"}};

std::string_view theirs(std::string_view bet_type) {
  const auto found = std::find_if(std::begin(kMarkets), std::end(kMarkets),
                                  [&](const Word& word) { return word.ours == bet_type; });
  return found == std::end(kMarkets) ? bet_type : found->theirs;
}

}  // namespace

std::string market_key(std::string_view bet_type, std::string_view segment) {
  for (const Word& word : kSegments)
    if (word.ours == segment) return fmt::format("{}{}", theirs(bet_type), word.theirs);
  return fmt::format("{}_{}", theirs(bet_type), segment);
}

std::vector<MarketWord> markets_named(std::string_view key, const BetTypes& bet_types) {
  std::vector<MarketWord> out;
  for (const Word& segment : kSegments) {
    if (!key.ends_with(segment.theirs)) continue;
    const std::string_view name = key.substr(0, key.size() - segment.theirs.size());
    for (const BetType& type : bet_types.all()) {
      const bool own = theirs(type.name) == type.name && type.name == name;
      const bool other = std::any_of(
          std::begin(kMarkets), std::end(kMarkets),
          [&](const Word& word) { return word.ours == type.name && word.theirs == name; });
      if (own || other) out.push_back({type.name, std::string(segment.ours)});
    }
  }
  return out;
}

std::string outcome_name(const Record& record, const Outcome& outcome, std::string_view home,
                         std::string_view away) {
  const std::string_view key = outcome.key;
  for (const Word& word : kOutcomes)
    if (word.ours == key) return std::string(word.theirs);
  if (key == "X") return "Draw";
  const std::string& spelled = outcome.name.empty() ? outcome.key : outcome.name;
  if (home.empty() || away.empty()) return spelled;
  if (key == "1") return std::string(home);
  if (key == "2") return std::string(away);
  if (record.bet_type == "double_chance") {
    if (key == "1X") return fmt::format("{} or Draw", home);
    if (key == "12") return fmt::format("{} or {}", home, away);
    if (key == "X2") return fmt::format("Draw or {}", away);
  }
  return spelled;
}

std::optional<Line> outcome_point(const Record& record, const Outcome& outcome) {
  if (!record.line) return std::nullopt;
  const bool from_away = record.bet_type == "handicap" && outcome.key == "2";
  return Line{from_away ? -record.line->thousandths : record.line->thousandths};
}

std::string sport_word(std::string_view sport) {
  return sport == "football" ? "soccer" : std::string(sport);
}

}  // namespace oddsloom
