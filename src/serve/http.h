// What a client asks and what it is told, without the socket between them: http_server.h reads the
// one and writes the other, odds_api, feed and dashboard answer. Web.. because Http.. are the
// requests we make ourselves (transport/http_client.h). Values; any thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace oddsloom {

struct WebRequest {
  std::string method;  // "GET"; HEAD comes as GET, the server leaves the body out
  std::string path;    // decoded, without the query: "/v4/sports"
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
  // Names in lower case. The API key that was shown is in none of them, nor in the query: handlers
  // cannot tell it to anybody.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string client;    // address, without port
  std::string key_name;  // of the API key that was shown; "" = none is needed here
  UtcMillis now;

  const std::string* parameter(std::string_view name) const;  // the first; nullptr: not given
  const std::string* header(std::string_view name) const;     // name in lower case
};

struct WebResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::shared_ptr<const std::string> body;  // nullptr: empty
  std::shared_ptr<const std::string> gzip;  // the same compressed, where it is at hand
  std::string etag;                         // with its quotes; "" = none, no 304
  std::vector<std::pair<std::string, std::string>> headers;  // more of them
  int cost = 0;  // credits that the answer takes from the key's quota
};

// A client that stays: server-sent events or a websocket. The server asks it for what to send
// whenever the socket has taken what was sent before, so nothing waits in a queue of the server's:
// a subscriber of a slow client replaces what was not sent yet by what is newer. All calls come
// from the I/O thread.
class Subscriber {
 public:
  using Frames = std::vector<std::shared_ptr<const std::string>>;  // shared: many clients get one

  virtual ~Subscriber() = default;
  // What to send now, some 64 KB at most; nothing: asked again after `wake`. Server-sent events:
  // whole lines as they go out; websocket: one message each.
  virtual Frames next(UtcMillis now) = 0;
  // A message of the client's (websocket only).
  virtual void received(std::string_view message) { (void)message; }
  // Why the connection is to end once everything is sent; "" = it goes on.
  virtual std::string ended() const { return ""; }
};

enum class Transport { EventStream, WebSocket };

// An answer, or a subscriber that the server serves from now on.
struct HttpAnswer {
  WebResponse response;                    // where there is none; beside one, its cost alone
  std::unique_ptr<Subscriber> subscriber;  // its client gets 200 text/event-stream, or 101
  // Not empty: the answer takes time, because it is read from a store. To be called once, on a
  // thread of app/ and not on the I/O thread; what it returns is the response.
  std::function<WebResponse()> later;
};

// Called from the I/O thread; must not wait. `wake`: to be called, on the I/O thread, when the
// subscriber has something to send; harmless once the client has gone.
using HttpHandler = std::function<HttpAnswer(const WebRequest& request, Transport transport,
                                             std::function<void()> wake)>;

}  // namespace oddsloom
