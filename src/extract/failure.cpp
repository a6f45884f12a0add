#include "extract/failure.h"

#include <fmt/format.h>

namespace oddsloom {
namespace {

Failure failure(FailureKind kind, Remedy remedy, std::string_view place, std::string_view what,
                std::optional<Millis> retry_after = std::nullopt) {
  return {kind, remedy, fmt::format("{}: {} ({})", to_string(kind), what, place), retry_after};
}

Failure wire_failure(const HttpResponse& response, std::string_view place) {
  const FailureKind kind =
      response.end == TransferEnd::TimedOut ? FailureKind::Timeout : FailureKind::Transport;
  const std::string what = response.message.empty()
                               ? std::string(to_string(response.end))
                               : fmt::format("{}: {}", to_string(response.end), response.message);
  return failure(kind, Remedy::Retry, place, what);
}

}  // namespace

std::string_view to_string(FailureKind kind) {
  switch (kind) {
    case FailureKind::Transport:
      return "transport";
    case FailureKind::Timeout:
      return "timeout";
    case FailureKind::RateLimited:
      return "rate limited";
    case FailureKind::ServerError:
      return "server error";
    case FailureKind::Gone:
      return "gone";
    case FailureKind::TooMany:
      return "too many ids";
    case FailureKind::Blocked:
      return "blocked";
    case FailureKind::Page:
      return "page instead of data";
    case FailureKind::Truncated:
      return "truncated answer";
    case FailureKind::NotJson:
      return "not JSON";
    case FailureKind::OtherShape:
      return "changed format";
    case FailureKind::MissingEvent:
      return "event missing";
    case FailureKind::Unexpected:
      return "unexpected status";
  }
  return "unexpected";
}

std::optional<Failure> classify_response(const HttpResponse& response, bool one_event_endpoint,
                                         const std::string& place) {
  if (response.end != TransferEnd::Done) return wire_failure(response, place);
  const int status = response.status;
  const std::string what = fmt::format("HTTP {}", status);
  if (status >= 200 && status < 300) return std::nullopt;
  if (status == 429)
    return failure(FailureKind::RateLimited, Remedy::Retry, place, what, response.retry_after);
  if (status == 401 || status == 403)
    return failure(FailureKind::Blocked, Remedy::Retry, place, what, response.retry_after);
  if (status == 413 || status == 414 || status == 422)
    return failure(FailureKind::TooMany, Remedy::Split, place, what);
  if (status == 404 || status == 410)
    return failure(FailureKind::Gone, one_event_endpoint ? Remedy::Withdraw : Remedy::Retry, place,
                   what);
  if (status >= 500)
    return failure(FailureKind::ServerError, Remedy::Retry, place, what, response.retry_after);
  return failure(FailureKind::Unexpected, Remedy::Retry, place, what, response.retry_after);
}

std::optional<Failure> classify_body(const Mapping& mapping, const std::string& place) {
  switch (mapping.kind) {
    case AnswerKind::Good:
      return std::nullopt;
    case AnswerKind::Blocked:
      return failure(FailureKind::Blocked, Remedy::Retry, place, mapping.message);
    case AnswerKind::Page:
      return failure(FailureKind::Page, Remedy::Retry, place, mapping.message);
    case AnswerKind::Truncated:
      return failure(FailureKind::Truncated, Remedy::Retry, place, mapping.message);
    case AnswerKind::NotJson:
      return failure(FailureKind::NotJson, Remedy::Retry, place, mapping.message);
    case AnswerKind::OtherShape:
      return failure(FailureKind::OtherShape, Remedy::Retry, place, mapping.message);
  }
  return std::nullopt;
}

HostAnswer host_answer(const std::optional<Failure>& failure) {
  if (!failure) return HostAnswer::Good;
  switch (failure->kind) {
    case FailureKind::RateLimited:
    case FailureKind::Blocked:
      return HostAnswer::Refused;
    case FailureKind::Transport:
    case FailureKind::Timeout:
    case FailureKind::ServerError:
    case FailureKind::Truncated:
      return HostAnswer::Failing;
    default:
      return HostAnswer::Good;
  }
}

}  // namespace oddsloom
