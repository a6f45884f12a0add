// A bookmaker while it is served: its budget and counters, shared by its workers and pollers, and
// how those become threads of a crew. Used by extract, listen and run. Made and added to by one
// thread; the budget and the counters are any thread's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/assemble.h"
#include "app/crew.h"
#include "bookmaker/listen_ways.h"
#include "discover/browser_listener.h"

namespace oddsloom {

struct Serving {
  Bookmaker bookmaker;
  HostBudget budget;
  ExtractMetrics extract;
  PollerMetrics live_lists, upcoming_lists;
  FeedMetrics feed;
  BrowserMetrics browser;

  Serving(const Start& start, Bookmaker served)
      : bookmaker(std::move(served)), budget(budget_settings(start.settings(), bookmaker)) {}
  PollerMetrics& lists(Source source) {
    return source == Source::Live ? live_lists : upcoming_lists;
  }
  const PollerMetrics& lists(Source source) const {
    return source == Source::Live ? live_lists : upcoming_lists;
  }
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
// A round of the lists, then its end.
void add_round_of_lists(Crew& crew, const House& house, Serving& serving, Source source,
                        const std::vector<std::string>& bet_types);

// How a bookmaker is listened to where no option says it: as is set for it, else as its folder
// chooses. Errors: BadStart (a way that the folder declares nothing for).
std::vector<ListenWay> chosen_ways(const Start& start, const Bookmaker& bookmaker, Source source);
// The ways together: a feed beside a poller takes the lists that one reads, and the poller looks at
// events only as often as confirms what is not spoken of. Errors: BadStart (as of chosen_ways, or
// there is no browser to start).
void add_listeners(Crew& crew, const House& house, Serving& serving, Source source,
                   const std::vector<std::string>& bet_types, const std::vector<ListenWay>& ways);
// Every minute, until the others have ended.
void add_tidying(Crew& crew, Store& store);

}  // namespace oddsloom
