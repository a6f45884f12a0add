// Step 2: takes work off streams, fetches the events' markets, maps them, commits, acknowledges.
// One worker is one thread with one loop (run()), its own consumer name, transfers and store
// sessions; workers share only the host budget and the metrics. Read worker.cpp first: it is the
// program.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "bookmaker/spec.h"
#include "extract/metrics.h"
#include "store/store.h"
#include "transport/host_budget.h"
#include "transport/http_client.h"
#include "transport/retry.h"

namespace oddsloom {

struct WorkerConfig {
  std::vector<StreamId> streams;  // of one bookmaker and source; nearest day first
  std::string consumer;           // unique: host:pid:n
  std::string base_url;           // "" = the bookmaker's own
  std::size_t batch = 50;         // entries that make a commit full (the seed's BATCH)
  Millis linger{100};  // how long a commit may wait to become full, from when it was asked for
  std::size_t in_flight = 50;  // transfers at once
  std::size_t most_ids = 50;   // events in one request; the bookmaker's own limit holds too
  std::size_t most_remembered = std::size_t{29} << 20U;  // bytes, of answers seen last time
  std::size_t most_held = 2000;  // entries claimed and not settled; bounds memory
  Millis visibility{60'000};     // claims of a worker that died are free after this
  Millis stop_grace{1'000};      // after a stop: how long transfers in flight may still take
  RetryPolicy retry;
  int most_deliveries =
      20;  // an entry claimed so often without an end is buried (it kills workers)
  int missing_event_attempts = 2;  // a good answer without the event, so often: the event is gone
  bool drain = false;              // end when the streams are empty and nothing is in hand
};

// What a worker is made of. References outlive it.
struct WorkerParts {
  const Bookmaker& bookmaker;
  const BetTypes& bet_types;
  std::unique_ptr<WorkStreams> streams;
  std::unique_ptr<MatchBook> book;
  std::unique_ptr<Reader> reader;  // for entries that name a document instead of an event
  std::unique_ptr<HttpClient> http;
  HostBudget& budget;
  ExtractMetrics& metrics;
  Clock clock;
};

// Runs until a stop is asked for (then drains within stop_grace: what cannot be finished goes back
// to its stream) or, with config.drain, until there is nothing left to do. Errors: the store's,
// when it cannot be used any more.
Result<void> run_worker(WorkerParts parts, WorkerConfig config, std::stop_token stop);

}  // namespace oddsloom
