#include "app/serving.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"

namespace oddsloom {
namespace {

constexpr Millis kTidyEvery{60'000};

// Twice within the freshness limit, and time for the answer.
Millis confirmed_within(const Bookmaker& bookmaker, Source source) {
  return bookmaker.fresh_for(source) * 2 / 5;
}

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

namespace {

void add_poller(Crew& crew, const House& house, Serving& serving, PollerConfig config,
                std::shared_ptr<ListRounds> rounds) {
  const Settings& settings = house.start.settings();
  const Source source = config.source;
  const HostBudgetConfig budget = budget_settings(settings, serving.bookmaker);
  config.requests_per_second = budget.requests_per_second;
  config.burst = budget.burst;
  config.base_url = base_url(settings, serving.bookmaker);
  // shared, because a job must be copyable and the parts are not
  auto parts = std::make_shared<PollerParts>(poller_parts(
      house.start, serving.bookmaker, house.store, serving.budget, serving.lists(source)));
  parts->rounds = std::move(rounds);
  parts->beside = &serving.lists(source == Source::Live ? Source::Upcoming : Source::Live);
  crew.add(fmt::format("poller {} {}", serving.bookmaker.name, to_string(source)),
           [parts, config](std::stop_token stop) {
             return run_poller(std::move(*parts), config, std::move(stop));
           });
}

PollerConfig poller_config(const House& house, Source source,
                           const std::vector<std::string>& bet_types) {
  PollerConfig config = poller_settings(house.start.settings());
  config.source = source;
  config.bet_types = bet_types;
  return config;
}

void add_socket_listener(Crew& crew, const House& house, Serving& serving, Source source,
                         const std::vector<std::string>& bet_types,
                         std::shared_ptr<ListRounds> rounds) {
  const Bookmaker& bookmaker = serving.bookmaker;
  SocketListenerConfig config =
      socket_settings(house.start.settings(), house.start.environment, bookmaker, source);
  config.bet_types = bet_types;
  if (auto usable = check_socket_listener(bookmaker, config); !usable)
    throw BadStart(
        fmt::format("{}; without the feed: --poll, or bookmaker.{}.listen_{} = [\"poll\"]",
                    usable.error().text(), bookmaker.name, to_string(source)));
  if (!rounds) config.confirm_every = confirmed_within(bookmaker, source);
  auto parts = std::make_shared<SocketListenerParts>(socket_parts(
      house.start, bookmaker, house.bet_types, house.store, serving.budget, serving.feed));
  parts->rounds = std::move(rounds);
  crew.add(fmt::format("feed {} {}", bookmaker.name, to_string(source)),
           [parts, config](std::stop_token stop) {
             return run_socket_listener(std::move(*parts), config, std::move(stop));
           });
}

void add_browser_listener(Crew& crew, const House& house, Serving& serving, Source source,
                          const std::vector<std::string>& bet_types) {
  const Bookmaker& bookmaker = serving.bookmaker;
  BrowserListenerConfig config = browser_settings(house.start.settings(), bookmaker);
  config.source = source;
  config.bet_types = bet_types;
  if (config.address.empty()) or_stop(find_browser(config.program.program));
  auto parts = std::make_shared<BrowserListenerParts>(
      BrowserListenerParts{bookmaker, house.bet_types, or_stop(house.store.work_streams()),
                           or_stop(house.store.match_book()), serving.browser, system_clock()});
  crew.add(fmt::format("browser {} {}", bookmaker.name, to_string(source)),
           [parts, config](std::stop_token stop) {
             return run_browser_listener(std::move(*parts), config, std::move(stop));
           });
}

}  // namespace

void add_round_of_lists(Crew& crew, const House& house, Serving& serving, Source source,
                        const std::vector<std::string>& bet_types) {
  PollerConfig config = poller_config(house, source, bet_types);
  config.once = true;
  add_poller(crew, house, serving, std::move(config), nullptr);
}

std::vector<ListenWay> chosen_ways(const Start& start, const Bookmaker& bookmaker, Source source) {
  const auto* held = start.settings().find("bookmaker." + bookmaker.name,
                                           fmt::format("listen_{}", to_string(source)));
  if (!held) return listen_ways(bookmaker, source);
  std::vector<ListenWay> ways;
  for (const std::string& word : std::get<std::vector<std::string>>(held->value))
    if (const auto way = parse_listen_way(word)) ways.push_back(*way);  // judged with the settings
  return ways.empty() ? listen_ways(bookmaker, source) : ways;
}

void add_listeners(Crew& crew, const House& house, Serving& serving, Source source,
                   const std::vector<std::string>& bet_types, const std::vector<ListenWay>& ways) {
  for (const ListenWay way : ways)
    if (const auto why = cannot_listen(serving.bookmaker, source, way)) throw BadStart(*why);
  const auto has = [&](ListenWay way) {
    return std::find(ways.begin(), ways.end(), way) != ways.end();
  };
  const bool poll = has(ListenWay::Poll), socket = has(ListenWay::Socket);
  const auto rounds = poll && socket ? std::make_shared<ListRounds>() : nullptr;
  if (socket) add_socket_listener(crew, house, serving, source, bet_types, rounds);
  if (poll) {
    PollerConfig config = poller_config(house, source, bet_types);
    // Changes are pushed; polls confirm that what is not spoken of still holds.
    const auto confirming = [&](std::string_view key, Millis& interval) {
      if (socket && !house.start.settings().is_given("discover", key))
        interval = std::max(interval, confirmed_within(serving.bookmaker, source));
    };
    confirming("live_look_every", config.live_look_every);
    confirming("live_look_least", config.live_look_least);
    add_poller(crew, house, serving, std::move(config), rounds);
  }
  if (has(ListenWay::Browser)) add_browser_listener(crew, house, serving, source, bet_types);
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
