#include "app/serving.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "bookmaker/feed.h"

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

void add_poller(Crew& crew, const House& house, Serving& serving, Source source,
                const std::vector<std::string>& bet_types, bool once, bool feed_beside) {
  PollerConfig config = poller_settings(house.start.settings());
  // Changes are pushed; polls confirm that what is not spoken of still holds.
  if (feed_beside && !house.start.settings().is_given("discover", "live_look_every"))
    config.live_look_every =
        std::max(config.live_look_every, confirmed_within(serving.bookmaker, source));
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

void add_socket_listener(Crew& crew, const House& house, Serving& serving, Source source,
                         const std::vector<std::string>& bet_types, bool poller_beside) {
  const Bookmaker& bookmaker = serving.bookmaker;
  if (!feed_of(bookmaker, source))
    throw BadStart(fmt::format("{} declares no feed of the source {} ([feeds.X] in its folder)",
                               bookmaker.name, to_string(source)));
  SocketListenerConfig config =
      socket_settings(house.start.settings(), house.start.environment, bookmaker, source);
  config.bet_types = bet_types;
  if (!poller_beside) config.confirm_every = confirmed_within(bookmaker, source);
  auto parts = std::make_shared<SocketListenerParts>(socket_parts(
      house.start, bookmaker, house.bet_types, house.store, serving.budget, serving.feed));
  crew.add(fmt::format("feed {} {}", bookmaker.name, to_string(source)),
           [parts, config](std::stop_token stop) {
             return run_socket_listener(std::move(*parts), config, std::move(stop));
           });
}

std::vector<ListenWay> declared_ways(const Bookmaker& bookmaker, Source source) {
  if (feed_of(bookmaker, source)) return {ListenWay::Socket, ListenWay::Poll};
  return {ListenWay::Poll};
}

void add_listeners(Crew& crew, const House& house, Serving& serving, Source source,
                   const std::vector<std::string>& bet_types, const std::vector<ListenWay>& ways) {
  const auto has = [&](ListenWay way) {
    return std::find(ways.begin(), ways.end(), way) != ways.end();
  };
  const bool poll = has(ListenWay::Poll), socket = has(ListenWay::Socket);
  if (socket) add_socket_listener(crew, house, serving, source, bet_types, poll);
  if (poll) add_poller(crew, house, serving, source, bet_types, false, socket);
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
