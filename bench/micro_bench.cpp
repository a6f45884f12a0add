// Single functions on the hot path, by Google Benchmark.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "bookmaker/mapping.h"
#include "model/record.h"

namespace oddsloom {
namespace {

void price_text(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(to_text(*parse_price("16.50")));
}
BENCHMARK(price_text);

MappingContext asking_for(const std::vector<WantedEvent>& events) {
  MappingContext context;
  context.events = &events;
  return context;
}

struct Answer {
  BetTypes types = *load_bet_types(ODDSLOOM_SOURCE_DIR "/bookmakers/bet_types.toml");
  Bookmaker bookmaker = *load_bookmaker(ODDSLOOM_SOURCE_DIR "/bookmakers/BookieDelta", types);
  std::vector<WantedEvent> events;
  std::string body = "{";

  explicit Answer(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t id = 9'500'000 + i;
      const auto selection = [&](int n, std::string_view name, std::string_view token,
                                 std::string_view odds) {
        return fmt::format(R"({{"id":{},"name":"{}","odds":"{}","shortName":"{}","specValue":0}})",
                           3'100'000'000 + id * 10 + n, name, odds, token);
      };
      const auto market = [&](int market_id, std::string_view name, const std::string& selections) {
        return fmt::format(
            R"({{"id":{},"specValue":0,"name":"{}","order":1,"columns":3,"columnsApp":3,"selections":[{}]}})",
            market_id, name, selections);
      };
      body += fmt::format(
          R"({}"{}":[{},{},{}])", i == 0 ? "" : ",", id,
          market(10, "3 Way",
                 selection(1, "Harbour Town", "1", "2.06") + "," +
                     selection(2, "Draw", "X", "3.40") + "," +
                     selection(3, "Mill United", "2", "3.00")),
          market(43, "Both Teams To Score",
                 selection(4, "YES (GG)", "Yes", "1.80") + "," +
                     selection(5, "NO (NG)", "No", "1.95")),
          market(46, "Double Chance",
                 selection(6, "1 OR X", "1X", "1.30") + "," + selection(7, "X OR 2", "X2", "1.60") +
                     "," + selection(8, "1 OR 2", "12", "1.25")));
      WantedEvent event;
      event.work = {std::to_string(id),
                    "Harbour Town",
                    "Mill United",
                    UtcMillis{1'800'000'000'000},
                    "First League",
                    "1",
                    "",
                    ""};
      event.bet_types = {"three_way", "btts", "double_chance"};
      events.push_back(std::move(event));
    }
    body += "}";
  }
};

void map_upcoming(benchmark::State& state) {
  const Answer answer(state.range(0));
  std::size_t records = 0;
  for (auto _ : state) {
    const Mapping mapping =
        map_answer(answer.bookmaker, answer.types, asking_for(answer.events), answer.body);
    records += mapping.records.size();
  }
  if (records != static_cast<std::size_t>(state.iterations() * state.range(0) * 3))
    state.SkipWithError("records are missing");
  state.SetItemsProcessed(static_cast<std::int64_t>(records));
}
BENCHMARK(map_upcoming)->Arg(1)->Arg(50);

Record some_record() {
  const Answer answer(1);
  return map_answer(answer.bookmaker, answer.types, asking_for(answer.events), answer.body)
      .records.at(0);
}

void record_hash(benchmark::State& state) {
  const Record record = some_record();
  for (auto _ : state) benchmark::DoNotOptimize(content_hash(record));
}
BENCHMARK(record_hash);

void record_json_out(benchmark::State& state) {
  const Record record = some_record();
  for (auto _ : state) benchmark::DoNotOptimize(to_json(record));
}
BENCHMARK(record_json_out);

void record_json_in(benchmark::State& state) {
  const std::string json = to_json(some_record());
  for (auto _ : state) benchmark::DoNotOptimize(parse_record(json));
}
BENCHMARK(record_json_in);

}  // namespace
}  // namespace oddsloom

BENCHMARK_MAIN();
