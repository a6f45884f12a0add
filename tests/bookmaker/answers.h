// Small BookieDelta answers for tests, in the shapes of the API, with invented events.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

namespace oddsloom::test {

inline std::string upcoming_selection(std::int64_t id, std::string_view code, std::string_view name,
                                      std::string_view odds) {
  return fmt::format(R"({{"id":{},"name":"{}","odds":{},"shortName":"{}","specValue":0}})", id,
                     name, odds, code);
}

inline std::string joined(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, ","));
}

inline std::string upcoming_market(int id, std::string_view spec_value,
                                   const std::vector<std::string>& selections) {
  return fmt::format(
      R"({{"id":{},"specValue":{},"name":"m","order":1,"columns":3,"columnsApp":3,"selections":[{}]}})",
      id, spec_value, joined(selections));
}

// A market of three outcomes with these odds, as JSON values: "\"2.06\"".
inline std::string upcoming_three_way(std::string_view odds_1, std::string_view odds_x,
                                      std::string_view odds_2, std::string_view home = "Anvil Town",
                                      std::string_view away = "Bellows FC", int id = 10,
                                      std::string_view spec_value = "0") {
  return upcoming_market(id, spec_value,
                         {upcoming_selection(3'000'000'001, "1", home, odds_1),
                          upcoming_selection(3'000'000'002, "X", "Draw", odds_x),
                          upcoming_selection(3'000'000'003, "2", away, odds_2)});
}

inline std::string upcoming(std::string_view event_id, const std::vector<std::string>& markets) {
  return fmt::format(R"({{"{}":[{}]}})", event_id, joined(markets));
}

struct LiveSelection {
  std::string name, odds = "2.00", status = "Open";
};

inline std::string live_market(int id, std::string_view status,
                               const std::vector<LiveSelection>& selections,
                               std::string_view special_value = "0.00", int sequence = 0) {
  std::vector<std::string> texts;
  for (const LiveSelection& selection : selections)
    texts.push_back(fmt::format(R"({{"id":{},"status":"{}","name":"{}","odds":"{}"}})",
                                700'000'000 + texts.size(), selection.status, selection.name,
                                selection.odds));
  return fmt::format(
      R"({{"id":{},"status":"{}","name":"m","shortName":"m","specialValue":"{}","sequence":{},"eventMarketId":5,"template":3,"position":101,"selections":[{}]}})",
      id, status, special_value, sequence, joined(texts));
}

inline std::string live_event(std::string_view event_id, const std::vector<std::string>& markets) {
  return fmt::format(R"({{"eventId":{},"markets":[{}]}})", event_id, joined(markets));
}

inline std::string live(const std::vector<std::string>& events) {
  return fmt::format(R"({{"markets":[{}]}})", joined(events));
}

}  // namespace oddsloom::test
