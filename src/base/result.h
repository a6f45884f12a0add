// What a function returns when it can fail: a value, or an Error that says what, where and why.
// Used by every room. Values only, no threads. Exceptions are for start-up and for bugs.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace oddsloom {

enum class ErrorKind {
  // What is wrong with data. Four different failures, never folded into one.
  Missing,     // the member is not there
  Null,        // the member is there and null
  WrongType,   // a string where a number belongs
  OutOfRange,  // the right type, an impossible value
  Malformed,   // cannot be read at all: broken JSON, TOML, date, price
  // What is wrong with the world.
  NotFound,     // no such thing: file, document, stream
  Invalid,      // the caller or the configuration asked for something that cannot be
  Conflict,     // somebody else holds it or made it in another shape
  Busy,         // not now; the same call may work later
  Timeout,      // no answer within the deadline
  Unavailable,  // the other side is gone; may come back
  Corrupt,      // stored data contradict themselves
  Internal,     // a bug of ours
};

std::string_view to_string(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::Internal;
  std::string where;    // a path, key, file:line or operation, e.g. "markets[4].odds"
  std::string message;  // one line, what was found and what was expected

  bool retryable() const {
    return kind == ErrorKind::Busy || kind == ErrorKind::Timeout || kind == ErrorKind::Unavailable;
  }
  bool fatal() const { return kind == ErrorKind::Corrupt || kind == ErrorKind::Internal; }
  // "where: message", or the message alone.
  std::string text() const { return where.empty() ? message : where + ": " + message; }
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorKind kind, std::string where, std::string message) {
  return tl::unexpected<Error>(Error{kind, std::move(where), std::move(message)});
}

// Adds context on the way up: "BookieDelta upcoming" + "markets[4].odds: not a number".
inline tl::unexpected<Error> fail_in(std::string_view context, Error error) {
  error.where = error.where.empty() ? std::string(context)
                                    : std::string(context).append(": ").append(error.where);
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace oddsloom
