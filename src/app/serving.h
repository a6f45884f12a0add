// A bookmaker while it is served: its budget and counters, shared by its workers and pollers, and
// how those become threads of a crew. Used by extract, listen and run. Made and added to by one
// thread; the budget and the counters are any thread's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/assemble.h"
#include "app/crew.h"

namespace oddsloom {

struct Serving {
  Bookmaker bookmaker;
  HostBudget budget;
  ExtractMetrics extract;
  PollerMetrics lists;
  FeedMetrics feed;

  Serving(const Start& start, Bookmaker served)
      : bookmaker(std::move(served)), budget(budget_settings(start.settings(), bookmaker)) {}
};

// What all threads use; outlives the crew.
struct House {
  const Start& start;
  const BetTypes& bet_types;
  Store& store;
};

struct WorkerPlan {
  std::vector<StreamId> streams;
  bool drain = false;
};

// As many workers as configured; `next_number` numbers the process's workers.
void add_workers(Crew& crew, const House& house, Serving& serving, const WorkerPlan& plan,
                 std::size_t& next_number);
void add_poller(Crew& crew, const House& house, Serving& serving, Source source,
                const std::vector<std::string>& bet_types, bool once, bool feed_beside = false);
// Errors: BadStart (the bookmaker declares no feed of the source).
void add_socket_listener(Crew& crew, const House& house, Serving& serving, Source source,
                         const std::vector<std::string>& bet_types, bool poller_beside);

// What the folder declares: where there is a feed, the feed and, for what it does not say, polls.
std::vector<ListenWay> declared_ways(const Bookmaker& bookmaker, Source source);
void add_listeners(Crew& crew, const House& house, Serving& serving, Source source,
                   const std::vector<std::string>& bet_types, const std::vector<ListenWay>& ways);
// Every minute, until the others have ended.
void add_tidying(Crew& crew, Store& store);

}  // namespace oddsloom
