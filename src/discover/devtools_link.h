// Messages to and from a browser's DevTools, each one JSON object, whatever carries them: a pipe to
// a browser of our own (devtools_pipe.h) or a websocket to somebody's (devtools_socket.h). One
// thread.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace oddsloom {

// One message, and all that waits to be sent; beyond it the link is given up.
inline constexpr std::size_t kMostDevToolsBytes = std::size_t{128} << 20U;

class DevToolsLink {
 public:
  virtual ~DevToolsLink() = default;

  // Puts a message in the queue; receive() sends.
  virtual void send(std::string_view json) = 0;

  // What has come, in order; waits at most `wait` for the first. Errors: Unavailable (the other
  // side is gone; why, as far as that is known), OutOfRange (too much in one message, or too much
  // unsent).
  virtual Result<std::vector<std::string>> receive(Millis wait) = 0;
};

}  // namespace oddsloom
