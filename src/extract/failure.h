// Why a fetch gave no odds, and what is to be done about it. Pure; any thread. The worker obeys
// `remedy`.
#pragma once

#include <optional>
#include <string>

#include "bookmaker/mapping.h"
#include "transport/host_budget.h"
#include "transport/http_client.h"

namespace oddsloom {

enum class FailureKind {
  Transport,  // no connection, TLS, cut off, redirect loop: the wire
  Timeout,
  RateLimited,  // 429
  ServerError,  // 5xx
  Gone,         // 404, 410
  TooMany,      // 422, 413, 414: fewer ids, please
  Blocked,      // 401, 403, or a challenge page of any status
  Page,         // HTML where JSON was expected
  Truncated,    // JSON that ends too early
  NotJson,
  OtherShape,    // JSON of a shape the bookmaker's folder does not declare: the format has changed
  MissingEvent,  // a good answer without the event
  Unexpected,    // any other status
};
inline constexpr std::size_t kFailureKinds = static_cast<std::size_t>(FailureKind::Unexpected) + 1;
std::string_view to_string(FailureKind kind);

enum class Remedy {
  Retry,     // later, with fewer companions each time
  Split,     // now, as two halves; an event alone that is still too many is given up
  Withdraw,  // the event's markets are not offered any more: say so, acknowledge
};

struct Failure {
  FailureKind kind = FailureKind::Unexpected;
  Remedy remedy = Remedy::Retry;
  std::string message;                // "blocked: challenge page (BookieDelta upcoming_markets)"
  std::optional<Millis> retry_after;  // as the host asked
};

// Nothing when the answer's status and wire are fine and its body deserves to be mapped. `place`
// says which bookmaker and endpoint. A 404 means that an event is gone only where the endpoint is
// asked for one event at a time; elsewhere it is the endpoint that is not there.
std::optional<Failure> classify_response(const HttpResponse& response, bool one_event_endpoint,
                                         const std::string& place);
// Nothing when the body was Good.
std::optional<Failure> classify_body(const Mapping& mapping, const std::string& place);
// What the host budget should hear about it.
HostAnswer host_answer(const std::optional<Failure>& failure);

}  // namespace oddsloom
