// Scripted misfortune: which requests go wrong, and how. Between the server and the bookmaker.
// FaultPlan is a value; FaultDealer counts, one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sim/http.h"

namespace oddsloom::sim {

enum class Fault {
  TooManyRequests,  // 429 with Retry-After
  ServerError,      // 500
  Unavailable,      // 503
  Forbidden,        // 403, HTML
  Hang,             // no answer, then the connection is cut
  Slow,             // the body trickles in
  Truncate,         // content-length announces more than comes
  BadJson,          // half of the JSON, with the length to match
  Challenge,        // the bot defence's page, with 200
  Html,             // an ordinary HTML page, with 200
  HtmlType,         // the right answer labelled text/html: harmless
  OtherShape,       // valid JSON of another shape
  Drop,             // one of the events asked for is missing
  RedirectLoop
};
inline constexpr std::size_t kFaults = 14;
std::string_view to_string(Fault fault);  // the word of the plan's text, e.g. "429"

// What befalls what is pushed, each message by itself.
enum class FeedFault {
  Cut,        // the connection ends instead
  Restart,    // the server says goodbye instead
  Garble,     // it comes damaged
  Duplicate,  // it comes twice
  Reorder,    // it comes after the next one
  Silence,    // nothing is pushed on this connection any more; pings are answered
  Refuse      // of handshakes: answered with the challenge page
};
inline constexpr std::size_t kFeedFaults = 7;
std::string_view to_string(FeedFault fault);  // "feed_cut", ..

struct FaultPlan {
  struct ByEvent {
    std::int64_t event_id = 0;  // a prematch or a live id; any request that asks for it
    Fault fault = Fault::ServerError;
    int times = 0;  // only the first so many requests; 0 for always
    bool operator==(const ByEvent&) const = default;
  };
  std::array<double, kFaults> shares{};  // by Fault, of all requests, 0 to 1; the sum at most 1
  std::vector<ByEvent> by_event;         // goes before the shares
  bool lists = true;                     // shares apply to list requests too
  std::uint64_t seed = 1;
  int retry_after_seconds = 1;             // what a 429 or 503 says
  Millis slow_time{3000};                  // how long a slow body takes
  Millis hang_time{60'000};                // how long a hanging request is held
  std::array<double, kFeedFaults> feed{};  // by FeedFault, of all messages; the sum at most 1
  Millis feed_delay{0};                    // everything that is pushed or answered there

  bool operator==(const FaultPlan&) const = default;
};

// "429=0.02,truncate=0.01,event:9200011=500,event:1900041=truncate*3,lists=off,seed=7,
// retry_after=2,slow_time=5s,hang_time=1m,feed_cut=0.001,feed_delay=2s"; the empty text is no
// faults.
// Errors: Malformed and OutOfRange, naming the piece.
Result<FaultPlan> parse_faults(std::string_view text);
std::string to_text(const FaultPlan& plan);  // parse_faults reads it back

class FaultDealer {
 public:
  explicit FaultDealer(FaultPlan plan) : plan_(std::move(plan)) {}

  struct Dealt {
    Fault fault = Fault::ServerError;
    std::optional<std::int64_t> event_id;  // whom it is about, for Drop
  };
  // What befalls the next request. The same requests in the same order get the same faults.
  std::optional<Dealt> next(const Target& target);

  // The answer as it leaves after the fault. Drop and the harmless ones need the right answer as
  // `good`; the others ignore its body or damage it.
  Response spoil(const Dealt& dealt, Response good, const Target& target) const;

  // Whether the next handshake is refused, and the answer to it then.
  bool refuses_handshake();
  static Response challenge();

  const FaultPlan& plan() const { return plan_; }
  const std::array<std::uint64_t, kFaults>& dealt() const { return dealt_; }

 private:
  FaultPlan plan_;
  std::uint64_t requests_ = 0, handshakes_ = 0;
  std::map<std::size_t, int> used_;  // index in by_event -> how often dealt
  std::array<std::uint64_t, kFaults> dealt_{};
};

// The request less one of the events it asks for.
Target without_event(const Target& target, std::int64_t event_id);

}  // namespace oddsloom::sim
