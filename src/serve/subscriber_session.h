// A connection that a subscriber is served on: writes what the subscriber has whenever the socket
// has taken what was written before, so that nothing waits here but what is being written. Takes a
// connection over from http_session. I/O thread only.
#pragma once

#include <memory>
#include <string>

#include "serve/server_state.h"
#include "serve/socket_stream.h"

namespace oddsloom {

// Where `wake` leads: the handler has it before there is a session.
struct WakeLine {
  std::function<void()> ring;  // empty: not yet, or no longer
};

struct SubscriberStart {
  std::unique_ptr<SocketStream> stream;
  std::unique_ptr<Subscriber> subscriber;
  std::shared_ptr<WakeLine> wake;
  Transport transport = Transport::EventStream;
  std::string head;      // of the answer, goes out first
  std::string received;  // what the client sent behind its request
  bool head_only = false;
};

// `client`: as in ClientConnection.
void serve_subscriber(ServerState& state, std::string client, SubscriberStart start);

}  // namespace oddsloom
