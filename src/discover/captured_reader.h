// Captured traffic as people's extensions and proxies write it: a JSON object a line, or a HAR
// file. Between bytes and traffic. Pure; any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "discover/captured.h"

namespace oddsloom {

// {"url": "..", "received_at": "2026-08-09T19:30:00Z" or epoch milliseconds, "body": ".."} and
// "status" (200), "encoding" ("base64"), "kind" ("response" or "frame"). Other members are left
// alone. Traffic keeps its own time, so that what is old cannot become fresh. Errors: Malformed,
// Missing, WrongType, OutOfRange (also: a time later than `now`), with the member's name.
Result<Captured> parse_captured(std::string_view json, UtcMillis now);

struct HarReport {
  std::uint64_t entries = 0;       // of the file
  std::uint64_t without_body = 0;  // exported without content, from a cache, or never answered
  std::vector<Error> problems;     // `where` is the path, "log.entries[3].time"; a bounded number
};

// Whether the text is a HAR file rather than lines.
bool looks_like_har(std::string_view text);
// Gives the answers, and the frames that were received, in the file's order. Errors: Malformed (no
// HAR), those of `take`.
Result<HarReport> read_har(std::string_view json, UtcMillis now,
                           const std::function<Result<void>(Captured)>& take);

}  // namespace oddsloom
