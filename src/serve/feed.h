// The feed: every change as it happens, as server-sent events (GET /feed) or as websocket messages
// (the same path). Between board_keeper, which says what changed, and http_server, which asks each
// client's Subscriber for what to send. docs/feed.md is what clients are promised.
//
// Threads: everything here is called on the I/O thread. The board's thread hands board and changes
// over by HttpServer::post; app/ does that, and reads the change log for `read_log` on a thread of
// its own and posts the page back. Subscribers may outlive the FeedService.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "serve/feed_core.h"
#include "serve/http.h"

namespace oddsloom {

class FeedService {
 public:
  // `catalog` and `metrics` outlive it and its subscribers.
  FeedService(FeedConfig config, const Catalog& catalog, ReadFeedLog read_log,
              FeedServiceMetrics& metrics);

  // The next board and all changes between the last one and it, in order. Clients are told at once,
  // or, where there are many of them, by one of the next ticks.
  void publish(std::shared_ptr<const Board> board, const std::vector<BoardChange>& changes,
               UtcMillis now);
  // Every kTick: tells those who wait, notices what becomes too old, sends heartbeats.
  static constexpr Millis kTick{10};
  void tick(UtcMillis now);

  // GET /feed. 422 in the words of The Odds API where a filter is unknown. Who comes before there
  // is a board waits for it: an EventSource that is refused once does not come back.
  HttpAnswer answer(const WebRequest& request, Transport transport, std::function<void()> wake);

 private:
  void wake_all(UtcMillis now);

  std::shared_ptr<FeedCore> core_;
  bool is_told_ = true;  // nobody waits for what was published
  Millis pause_{0};      // between wakes: the more clients, the longer
  UtcMillis woken_at_;
  UtcMillis looked_at_;
};

}  // namespace oddsloom
