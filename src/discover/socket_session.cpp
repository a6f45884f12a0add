#include "discover/socket_session.h"

#include <fmt/format.h>

#include <algorithm>

namespace oddsloom {
namespace {

constexpr Millis kGreeting{10'000};   // from an open websocket to a session
constexpr Millis kWorthwhile{5'000};  // a session that lasted so long was no failure

}  // namespace

SocketSession::SocketSession(const FeedSettings& feed, SocketSessionConfig config,
                             IsBlocked is_blocked, Clock clock)
    : feed_(feed),
      config_(std::move(config)),
      is_blocked_(std::move(is_blocked)),
      clock_(clock),
      websocket_(std::move(clock)) {}

SocketSession::Heard SocketSession::turn(Millis wait) {
  Heard heard;
  const UtcMillis now = clock_();
  if (!websocket_.active() && now >= next_connect_) {
    leaving_ = false;
    if (auto started = websocket_.start(config_.websocket); !started) {
      log::error("feed_unusable",
                 {log::kv("bookmaker", config_.bookmaker), log::kv("why", started.error().text())});
      try_again_later(true);
    }
  }
  for (const WebsocketEvent& event : websocket_.poll(wait)) {
    if (event.kind == WebsocketEvent::Kind::Closed) {
      closed(event, heard);
      continue;
    }
    if (leaving_) continue;
    if (event.kind == WebsocketEvent::Kind::Opened) {
      opened_ = true;
      opened_at_ = event.at;
      apply(begin_frames(feed_.framing), heard, event.at);
      continue;
    }
    if (event.kind == WebsocketEvent::Kind::Binary) {
      heard.unreadable.push_back(fmt::format("{} bytes that are no text", event.text.size()));
      continue;
    }
    auto unframed = unframe(feed_.framing, event.text);
    if (unframed)
      apply(*unframed, heard, event.at);
    else
      heard.unreadable.push_back(unframed.error().text());
  }
  if (opened_ && !leaving_) keep_alive(heard, clock_());
  return heard;
}

void SocketSession::apply(const Unframed& unframed, Heard& heard, UtcMillis at) {
  for (const std::string& answer : unframed.answers)
    if (!websocket_.send(answer)) return give_up("feed_lost", "an answer could not be sent");
  if (unframed.ping_every) ping_every_ = unframed.ping_every;
  if (unframed.pong && pinged_at_) {
    const bool was_late = std::exchange(late_, at - *pinged_at_ > feed_.most_lag);
    pinged_at_.reset();
    // What was heard while it was late may have been old.
    if (was_late && !late_) {
      heard.gap = true;
      log::info("feed_on_time", {log::kv("bookmaker", config_.bookmaker)});
    }
  }
  if (unframed.ready && !ready_) {
    ready_ = heard.ready = true;
    made_sense_ = false;
    late_ = false;
    pinged_at_.reset();
    next_ping_ = at;
    log::info("feed_open", {log::kv("bookmaker", config_.bookmaker), log::kv("feed", feed_.name)});
  }
  for (const FeedMessage& message : unframed.messages) heard.said.push_back({at, message});
  if (unframed.refused) {
    heard.gap = heard.gap || ready_;
    give_up("feed_refused", *unframed.refused);
  }
}

void SocketSession::keep_alive(Heard& heard, UtcMillis now) {
  if (!ready_) {
    if (now - opened_at_ > kGreeting) give_up("feed_lost", "no session after the greeting");
    return;
  }
  const std::string ping = frame_ping(feed_.framing);
  if (ping.empty()) return;
  if (pinged_at_) {
    const Millis waiting = now - *pinged_at_;
    if (waiting > feed_.most_lag && !late_) {
      late_ = heard.gap = true;
      log::warn("feed_late", {log::kv("bookmaker", config_.bookmaker),
                              log::kv("why", fmt::format("no answer to a ping within {}; what it "
                                                         "says is looked up until it answers",
                                                         to_text(feed_.most_lag)))});
    }
    if (waiting > std::max(feed_.silence, feed_.most_lag)) {
      heard.gap = true;
      give_up("feed_lost", "pings are not answered");
    }
    return;
  }
  if (now < next_ping_) return;
  if (!websocket_.send(ping)) return give_up("feed_lost", "a ping could not be sent");
  pinged_at_ = now;
  next_ping_ = now + std::min(ping_every_.value_or(feed_.most_lag), feed_.most_lag);
}

void SocketSession::closed(const WebsocketEvent& event, Heard& heard) {
  heard.gap = heard.gap || ready_;
  const bool was_open = opened_;
  const bool was_leaving = leaving_;
  const bool worthwhile = ready_ && made_sense_ && clock_() - opened_at_ >= kWorthwhile;
  opened_ = ready_ = late_ = leaving_ = false;
  pinged_at_.reset();
  if (was_leaving) return;  // give_up() has said why, and when to try again
  if (worthwhile) failed_ = 0;
  const bool blocked = event.end == WebsocketEnd::Refused && is_blocked_(event.status, event.body);
  try_again_later(blocked);
  const std::string_view happening = blocked    ? "feed_blocked"
                                     : was_open ? "feed_lost"
                                                : "feed_unreachable";
  log::warn(happening,
            {log::kv("bookmaker", config_.bookmaker), log::kv("end", to_string(event.end)),
             log::kv("why", event.message),
             log::kv("again_in", to_text(std::max(Millis(0), next_connect_ - clock_())))});
}

bool SocketSession::send(const std::string& text) {
  auto sent = websocket_.send(frame(feed_.framing, text));
  if (!sent) give_up("feed_lost", sent.error().text());
  return sent.has_value();
}

void SocketSession::give_up(std::string_view happening, const std::string& why) {
  if (leaving_ || !websocket_.active()) return;
  if (ready_ && made_sense_ && clock_() - opened_at_ >= kWorthwhile) failed_ = 0;
  leaving_ = true;
  ready_ = late_ = false;
  websocket_.close();
  try_again_later(false);
  log::warn(happening,
            {log::kv("bookmaker", config_.bookmaker), log::kv("why", why),
             log::kv("again_in", to_text(std::max(Millis(0), next_connect_ - clock_())))});
}

void SocketSession::try_again_later(bool blocked) {
  ++failed_;
  next_connect_ =
      clock_() + retry_delay(config_.reconnect, failed_,
                             blocked ? std::optional(config_.blocked_pause) : std::nullopt,
                             random_);
}

void SocketSession::finish(Millis most) {
  leaving_ = true;
  websocket_.close();
  const UtcMillis until = clock_() + most;
  while (websocket_.active() && clock_() < until) websocket_.poll(until - clock_());
}

}  // namespace oddsloom
