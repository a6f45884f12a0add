#include "discover/captured_reader.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <cmath>

#include "base/text.h"
#include "transport/base64.h"

namespace oddsloom {
namespace {

namespace dom = simdjson::dom;

constexpr Millis kClocksDiffer{1'000};  // by less than this between two programs
constexpr std::size_t kMostProblems = 1'000;

Result<std::string_view> text_in(const dom::object& object, std::string_view key) {
  dom::element member;
  std::string_view text;
  if (object[key].get(member) != simdjson::SUCCESS)
    return fail(ErrorKind::Missing, std::string(key), "is missing");
  if (member.is_null()) return fail(ErrorKind::Null, std::string(key), "is null");
  if (member.get(text) != simdjson::SUCCESS)
    return fail(ErrorKind::WrongType, std::string(key), "expected a text");
  return text;
}

// The member where there is one; null counts as none.
Result<std::string_view> text_or(const dom::object& object, std::string_view key,
                                 std::string_view otherwise) {
  auto text = text_in(object, key);
  if (!text && (text.error().kind == ErrorKind::Missing || text.error().kind == ErrorKind::Null))
    return otherwise;
  return text;
}

Result<UtcMillis> not_later(UtcMillis time, UtcMillis now, std::string_view key) {
  if (time > now + kClocksDiffer)
    return fail(ErrorKind::OutOfRange, std::string(key),
                fmt::format("{} lies in the future", to_iso8601(time)));
  constexpr std::int64_t kYear2000 = 946'684'800'000;
  if (time.value < kYear2000)
    return fail(
        ErrorKind::OutOfRange, std::string(key),
        fmt::format("{} is before any of this; epoch times are milliseconds", to_iso8601(time)));
  return std::min(time, now);
}

Result<UtcMillis> time_in(const dom::object& object, std::string_view key, UtcMillis now) {
  double number = 0;
  if (object[key].get(number) == simdjson::SUCCESS) {
    constexpr double kMost = 1e14;
    if (!(std::abs(number) < kMost))
      return fail(ErrorKind::OutOfRange, std::string(key), "is no time");
    return not_later({static_cast<std::int64_t>(number)}, now, key);
  }
  const auto text = text_in(object, key);
  if (!text && text.error().kind == ErrorKind::WrongType)
    return fail(ErrorKind::WrongType, std::string(key), "expected ISO 8601 or epoch milliseconds");
  if (!text) return tl::unexpected(text.error());
  const auto time = parse_iso8601(*text);
  if (!time) return fail(time.error().kind, std::string(key), time.error().message);
  return not_later(*time, now, key);
}

Result<std::string> decoded(std::string_view body, std::string_view encoding) {
  if (encoding.empty()) return std::string(body);
  if (encoding != "base64")
    return fail(ErrorKind::Invalid, "encoding",
                fmt::format("'{}'; only base64 is known", encoding));
  auto out = decode_base64(body);
  if (!out) return fail(ErrorKind::Malformed, "body", "is no base64");
  return *std::move(out);
}

Result<int> status_in(const dom::object& object) {
  dom::element member;
  if (object["status"].get(member) != simdjson::SUCCESS) return 200;
  std::int64_t status = 0;
  if (member.get(status) != simdjson::SUCCESS)
    return fail(ErrorKind::WrongType, "status", "expected an integer");
  if (status < 100 || status > 599)
    return fail(ErrorKind::OutOfRange, "status", fmt::format("{} is no HTTP status", status));
  return static_cast<int>(status);
}

Result<Captured> read_line(const dom::object& object, UtcMillis now) {
  Captured out;
  const auto url = text_in(object, "url");
  if (!url) return tl::unexpected(url.error());
  out.url = *url;
  const auto kind = text_or(object, "kind", "response");
  if (!kind) return tl::unexpected(kind.error());
  if (*kind == "frame")
    out.kind = TrafficKind::Frame;
  else if (*kind != "response")
    return fail(ErrorKind::Invalid, "kind",
                fmt::format("expected response or frame, found '{}'", *kind));
  const auto status = status_in(object);
  if (!status) return tl::unexpected(status.error());
  out.status = *status;
  const auto time = time_in(object, "received_at", now);
  if (!time) return tl::unexpected(time.error());
  out.observed_at = *time;
  const auto body = text_in(object, "body");
  if (!body) return tl::unexpected(body.error());
  const auto encoding = text_or(object, "encoding", "");
  if (!encoding) return tl::unexpected(encoding.error());
  auto text = decoded(*body, *encoding);
  if (!text) return tl::unexpected(text.error());
  out.body = *std::move(text);
  return out;
}

class HarReader {
 public:
  HarReader(UtcMillis now, const std::function<Result<void>(Captured)>& take)
      : now_(now), take_(take) {}

  Result<HarReport> run(const dom::array& entries) {
    for (const dom::element element : entries) {
      place_ = fmt::format("log.entries[{}]", report_.entries++);
      dom::object entry, request;
      if (element.get(entry) != simdjson::SUCCESS ||
          entry["request"].get(request) != simdjson::SUCCESS) {
        problem(fail(ErrorKind::Missing, "request", "is missing").value());
        continue;
      }
      const auto url = text_in(request, "url");
      if (!url) {
        problem(url.error());
        continue;
      }
      if (auto taken = answer(entry, *url); !taken) return tl::unexpected(taken.error());
      if (auto taken = frames(entry, *url); !taken) return tl::unexpected(taken.error());
    }
    return std::move(report_);
  }

 private:
  void problem(const Error& error) {
    if (report_.problems.size() < kMostProblems)
      report_.problems.push_back(fail_in(place_, error).value());
  }

  Result<void> answer(const dom::object& entry, std::string_view url) {
    dom::object response, content;
    std::string_view cache;
    std::int64_t status = 0;
    std::string_view text;
    if (entry["response"].get(response) != simdjson::SUCCESS ||
        response["status"].get(status) != simdjson::SUCCESS || status < 100 || status > 599 ||
        response["content"].get(content) != simdjson::SUCCESS ||
        content["text"].get(text) != simdjson::SUCCESS ||
        entry["_fromCache"].get(cache) == simdjson::SUCCESS) {
      ++report_.without_body;
      return {};
    }
    const auto started = time_in(entry, "startedDateTime", now_);
    if (!started) return problem(started.error()), Result<void>{};
    const auto encoding = text_or(content, "encoding", "");
    if (!encoding) return problem(encoding.error()), Result<void>{};
    auto body = decoded(text, *encoding);
    if (!body) return problem(body.error()), Result<void>{};
    return take_({TrafficKind::Response, std::string(url), static_cast<int>(status),
                  *std::move(body), *started});
  }

  // As Chromium's developer tools export them.
  Result<void> frames(const dom::object& entry, std::string_view url) {
    dom::array messages;
    if (entry["_webSocketMessages"].get(messages) != simdjson::SUCCESS) return {};
    for (const dom::element element : messages) {
      dom::object message;
      std::string_view type, data;
      double seconds = 0, opcode = 0;
      constexpr double kText = 1;
      if (element.get(message) != simdjson::SUCCESS ||
          message["type"].get(type) != simdjson::SUCCESS || type != "receive" ||
          message["opcode"].get(opcode) != simdjson::SUCCESS || opcode != kText ||
          message["data"].get(data) != simdjson::SUCCESS ||
          message["time"].get(seconds) != simdjson::SUCCESS || !(seconds > 0 && seconds < 1e11))
        continue;
      const auto at =
          not_later({static_cast<std::int64_t>(seconds * 1000)}, now_, "_webSocketMessages");
      if (!at) {
        problem(at.error());
        continue;
      }
      if (auto taken = take_({TrafficKind::Frame, std::string(url), 0, std::string(data), *at});
          !taken)
        return taken;
    }
    return {};
  }

  const UtcMillis now_;
  const std::function<Result<void>(Captured)>& take_;
  HarReport report_;
  std::string place_;
};

}  // namespace

Result<Captured> parse_captured(std::string_view json, UtcMillis now) {
  thread_local dom::parser parser;
  dom::element root;
  dom::object object;
  if (const auto error = parser.parse(json.data(), json.size()).get(root);
      error != simdjson::SUCCESS)
    return fail(ErrorKind::Malformed, "",
                fmt::format("no JSON: {}", simdjson::error_message(error)));
  if (root.get(object) != simdjson::SUCCESS)
    return fail(ErrorKind::WrongType, "", "expected an object");
  return read_line(object, now);
}

bool looks_like_har(std::string_view text) {
  text = trim(text);
  if (!text.starts_with('{')) return false;
  text = trim(text.substr(1));
  return text.starts_with("\"log\"");
}

Result<HarReport> read_har(std::string_view json, UtcMillis now,
                           const std::function<Result<void>(Captured)>& take) {
  dom::parser parser;
  dom::element root;
  dom::array entries;
  if (json.starts_with("\xEF\xBB\xBF")) json.remove_prefix(3);
  if (const auto error = parser.parse(json.data(), json.size()).get(root);
      error != simdjson::SUCCESS)
    return fail(ErrorKind::Malformed, "",
                fmt::format("no JSON: {}", simdjson::error_message(error)));
  if (root["log"]["entries"].get(entries) != simdjson::SUCCESS)
    return fail(ErrorKind::Malformed, "log.entries", "is missing: this is no HAR file");
  return HarReader(now, take).run(entries);
}

}  // namespace oddsloom
