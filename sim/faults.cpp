#include "sim/faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "sim/noise.h"

namespace oddsloom::sim {
namespace {

constexpr std::array<std::string_view, kFaults> kWords{
    "429",     "500",       "503",  "403",      "hang",  "slow", "truncate",
    "badjson", "challenge", "html", "htmltype", "shape", "drop", "redirect"};

constexpr std::array<std::string_view, kFeedFaults> kFeedWords{
    "feed_cut",     "feed_restart", "feed_garble", "feed_duplicate",
    "feed_reorder", "feed_silence", "feed_refuse"};

std::optional<FeedFault> feed_fault_named(std::string_view word) {
  for (std::size_t i = 0; i < kFeedWords.size(); ++i)
    if (kFeedWords.at(i) == word) return static_cast<FeedFault>(i);
  return std::nullopt;
}

std::optional<Fault> fault_named(std::string_view word) {
  for (std::size_t i = 0; i < kWords.size(); ++i)
    if (kWords.at(i) == word) return static_cast<Fault>(i);
  return std::nullopt;
}

tl::unexpected<Error> bad(std::string_view piece, std::string message) {
  return fail(ErrorKind::Malformed, fmt::format("faults '{}'", piece), std::move(message));
}

Result<double> parse_share(std::string_view piece, std::string_view text) {
  double share = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), share);
  if (error != std::errc() || end != text.data() + text.size())
    return bad(piece, "the share is not a number");
  if (!(share >= 0 && share <= 1))
    return fail(ErrorKind::OutOfRange, fmt::format("faults '{}'", piece),
                "a share lies between 0 and 1");
  return share;
}

Result<FaultPlan::ByEvent> parse_event(std::string_view piece, std::string_view id,
                                       std::string_view what) {
  FaultPlan::ByEvent rule;
  const auto number = parse_int(id);
  if (!number) return bad(piece, "the event id is not a number");
  rule.event_id = *number;
  const std::size_t star = what.find('*');
  const auto fault = fault_named(what.substr(0, star));
  if (!fault) return bad(piece, "no such fault");
  rule.fault = *fault;
  if (star != std::string_view::npos) {
    const auto times = parse_int(what.substr(star + 1));
    if (!times || *times < 1 || *times > 1'000'000) return bad(piece, "'*' wants a count");
    rule.times = static_cast<int>(*times);
  }
  return rule;
}

// Settings beside the faults. Nothing if `name` is not one.
std::optional<Result<void>> parse_setting(FaultPlan& plan, std::string_view piece,
                                          std::string_view name, std::string_view value) {
  if (name == "lists") {
    if (value != "on" && value != "off") return bad(piece, "lists is on or off");
    plan.lists = value == "on";
    return Result<void>();
  }
  if (name == "slow_time" || name == "hang_time" || name == "feed_delay") {
    const auto span = parse_duration(value);
    if (!span) return bad(piece, span.error().text());
    (name == "slow_time"   ? plan.slow_time
     : name == "hang_time" ? plan.hang_time
                           : plan.feed_delay) = *span;
    return Result<void>();
  }
  if (name == "seed" || name == "retry_after") {
    const auto number = parse_int(value);
    if (!number || *number < 0 || (name == "retry_after" && *number > 86'400))
      return bad(piece, "not a number in range");
    if (name == "seed")
      plan.seed = static_cast<std::uint64_t>(*number);
    else
      plan.retry_after_seconds = static_cast<int>(*number);
    return Result<void>();
  }
  return std::nullopt;
}

constexpr std::string_view kChallengePage =
    "<!DOCTYPE html><html><head><title>Challenge Validation</title></head><body>"
    "<div id=\"sec-cpt-if\" data-duration=\"5\"></div><script src=\"/sim/none.js\"></script>"
    "</body></html>";
constexpr std::string_view kPlainPage =
    "<!DOCTYPE html><html><head><title>We will be back</title></head><body>"
    "<h1>Maintenance</h1></body></html>";

}  // namespace

std::string_view to_string(FeedFault fault) {
  return kFeedWords.at(static_cast<std::size_t>(fault));
}

std::string_view to_string(Fault fault) { return kWords.at(static_cast<std::size_t>(fault)); }

Result<FaultPlan> parse_faults(std::string_view text) {
  FaultPlan plan;
  if (trim(text).empty()) return plan;
  for (const std::string_view untrimmed : split(text, ',')) {
    const std::string_view piece = trim(untrimmed);
    const std::size_t equals = piece.find('=');
    if (equals == std::string_view::npos) return bad(piece, "expected name=value");
    const std::string_view name = piece.substr(0, equals);
    const std::string_view value = piece.substr(equals + 1);
    constexpr std::string_view kEvent = "event:";
    if (name.starts_with(kEvent)) {
      const auto rule = parse_event(piece, name.substr(kEvent.size()), value);
      if (!rule) return tl::unexpected(rule.error());
      plan.by_event.push_back(*rule);
    } else if (const auto setting = parse_setting(plan, piece, name, value)) {
      if (!*setting) return tl::unexpected(setting->error());
    } else if (const auto fault = fault_named(name)) {
      const auto share = parse_share(piece, value);
      if (!share) return tl::unexpected(share.error());
      plan.shares.at(static_cast<std::size_t>(*fault)) = *share;
    } else if (const auto feed_fault = feed_fault_named(name)) {
      const auto share = parse_share(piece, value);
      if (!share) return tl::unexpected(share.error());
      plan.feed.at(static_cast<std::size_t>(*feed_fault)) = *share;
    } else {
      return bad(piece, "no such fault or setting");
    }
  }
  double sum = 0, feed_sum = 0;
  for (const double share : plan.shares) sum += share;
  for (const double share : plan.feed) feed_sum += share;
  feed_sum -= plan.feed.at(static_cast<std::size_t>(FeedFault::Refuse));  // of handshakes
  if (std::max(sum, feed_sum) > 1 + 1e-9)
    return fail(ErrorKind::OutOfRange, "faults", "the shares exceed 1 together");
  return plan;
}

std::string to_text(const FaultPlan& plan) {
  const FaultPlan usual;
  std::string text;
  const auto add = [&text](const std::string& piece) {
    if (!text.empty()) text += ",";
    text += piece;
  };
  for (std::size_t i = 0; i < kFaults; ++i)
    if (plan.shares.at(i) > 0) add(fmt::format("{}={}", kWords.at(i), plan.shares.at(i)));
  for (const auto& rule : plan.by_event)
    add(fmt::format("event:{}={}{}", rule.event_id, to_string(rule.fault),
                    rule.times > 0 ? fmt::format("*{}", rule.times) : ""));
  if (!plan.lists) add("lists=off");
  if (plan.seed != usual.seed) add(fmt::format("seed={}", plan.seed));
  if (plan.retry_after_seconds != usual.retry_after_seconds)
    add(fmt::format("retry_after={}", plan.retry_after_seconds));
  if (plan.slow_time != usual.slow_time) add("slow_time=" + oddsloom::to_text(plan.slow_time));
  if (plan.hang_time != usual.hang_time) add("hang_time=" + oddsloom::to_text(plan.hang_time));
  for (std::size_t i = 0; i < kFeedFaults; ++i)
    if (plan.feed.at(i) > 0) add(fmt::format("{}={}", kFeedWords.at(i), plan.feed.at(i)));
  if (plan.feed_delay != usual.feed_delay) add("feed_delay=" + oddsloom::to_text(plan.feed_delay));
  return text;
}

std::optional<FaultDealer::Dealt> FaultDealer::next(const Target& target) {
  const std::uint64_t number = requests_++;
  const std::vector<std::int64_t> asked = asked_ids(target);
  for (std::size_t i = 0; i < plan_.by_event.size(); ++i) {
    const FaultPlan::ByEvent& rule = plan_.by_event[i];
    if (std::find(asked.begin(), asked.end(), rule.event_id) == asked.end()) continue;
    int& used = used_[i];
    if (rule.times > 0 && used >= rule.times) continue;
    ++used;
    ++dealt_.at(static_cast<std::size_t>(rule.fault));
    return Dealt{rule.fault, rule.event_id};
  }
  if (asked.empty() && !plan_.lists) return std::nullopt;
  double at = unit(hash_of({plan_.seed, number}));
  for (std::size_t i = 0; i < kFaults; ++i) {
    if (at < plan_.shares.at(i)) {
      const auto fault = static_cast<Fault>(i);
      if (fault == Fault::Drop && asked.empty()) return std::nullopt;
      ++dealt_.at(i);
      Dealt dealt{fault, std::nullopt};
      if (!asked.empty()) dealt.event_id = asked[hash_of({plan_.seed, number, 1}) % asked.size()];
      return dealt;
    }
    at -= plan_.shares.at(i);
  }
  return std::nullopt;
}

bool FaultDealer::refuses_handshake() {
  const double at = unit(hash_of({plan_.seed, 63, handshakes_++}));
  return at < plan_.feed.at(static_cast<std::size_t>(FeedFault::Refuse));
}

Response FaultDealer::challenge() {
  Response response = json_response(403, std::string(kChallengePage));
  response.content_type = "text/html; charset=utf-8";
  return response;
}

Response FaultDealer::spoil(const Dealt& dealt, Response good, const Target& target) const {
  const auto retry_after = [&](Response response) {
    response.headers.emplace_back("retry-after", fmt::format("{}", plan_.retry_after_seconds));
    return response;
  };
  const auto html = [](int status, std::string_view page) {
    Response response = json_response(status, std::string(page));
    response.content_type = "text/html; charset=utf-8";
    return response;
  };
  const bool harmless =
      dealt.fault == Fault::Slow || dealt.fault == Fault::HtmlType || dealt.fault == Fault::Drop;
  if (!harmless) good.events = 0;
  switch (dealt.fault) {
    case Fault::TooManyRequests:
      return retry_after(json_response(429, R"({"error":"Too Many Requests"})"));
    case Fault::ServerError:
      return json_response(500, R"({"error":"Internal Server Error"})");
    case Fault::Unavailable:
      return retry_after(html(503, "<html><body>Service Unavailable</body></html>"));
    case Fault::Forbidden:
      return html(403, "<html><head><title>Access Denied</title></head></html>");
    case Fault::Hang:
      good.delivery = Delivery::Hang;
      good.delivery_time = plan_.hang_time;
      return good;
    case Fault::Slow:
      good.delivery = Delivery::Slow;
      good.delivery_time = plan_.slow_time;
      return good;
    case Fault::Truncate:
      good.delivery = Delivery::Cut;
      return good;
    case Fault::BadJson:
      good.body.resize(good.body.size() / 2);
      return good;
    case Fault::Challenge:
      return html(200, kChallengePage);
    case Fault::Html:
      return html(200, kPlainPage);
    case Fault::HtmlType:
      good.content_type = "text/html; charset=utf-8";
      return good;
    case Fault::OtherShape:
      good.body = R"({"status":"ok","data":{"items":[{"gameId":"x","prices":[1,2,3]}]}})";
      return good;
    case Fault::Drop:  // the caller asked the bookmaker without the event
      return good;
    case Fault::RedirectLoop: {
      Response response = json_response(302, "");
      response.headers.emplace_back("location", "/sim/loop?from=" + target.path);
      return response;
    }
  }
  return good;
}

Target without_event(const Target& target, std::int64_t event_id) {
  Target less = target;
  for (auto& [name, value] : less.parameters) {
    if (!names_events(name)) continue;
    std::string kept;
    for (const std::int64_t id : parse_ids(value))
      if (id != event_id) kept += (kept.empty() ? "" : ",") + std::to_string(id);
    value = kept;
  }
  if (asked_ids(target).size() == 1 && target.path.starts_with("/api/live/events/"))
    less.path = "/api/live/events/0/details";
  return less;
}

}  // namespace oddsloom::sim
