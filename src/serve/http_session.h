// A connection on which requests are read, one after another, and answered; where a handler gives a
// subscriber it goes on as a subscriber_session. Keeps itself alive until the client has gone or
// must. I/O thread only.
#pragma once

#include <memory>
#include <string>

#include "serve/server_state.h"
#include "serve/socket_stream.h"

namespace oddsloom {

// `client`: as in ClientConnection.
void serve_http(ServerState& state, std::string client, std::unique_ptr<SocketStream> stream);

}  // namespace oddsloom
