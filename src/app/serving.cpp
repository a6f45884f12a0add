#include "app/serving.h"

#include <fmt/format.h>

#include "base/log.h"

namespace oddsloom {
namespace {

constexpr Millis kTidyEvery{60'000};

}  // namespace

void add_workers(Crew& crew, const House& house, Serving& serving, const WorkerPlan& plan,
                 std::size_t& next_number) {
  const Settings& settings = house.start.settings();
  const auto count = settings.integer("extract", "workers");
  for (std::int64_t i = 0; i < count; ++i) {
    WorkerConfig config = worker_settings(settings);
    config.streams = plan.streams;
    config.most_remembered /= static_cast<std::size_t>(count);
    config.drain = plan.drain;
    config.consumer = consumer_name(++next_number);
    config.base_url = base_url(settings, serving.bookmaker);
    // shared, because a job must be copyable and the parts are not
    auto parts =
        std::make_shared<WorkerParts>(worker_parts(house.start, serving.bookmaker, house.bet_types,
                                                   house.store, serving.budget, serving.extract));
    crew.add(fmt::format("worker {}", config.consumer), [parts, config](std::stop_token stop) {
      return run_worker(std::move(*parts), config, std::move(stop));
    });
  }
}

void add_poller(Crew& crew, const House& house, Serving& serving, Source source,
                const std::vector<std::string>& bet_types, bool once) {
  PollerConfig config = poller_settings(house.start.settings());
  config.source = source;
  config.bet_types = bet_types;
  config.base_url = base_url(house.start.settings(), serving.bookmaker);
  config.once = once;
  auto parts = std::make_shared<PollerParts>(
      poller_parts(house.start, serving.bookmaker, house.store, serving.budget, serving.lists));
  crew.add(fmt::format("poller {} {}", serving.bookmaker.name, to_string(source)),
           [parts, config](std::stop_token stop) {
             return run_poller(std::move(*parts), config, std::move(stop));
           });
}

void add_tidying(Crew& crew, Store& store) {
  crew.add_helper("tidying", [&store](std::stop_token stop) -> Result<void> {
    while (!pause_for(stop, kTidyEvery))
      if (auto tidied = store.tidy(); !tidied)
        log::warn("tidying_failed", {log::kv("why", tidied.error().text())});
    return {};
  });
}

}  // namespace oddsloom
