#include "serve/http_dispatch.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <exception>
#include <limits>
#include <utility>

#include "base/text.h"
#include "serve/http_error.h"
#include "serve/http_target.h"
#include "serve/key_gate.h"
#include "serve/websocket_frames.h"

namespace oddsloom {
namespace {

namespace http = boost::beast::http;

// What clients without a quota have left: they read it as an integer, and never run out.
constexpr std::uint64_t kNoEnd = 1'000'000'000;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

// The paths of The Odds API, which tells with every answer what it cost.
bool is_metered(const std::string& path) {
  for (const std::string_view root : {"/v4", "/v3"})
    if (path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/'))
      return true;
  return false;
}

std::string take_out(std::vector<std::pair<std::string, std::string>>& from,
                     std::string_view name) {
  std::string value;
  std::erase_if(from, [&](auto& entry) {
    if (entry.first != name) return false;
    if (value.empty()) value = std::move(entry.second);
    return true;
  });
  return value;
}

// The key wherever a client may have put it. It is taken out: nobody behind this sees it.
std::string take_key(WebRequest& request) {
  std::string found;
  const auto consider = [&](std::string value) {
    if (found.empty()) found = std::move(value);
  };
  consider(take_out(request.query, "apiKey"));
  consider(take_out(request.query, "api_key"));
  consider(take_out(request.headers, "x-api-key"));
  const std::string authorization = take_out(request.headers, "authorization");
  constexpr std::string_view kBearer = "bearer ";
  if (authorization.size() > kBearer.size() &&
      equals_ignore_case_ascii(std::string_view(authorization).substr(0, kBearer.size()), kBearer))
    consider(std::string(trim(std::string_view(authorization).substr(kBearer.size()))));
  return found;
}

std::string retry_after(Millis wait) {
  return fmt::format("{}", std::max<std::int64_t>(1, (wait.count() + 999) / 1000));
}

WebResponse too_many(Millis wait) {
  WebResponse out = error_response(429, "EXCEEDED_FREQ_LIMIT",
                                   "Requests are too frequent; wait as Retry-After says");
  out.headers.emplace_back("Retry-After", retry_after(wait));
  return out;
}

class Dispatcher {
 public:
  Dispatcher(ServerState& state, const std::string& client, const RequestHead& head)
      : state_(state), head_(head), now_(steady_now()) {
    request_.client = client;
    request_.now = now_utc();
    request_.method = "GET";
  }

  Dispatched run() {
    const std::string origin(view(head_[http::field::origin]));
    out_.more = state_.config.cors.answer(origin);
    if (!read_target()) {
      if (is_metered(std::string(view(head_.target())))) add_usage();
      return std::move(out_);
    }
    const std::string_view method = view(head_.method_string());
    if (method == "OPTIONS" && !origin.empty() && state_.config.cors.is_on() &&
        head_.find(http::field::access_control_request_method) != head_.end()) {
      out_.more = state_.config.cors.preflight(origin);
      out_.response.status = 204;
      return std::move(out_);
    }
    if (method != "GET" && method != "HEAD") {
      reject(Rejection::BadRequest,
             error_response(405, "METHOD_NOT_ALLOWED", "Only GET and HEAD are answered"));
      out_.response.headers.emplace_back("Allow", "GET, HEAD");
      out_.last = true;  // its body, if it has one, was not read
    } else if (may_ask() && may_upgrade(origin)) {
      ask();
    }
    if (out_.later) {
      Dispatched begun;
      begun.later = std::exchange(out_.later, {});
      return begun;
    }
    if (is_metered(request_.path)) add_usage();
    return std::move(out_);
  }

  // Of an answer that took time.
  Dispatched finish(WebResponse response) {
    out_.response = std::move(response);
    pay(out_.response.status);
    if (is_metered(request_.path)) add_usage();
    return std::move(out_);
  }

 private:
  void reject(Rejection why, WebResponse response) {
    state_.metrics.reject(why);
    out_.response = std::move(response);
  }

  bool read_target() {
    auto target = parse_target(view(head_.target()));
    if (!target) {
      reject(Rejection::BadRequest, error_response(400, "BAD_REQUEST", target.error().message));
      return false;
    }
    request_.path = std::move(target->path);
    request_.query = std::move(target->query);
    for (const auto& field : head_)
      request_.headers.emplace_back(to_lower_ascii(view(field.name_string())), view(field.value()));
    shown_key_ = take_key(request_);
    out_.path = request_.path;
    return true;
  }

  // Whoever shows no key that counts is limited by address, so that keys cannot be tried out.
  bool may_ask() {
    if (state_.keys && !state_.config.is_open(request_.path)) {
      KeyVerdict verdict = state_.keys->admit(shown_key_, now_);
      if (verdict.key) {
        key_ = verdict.key;
        out_.key_name = request_.key_name = key_->name;
        if (verdict.wait.count() == 0) return true;
        reject(Rejection::KeyRate, too_many(verdict.wait));
        return false;
      }
      if (!is_within_client_rate()) return false;
      reject(Rejection::Key, error_response(401, verdict.code, verdict.message));
      out_.response.headers.emplace_back("WWW-Authenticate", "Bearer");
      return false;
    }
    return is_within_client_rate();
  }

  bool is_within_client_rate() {
    const Millis wait = state_.limits.request(request_.client, now_);
    if (wait.count() == 0) return true;
    reject(Rejection::ClientRate, too_many(wait));
    return false;
  }

  // Looks whether a websocket is wanted, and whether it may be.
  bool may_upgrade(const std::string& origin) {
    if (!http::token_list(head_[http::field::upgrade]).exists("websocket")) return true;
    const auto refused = [&](WebResponse response) {
      reject(Rejection::Handshake, std::move(response));
      return false;
    };
    // Browsers let every page open a websocket; the server is to look where it comes from.
    if (!origin.empty() && !state_.config.cors.allows(origin) &&
        !is_same_origin(origin, view(head_[http::field::host])))
      return refused(
          error_response(403, "FORBIDDEN_ORIGIN", "Not for web pages of this origin (serve.cors)"));
    out_.websocket_key = websocket_accept(view(head_[http::field::sec_websocket_key]));
    if (head_.method() != http::verb::get || head_.version() < 11 ||
        !http::token_list(head_[http::field::connection]).exists("upgrade") ||
        out_.websocket_key.empty())
      return refused(error_response(400, "BAD_REQUEST", "The websocket's handshake is not whole"));
    if (view(head_[http::field::sec_websocket_version]) != "13") {
      WebResponse response =
          error_response(426, "UPGRADE_REQUIRED", "Websockets are spoken in version 13 here");
      response.headers.emplace_back("Sec-WebSocket-Version", "13");
      return refused(std::move(response));
    }
    out_.transport = Transport::WebSocket;
    return true;
  }

  void ask() {
    out_.wake = std::make_shared<WakeLine>();
    HttpAnswer answer;
    try {
      answer = state_.handler(request_, out_.transport, [line = out_.wake] {
        if (line->ring) line->ring();
      });
    } catch (const std::exception& error) {
      if (const auto seen = state_.failures.pass())
        log::error("request_failed", {log::kv("path", request_.path), log::kv("what", error.what()),
                                      log::kv("seen", *seen)});
      out_.response =
          error_response(500, "INTERNAL_ERROR", "A fault of this server; its log has the details");
      return;
    }
    if (answer.later && state_.config.run_later) {
      out_.later = std::move(answer.later);
      return;
    }
    out_.response = std::move(answer.response);
    if (answer.subscriber && state_.draining)
      return refuse_subscriber(Rejection::FeedClients, "The server stops");
    if (answer.subscriber && state_.subscribers >= state_.config.most_subscribers)
      return refuse_subscriber(Rejection::FeedClients, "There are as many feed clients as may be");
    if (!pay(answer.subscriber ? 200 : out_.response.status)) return;
    out_.subscriber = std::move(answer.subscriber);
  }

  void refuse_subscriber(Rejection why, std::string_view message) {
    reject(why, error_response(503, "UNAVAILABLE", message));
    out_.response.headers.emplace_back("Retry-After", "10");
  }

  // What was not answered, or what the client has already, costs nothing.
  bool pay(int status) {
    const bool has_it =
        status == 200 && !out_.response.etag.empty() &&
        is_known(std::string(view(head_[http::field::if_none_match])), out_.response.etag);
    const int cost = status < 400 && !has_it ? std::max(out_.response.cost, 0) : 0;
    if (key_ && !state_.keys->charge(*key_, static_cast<std::uint64_t>(cost), request_.now)) {
      reject(Rejection::Quota,
             error_response(401, "OUT_OF_USAGE_CREDITS",
                            "Usage quota has been reached: the usage limit of this month is used "
                            "up; it begins anew on the first of the next (UTC)"));
      return false;
    }
    paid_ = static_cast<std::uint64_t>(cost);
    if (!key_) state_.keyless_cost += paid_;
    return true;
  }

  void add_usage() {
    std::uint64_t used = state_.keyless_cost, remaining = kNoEnd;
    if (key_) {
      used = state_.keys->used(*key_, request_.now);
      if (key_->quota) remaining = *key_->quota - std::min(*key_->quota, used);
    } else if (state_.keys) {
      used = remaining = 0;
    }
    out_.more.emplace_back("x-requests-remaining", fmt::format("{}", remaining));
    out_.more.emplace_back("x-requests-used", fmt::format("{}", used));
    out_.more.emplace_back("x-requests-last", fmt::format("{}", paid_));
  }

  ServerState& state_;
  const RequestHead& head_;
  SteadyTime now_;
  WebRequest request_;
  std::string shown_key_;
  std::shared_ptr<const ApiKey> key_;
  std::uint64_t paid_ = 0;
  Dispatched out_;
};

}  // namespace

Dispatched dispatch(ServerState& state, const std::string& client, const RequestHead& head) {
  const auto dispatcher = std::make_shared<Dispatcher>(state, client, head);
  Dispatched out = dispatcher->run();
  if (out.later)
    out.finish = [dispatcher](WebResponse response) {
      return dispatcher->finish(std::move(response));
    };
  return out;
}

Dispatched refuse(ServerState& state, Rejection why, int status, std::string_view code,
                  std::string_view message) {
  state.metrics.reject(why);
  Dispatched out;
  out.response = error_response(status, code, message);
  out.last = true;
  return out;
}

}  // namespace oddsloom
