// How a feed's messages are wrapped: what one websocket message holds, and how one of ours is
// written. A framing is a list of layers, the outermost first ("sockjs" around "stomp"); an empty
// list is plain JSON, one value a message. Between transport/websocket_client and whoever
// reads the JSON. Pure; any thread.
//
// Sources: the Engine.IO and Socket.IO protocol documents (revisions 3 and 4), SockJS 0.3.3, STOMP
// 1.2; a recorded Engine.IO 3 session of another bookmaker.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace oddsloom {

enum class FrameLayer {
  SocketIo,    // Socket.IO 2 over Engine.IO 3: the client pings
  SocketIo4,   // Socket.IO 3 and 4 over Engine.IO 4: the server pings
  SockJs,      // a["message", ..]
  Stomp,       // COMMAND, headers, an empty line, body, NUL
  JsonString,  // the JSON is the content of a JSON string
  Lines        // one JSON value a line
};
using Framing = std::vector<FrameLayer>;
const std::vector<std::string>& frame_layer_names();  // as a bookmaker's file calls them, in order

struct FeedMessage {
  std::string name;     // of the event (Socket.IO) or the destination (STOMP); "" = has none
  std::string payload;  // JSON as it came, not yet parsed where the framing does not have to
};

// What a message of the other side holds.
struct Unframed {
  std::vector<FeedMessage> messages;
  std::vector<std::string> answers;    // to be sent back at once, framed already
  bool ready = false;                  // from now on subscriptions may be sent
  std::optional<Millis> ping_every;    // the other side wants to be pinged so often
  bool pong = false;                   // it answered a ping
  std::optional<std::string> refused;  // it refuses or ends the session: why
};

// When the websocket has opened, before anything was heard.
Unframed begin_frames(const Framing& framing);
// One text message. Errors: Malformed, saying what was expected.
Result<Unframed> unframe(const Framing& framing, std::string_view message);
// One of ours: for Socket.IO a JSON array that begins with the event's name, for STOMP a frame
// without its NUL, otherwise the text itself.
std::string frame(const Framing& framing, std::string_view text);
// A ping of ours, "" where the framing has none that is answered.
std::string frame_ping(const Framing& framing);

}  // namespace oddsloom
