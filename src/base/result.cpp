#include "base/result.h"

namespace oddsloom {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Missing:
      return "missing";
    case ErrorKind::Null:
      return "null";
    case ErrorKind::WrongType:
      return "wrong type";
    case ErrorKind::OutOfRange:
      return "out of range";
    case ErrorKind::Malformed:
      return "malformed";
    case ErrorKind::NotFound:
      return "not found";
    case ErrorKind::Invalid:
      return "invalid";
    case ErrorKind::Conflict:
      return "conflict";
    case ErrorKind::Busy:
      return "busy";
    case ErrorKind::Timeout:
      return "timeout";
    case ErrorKind::Unavailable:
      return "unavailable";
    case ErrorKind::Corrupt:
      return "corrupt";
    case ErrorKind::Internal:
      return "internal";
  }
  return "unknown";
}

}  // namespace oddsloom
