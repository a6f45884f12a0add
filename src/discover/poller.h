// Step 1 by lists: reads a bookmaker's lists again and again and appends to the work streams, per
// event and bet type, what is to be looked at next. What that is, discover/schedule decides by what
// a look is worth and by what the host's budget allows, learning from what comes of the looks; or
// each event has its turn at a fixed interval. One poller is one thread (run_poller); several may
// run side by side for different sources.
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
  bool adaptive = true;             // by discover/schedule; false: at the fixed intervals below
  double requests_per_second = 10;  // adaptive: the host's budget, above 0
  double burst = 10;                // adaptive: likewise
  std::size_t most_ids = 50;      // adaptive: events in a request; the bookmaker's limit holds too
  Millis live_look_least{1'000};  // adaptive: no live event again sooner, but after a hint
  Millis live_look_every{3'000};  // fixed: each in-play event
  // An upcoming event just before kick-off, in both ways; fixed: farther ones less often, but
  // always twice within the bookmaker's freshness limit.
  Millis upcoming_look_least{5'000};
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
  Counter requests;       // adaptive: requests' worth of looks put on work streams
  Gauge known;            // events known now

  // adaptive: how far the budget reaches, about once a second (Schedule::Report)
  Gauge out_of_reach;   // 1: not every event can be kept within the freshness limit
  Gauge delayed;        // events that wait for budget alone
  Gauge past_limit;     // events last seen longer ago than the freshness limit
  Gauge needed_milli;   // thousandths of a request a second, to keep every event fresh
  Gauge allowed_milli;  // likewise, left for looks
};

struct PollerParts {
  const Bookmaker& bookmaker;
  std::unique_ptr<WorkStreams> streams;
  std::unique_ptr<HttpClient> http;
  HostBudget& budget;
  PollerMetrics& metrics;
  Clock clock;
  std::unique_ptr<Reader> reader = nullptr;  // needed where the schedule is adaptive
  const PollerMetrics* beside = nullptr;     // of another poller that spends the same budget
  std::shared_ptr<ListRounds> rounds{};  // told of what the lists held; null = nobody wants to know
};

// Runs until a stop is asked for, or one round with config.once (then an error if a list could not
// be read).
Result<void> run_poller(PollerParts parts, PollerConfig config, std::stop_token stop);

// How long after the beginning of a round of the lists that took so many pages the next one may
// begin, so that lists leave most of the budget to looks: `wanted` apart, or farther. Pure.
Millis list_interval(Millis wanted, double pages, double requests_per_second);

// How long after one look an upcoming event is due again: shorter as kick-off nears. Pure.
Millis look_interval(const PollerConfig& config, Millis fresh_for, Millis until_kick_off);

}  // namespace oddsloom
