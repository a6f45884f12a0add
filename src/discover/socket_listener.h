// Step 1 by what the bookmaker pushes: connects to its feed, keeps the session alive, and gives
// what it hears to the intake. A market update that says everything is committed as a record,
// received when it was heard; anything else puts the event on its work streams. Beside it the
// lists are read now and then, by itself or by a poller of the same process: an update has ids
// only, and no document comes into being without teams. One listener is one thread.
//
// A gap is a time in which something may have been said that was not heard: not connected, silent,
// garbled, late. After each, every event in play is looked at again; what was not looked at again
// ages honestly, because only a record or an answer moves observed_at.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "bookmaker/spec.h"
#include "discover/intake.h"
#include "discover/poller.h"
#include "store/store.h"
#include "transport/host_budget.h"
#include "transport/http_client.h"
#include "transport/retry.h"

namespace oddsloom {

struct SocketListenerConfig {
  Source source = Source::Live;
  std::vector<std::string> bet_types;  // whose records are committed, and which streams are fed
  std::string base_url;                // of the lists; the feed is looked for there too, "" = the
                                       // bookmaker's own
  std::string ca_file;                 // as of the HTTP client
  std::string proxy;                   // "" = none
  Millis list_every{30'000};
  // An event is looked at so often although nothing is said of it: that nobody speaks is no proof
  // that a price still holds. 0 = somebody else does (a poller beside).
  Millis confirm_every{0};
  std::uint64_t most_backlog = 20'000;
  RetryPolicy retry;                                      // of list pages
  RetryPolicy reconnect{8, Millis(500), Millis(60'000)};  // attempts are not counted
  Millis blocked_pause{60'000};  // a feed that says no is left alone at least so long
};

struct FeedMetrics {
  Counter messages;    // heard, framing taken off
  Counter updates;     // of them: of markets that are of interest
  Counter unreadable;  // that could not be read
  Counter connects;    // sessions that became ready
  Counter gaps;        // times in which something may have been missed
  Gauge ready;         // 1: what is pushed is heard now
  Gauge events;        // known to be in play
  PollerMetrics lists;
  IntakeMetrics intake;
};

struct SocketListenerParts {
  const Bookmaker& bookmaker;
  const BetTypes& bet_types;
  std::unique_ptr<WorkStreams> streams;
  std::unique_ptr<MatchBook> book;
  std::unique_ptr<HttpClient> http;
  HostBudget& budget;
  FeedMetrics& metrics;
  Clock clock;
  // Of a poller beside, which reads the lists then and puts new events on their streams; null =
  // the listener does both.
  std::shared_ptr<ListRounds> rounds{};
};

// Whether it could begin. Errors: Invalid (the bookmaker declares no feed for the source; an
// address, header or proxy that a websocket cannot use).
Result<void> check_socket_listener(const Bookmaker& bookmaker, const SocketListenerConfig& config);

// Runs until a stop is asked for. Errors: those of check_socket_listener, those of a store that
// cannot be used.
Result<void> run_socket_listener(SocketListenerParts parts, SocketListenerConfig config,
                                 std::stop_token stop);

}  // namespace oddsloom
