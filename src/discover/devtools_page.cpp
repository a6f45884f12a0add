#include "discover/devtools_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_writer.h"
#include "base/log.h"
#include "base/text.h"
#include "transport/base64.h"

namespace oddsloom {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMostRequests = 1'000;  // of interest at once; more is a page gone wild
constexpr std::size_t kMostBodies = 256;
constexpr std::size_t kMostSockets = 256;
constexpr std::size_t kMostSessions = 64;
// What the browser may keep of bodies for us. They are asked for as soon as they are there.
constexpr std::size_t kBrowserBuffer = std::size_t{64} << 20U;

std::string_view text_in(const dom::object& object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

// 0 for what is no number, or below or beyond all that a browser means: seconds, bytes, a status.
double number_in(const dom::object& object, std::string_view key) {
  constexpr double kMost = 1e11;
  double number = 0;
  return object[key].get(number) == simdjson::SUCCESS && number > 0 && number < kMost ? number : 0;
}

int status_in(const dom::object& object) {
  constexpr double kMost = 599;
  const double number = number_in(object, "status");
  return number <= kMost ? static_cast<int>(number) : 0;
}

bool truth_in(const dom::object& object, std::string_view key) {
  bool truth = false;
  return object[key].get(truth) == simdjson::SUCCESS && truth;
}

std::optional<dom::object> object_in(const dom::object& object, std::string_view key) {
  dom::object inner;
  if (object[key].get(inner) != simdjson::SUCCESS) return std::nullopt;
  return inner;
}

std::string object_of(std::initializer_list<std::pair<std::string_view, std::string_view>> texts) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  for (const auto& [key, text] : texts) json.member(key, text);
  json.end_object();
  return out;
}

std::string attaching_to(std::string_view tab) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("targetId", tab).member("flatten", true).end_object();
  return out;
}

// Room for one more of things kept by key: one goes when there are too many.
template <class Map>
bool make_room(Map& map, std::size_t most) {
  if (map.size() < most) return true;
  map.erase(map.begin());
  return false;
}

}  // namespace

UtcMillis BrowserClock::at(double browser_seconds, UtcMillis now) {
  const auto theirs = static_cast<std::int64_t>(browser_seconds * 1000);
  const std::int64_t offset = now.value - theirs;
  if (!offset_ || offset < *offset_) offset_ = offset;
  return {theirs + *offset_};
}

UtcMillis BrowserClock::earlier(double browser_seconds) const {
  return {static_cast<std::int64_t>(browser_seconds * 1000) + offset_.value_or(0)};
}

DevToolsPage::DevToolsPage(PageConfig config, Send send, std::uint64_t& next_id)
    : config_(std::move(config)), send_(std::move(send)), next_id_(next_id) {}

std::uint64_t DevToolsPage::command(std::string_view method, std::string_view session,
                                    std::string_view parameters) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("id", ++next_id_).member("method", method);
  if (!session.empty()) json.member("sessionId", session);
  json.key("params").raw(parameters).end_object();
  send_(text);
  return next_id_;
}

void DevToolsPage::open() {
  steps_[command("Target.createTarget", "",
                 config_.in_background ? R"({"url":"about:blank","background":true})"
                                       : R"({"url":"about:blank"})")] = Step::CreateTab;
}

void DevToolsPage::close() {
  if (!tab_.empty()) command("Target.closeTarget", "", object_of({{"targetId", tab_}}));
  tab_.clear();
}

// Frames of another origin and workers are sessions of their own, held until they are watched.
std::uint64_t DevToolsPage::watch(const std::string& session) {
  sessions_.insert(session);
  const std::uint64_t watching =
      command("Network.enable", session,
              fmt::format(R"({{"maxTotalBufferSize":{},"maxResourceBufferSize":{}}})",
                          kBrowserBuffer, std::min(config_.most_body, kBrowserBuffer)));
  command("Target.setAutoAttach", session,
          R"({"autoAttach":true,"waitForDebuggerOnStart":true,"flatten":true})");
  return watching;
}

bool DevToolsPage::handle(const Object& message, UtcMillis now) {
  std::uint64_t id = 0;
  if (message["id"].get(id) == simdjson::SUCCESS) {
    if (!steps_.contains(id) && !bodies_.contains(id)) return false;
    result(id, message);
    return true;
  }
  const auto parameters = object_in(message, "params");
  return parameters &&
         event(text_in(message, "method"), text_in(message, "sessionId"), *parameters, now);
}

void DevToolsPage::result(std::uint64_t id, const Object& message) {
  const auto done = object_in(message, "result");
  if (const auto at = bodies_.find(id); at != bodies_.end()) {
    Request request = std::move(at->second);
    bodies_.erase(at);
    if (done)
      body(std::move(request), *done);
    else
      no_body(request, message);
    return;
  }
  const Step step = steps_.at(id);
  steps_.erase(id);
  if (done) return step_done(step, *done);
  const auto error = object_in(message, "error");
  give_up(error ? std::string(text_in(*error, "message")) : "no result");
}

// It was put out of the browser's buffer, or the page went on.
void DevToolsPage::no_body(const Request& request, const Object& message) {
  ++counts_.lost;
  const auto error = object_in(message, "error");
  log::debug("body_lost",
             {log::kv("url", redact_url(request.answer.url)),
              log::kv("why", error ? text_in(*error, "message") : std::string_view("no result"))});
}

void DevToolsPage::step_done(Step step, const Object& result) {
  switch (step) {
    case Step::CreateTab:
      tab_ = text_in(result, "targetId");
      steps_[command("Target.attachToTarget", "", attaching_to(tab_))] = Step::Attach;
      return;
    case Step::Attach:
      session_ = text_in(result, "sessionId");
      if (session_.empty()) return give_up("the tab cannot be watched");
      command("Inspector.enable", session_);
      // What is sent before the answer to this may be told of, but its body cannot be had.
      steps_[watch(session_)] = Step::Watch;
      return;
    case Step::Watch:
      steps_[command("Page.navigate", session_, object_of({{"url", config_.url}}))] =
          Step::Navigate;
      return;
    case Step::Navigate:
      if (const auto error = text_in(result, "errorText"); !error.empty())
        give_up(std::string(error));
      return;
  }
}

bool DevToolsPage::event(std::string_view method, std::string_view session,
                         const Object& parameters, UtcMillis now) {
  if (method == "Target.detachedFromTarget" || method == "Target.targetDestroyed") {
    const std::string_view of = text_in(parameters, "sessionId");
    if (of == session_ && !session_.empty()) {
      give_up("the tab was closed");
    } else if (const auto at = sessions_.find(of); at != sessions_.end()) {
      const auto gone = [&](const auto& entry) { return entry.first.first == of; };
      std::erase_if(requests_, gone);
      std::erase_if(sockets_, gone);
      sessions_.erase(at);
    }
    return sessions_.contains(session);
  }
  if (session.empty() || !sessions_.contains(session)) return false;
  if (method == "Target.attachedToTarget") {
    const std::string child(text_in(parameters, "sessionId"));
    if (sessions_.size() < kMostSessions) watch(child);
    command("Runtime.runIfWaitingForDebugger", child);
  } else if (method == "Inspector.targetCrashed") {
    give_up("the page crashed");
  } else if (method.starts_with("Network.")) {
    network(method.substr(std::string_view("Network.").size()),
            {std::string(session), std::string(text_in(parameters, "requestId"))}, parameters, now);
  }
  return true;
}

void DevToolsPage::network(std::string_view what, Key key, const Object& parameters,
                           UtcMillis now) {
  if (what == "responseReceived") {
    response(std::move(key), parameters, now);
  } else if (what == "dataReceived") {
    if (const auto at = requests_.find(key); at != requests_.end())
      at->second.bytes += static_cast<std::size_t>(number_in(parameters, "dataLength"));
  } else if (what == "loadingFinished") {
    finished(key, parameters, now);
  } else if (what == "loadingFailed") {
    requests_.erase(key);
    from_cache_.erase(key);
  } else if (what == "requestServedFromCache") {
    make_room(from_cache_, kMostRequests);
    from_cache_.insert(std::move(key));
  } else if (what == "webSocketCreated") {
    const std::string_view url = text_in(parameters, "url");
    if (!config_.wanted(TrafficKind::Frame, url)) return;
    if (!make_room(sockets_, kMostSockets)) ++counts_.lost;
    sockets_.insert_or_assign(std::move(key), std::string(url));
  } else if (what == "webSocketFrameReceived") {
    frame(key, parameters, now);
  } else if (what == "webSocketClosed") {
    sockets_.erase(key);
  }
}

void DevToolsPage::response(Key key, const Object& parameters, UtcMillis now) {
  const auto about = object_in(parameters, "response");
  if (!about) return;
  const bool cached = from_cache_.erase(key) > 0 || truth_in(*about, "fromDiskCache") ||
                      truth_in(*about, "fromPrefetchCache");
  Request request;
  request.answer.url = text_in(*about, "url");
  request.answer.status = status_in(*about);
  if (const auto timing = object_in(*about, "timing"))
    request.asked_at = number_in(*timing, "requestTime");
  // The main frame of a tab has the tab's own id.
  request.document = key.first == session_ && text_in(parameters, "type") == "Document" &&
                     text_in(parameters, "frameId") == tab_;
  if (!request.document && !config_.wanted(TrafficKind::Response, request.answer.url)) return;
  if (cached) {
    ++counts_.cached;
    return;
  }
  // Of a refusal or an error the status says it all, and a page that does not read the body of one
  // never lets it end.
  constexpr int kFirstError = 400;
  if (request.answer.status >= kFirstError) {
    request.answer.observed_at = clock_.at(number_in(parameters, "timestamp"), now);
    return seen(std::move(request));
  }
  if (!make_room(requests_, kMostRequests)) ++counts_.lost;
  requests_.insert_or_assign(std::move(key), std::move(request));
}

void DevToolsPage::finished(const Key& key, const Object& parameters, UtcMillis now) {
  from_cache_.erase(key);
  const auto at = requests_.find(key);
  if (at == requests_.end()) return;
  Request request = std::move(at->second);
  requests_.erase(at);
  if (request.bytes > config_.most_body) {
    ++counts_.too_large;
    return;
  }
  const double ended = number_in(parameters, "timestamp");
  request.answer.observed_at = clock_.at(ended, now);
  if (request.asked_at > 0 && request.asked_at < ended)
    request.answer.observed_at = clock_.earlier(request.asked_at);
  if (!make_room(bodies_, kMostBodies)) ++counts_.lost;
  const std::uint64_t id =
      command("Network.getResponseBody", key.first, object_of({{"requestId", key.second}}));
  bodies_.emplace(id, std::move(request));
}

void DevToolsPage::body(Request request, const Object& result) {
  const std::string_view text = text_in(result, "body");
  if (truth_in(result, "base64Encoded")) {
    auto decoded = decode_base64(text);
    if (!decoded) {
      ++counts_.lost;
      return;
    }
    request.answer.body = *std::move(decoded);
  } else {
    request.answer.body = text;
  }
  seen(std::move(request));
}

void DevToolsPage::seen(Request request) {
  if (request.document)
    document_ = std::move(request.answer);
  else
    captured_.push_back(std::move(request.answer));
}

void DevToolsPage::frame(const Key& key, const Object& parameters, UtcMillis now) {
  const auto socket = sockets_.find(key);
  const auto about = object_in(parameters, "response");
  if (socket == sockets_.end() || !about) return;
  constexpr double kText = 1, kBinary = 2;
  const double opcode = number_in(*about, "opcode");
  const std::string_view payload = text_in(*about, "payloadData");
  Captured seen{TrafficKind::Frame,
                socket->second,
                0,
                {},
                clock_.at(number_in(parameters, "timestamp"), now)};
  if (opcode == kText) {
    seen.body = payload;
  } else if (opcode == kBinary) {
    auto decoded = decode_base64(payload);
    if (!decoded) return;
    seen.body = *std::move(decoded);
  } else {
    return;
  }
  if (seen.body.size() > config_.most_body)
    ++counts_.too_large;
  else
    captured_.push_back(std::move(seen));
}

void DevToolsPage::give_up(std::string why) {
  if (!trouble_) trouble_ = std::move(why);
}

}  // namespace oddsloom
