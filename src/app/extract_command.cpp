#include <fmt/format.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/console.h"
#include "app/serving.h"
#include "app/signals.h"
#include "base/log.h"

namespace oddsloom {
namespace {

constexpr Millis kProgressEvery{500};

std::vector<GivenSetting> settings_in(const ExtractOptions& options) {
  std::vector<GivenSetting> out;
  if (options.workers)
    out.push_back(
        given_option("--workers", "extract", "workers", std::to_string(*options.workers)));
  if (options.base_url)
    out.push_back(given_option("--base-url", "bookmaker." + options.bookmaker, "base_url",
                               *options.base_url));
  return out;
}

void report_end(const ExtractMetrics& metrics) {
  std::uint64_t failures = 0;
  for (const Counter& kind : metrics.failures) failures += kind.value();
  log::info("extract_ended", {log::kv("entries", metrics.entries_done.value()),
                              log::kv("delayed", metrics.entries_delayed.value()),
                              log::kv("dead", metrics.entries_buried.value()),
                              log::kv("requests", metrics.requests.value()),
                              log::kv("created", metrics.records_created.value()),
                              log::kv("merged", metrics.records_merged.value()),
                              log::kv("same", metrics.records_same.value()),
                              log::kv("unchanged_answers", metrics.answers_unchanged.value()),
                              log::kv("failures", failures)});
}

// One line that rewrites itself, while the crew works.
void wait_with_progress(Crew& crew, const ExtractMetrics& metrics, WorkStreams& streams,
                        const std::vector<StreamId>& asked) {
  const bool shown = ::isatty(STDERR_FILENO) == 1;
  while (!crew.wait(kProgressEvery)) {
    if (!shown) continue;
    const auto left = streams.backlog(asked);
    fmt::print(stderr, "\r\033[K{} done, {} left, {} requests", metrics.entries_done.value(),
               left ? fmt::format("{}", *left) : "?", metrics.requests.value());
    std::fflush(stderr);
  }
  if (shown) fmt::print(stderr, "\r\033[K");
}

}  // namespace

int execute(const ExtractOptions& options, const GlobalOptions& global) {
  const Start start = start_up(global, settings_in(options));
  const BetTypes bet_types = load_bet_types_or_stop(start);
  Serving serving(start, bookmaker_named(start, bet_types, options.bookmaker));
  const Source source = chosen_source(options.source);
  const auto streams = chosen_streams(
      serving.bookmaker.name, chosen_bet_types(serving.bookmaker, bet_types, options.bet_types),
      source, options.period);
  StopSignals signals;
  const auto store = open_store_or_stop(start, bet_types);
  const auto statistics = or_stop(store->work_streams());

  Crew crew(signals.source());
  std::size_t workers = 0;
  add_workers(crew, {start, bet_types, *store}, serving, {streams, options.drain}, workers);
  if (options.drain)
    wait_with_progress(crew, serving.extract, *statistics, streams);
  else
    add_tidying(crew, *store);
  const auto failure = crew.join();
  report_end(serving.extract);
  if (!failure) return kDone;
  print_problem("oddsloom extract: " + failure->text());
  return kFailedWork;
}

}  // namespace oddsloom
