// Step 1, simple form: reads a bookmaker's lists at a fixed pace and appends to the work streams,
// per event and bet type, what is due for a look: live events every few seconds, upcoming ones by
// nearness of kick-off. One poller is one thread (run_poller); several may run side by side for
// different sources.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "bookmaker/spec.h"
#include "discover/list_rounds.h"
#include "store/store.h"
#include "transport/host_budget.h"
#include "transport/http_client.h"
#include "transport/retry.h"

namespace oddsloom {

struct PollerConfig {
  Source source = Source::Upcoming;
  std::vector<std::string> bet_types;  // which streams to feed
  std::string base_url;                // "" = the bookmaker's own
  Millis live_list_every{5'000};
  Millis upcoming_list_every{60'000};
  Millis live_look_every{3'000};  // each in-play event
  Millis upcoming_look_least{
      5'000};  // an upcoming event just before kick-off; farther ones less often, but
               // always twice within the bookmaker's freshness limit
  std::uint64_t most_backlog =
      20'000;         // unacknowledged entries of the source beyond which nothing is appended
  bool once = false;  // end after every list was read and every event appended once
  RetryPolicy retry;
};

struct PollerMetrics {
  Counter pages;          // list pages read
  Counter page_failures;  // pages that could not be fetched or read
  Counter events_listed;  // events in those pages
  Counter appended;       // entries put on work streams
  Counter held_back;      // entries not appended because of the backlog
  Gauge known;            // events known now
};

struct PollerParts {
  const Bookmaker& bookmaker;
  std::unique_ptr<WorkStreams> streams;
  std::unique_ptr<HttpClient> http;
  HostBudget& budget;
  PollerMetrics& metrics;
  Clock clock;
  std::shared_ptr<ListRounds> rounds{};  // told of what the lists held; null = nobody wants to know
};

// Runs until a stop is asked for, or one round with config.once (then an error if a list could not
// be read).
Result<void> run_poller(PollerParts parts, PollerConfig config, std::stop_token stop);

// How long after one look an upcoming event is due again: shorter as kick-off nears. Pure.
Millis look_interval(const PollerConfig& config, Millis fresh_for, Millis until_kick_off);

}  // namespace oddsloom
