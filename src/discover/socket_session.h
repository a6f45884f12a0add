// One session with a feed after the other: connects, greets, pings, measures, waits and tries
// again. Gives what was said, and when something may have been missed. It knows framing, not odds.
// Not thread-safe: one listener's own.
#pragma once

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/log.h"
#include "bookmaker/feed.h"
#include "transport/retry.h"
#include "transport/websocket_client.h"

namespace oddsloom {

struct SocketSessionConfig {
  std::string bookmaker;  // for messages
  WebsocketConfig websocket;
  RetryPolicy reconnect;
  Millis blocked_pause{60'000};
};

class SocketSession {
 public:
  struct Said {
    UtcMillis at;  // when it was heard
    FeedMessage message;
  };
  struct Heard {
    std::vector<Said> said;
    bool ready = false;                   // a session has begun: subscribe now
    bool gap = false;                     // something may have been missed, or may have been late
    std::vector<std::string> unreadable;  // why, of each message that could not be unframed
  };
  // Whether a refusal is a site's way to say no; from the answer's status and body.
  using IsBlocked = std::function<bool(int status, const std::string& body)>;

  SocketSession(const FeedSettings& feed, SocketSessionConfig config, IsBlocked is_blocked,
                Clock clock);

  // Connects when it is time, keeps the session alive, waits at most `wait` for what is said.
  Heard turn(Millis wait);
  // Queues one of our texts, not yet framed. False: it could not be; the session ends.
  bool send(const std::string& text);
  // Ends the session as of no use, and begins another one after a while.
  void give_up(std::string_view happening, const std::string& why);
  // Somebody heard something that makes sense; only then has a session been worth its connection.
  void made_sense() { made_sense_ = true; }
  // Ends for good; waits at most so long for the other side's goodbye.
  void finish(Millis most);

  bool ready() const { return ready_; }
  // An answer to a ping is overdue, or was: what comes now may be old.
  bool late() const { return late_; }

 private:
  void apply(const Unframed& unframed, Heard& heard, UtcMillis at);
  void closed(const WebsocketEvent& event, Heard& heard);
  void keep_alive(Heard& heard, UtcMillis now);
  void try_again_later(bool blocked);

  const FeedSettings& feed_;
  const SocketSessionConfig config_;
  const IsBlocked is_blocked_;
  const Clock clock_;
  WebsocketClient websocket_;
  bool opened_ = false, ready_ = false, late_ = false, leaving_ = false, made_sense_ = false;
  UtcMillis opened_at_;
  std::optional<Millis> ping_every_;
  UtcMillis next_ping_;
  std::optional<UtcMillis> pinged_at_;  // not answered yet
  UtcMillis next_connect_;
  unsigned failed_ = 0;  // attempts in a row
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace oddsloom
