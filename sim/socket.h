// A websocket as the simulated site sees it, without sockets: what a client opened and said, and
// what to send it. Passed between the server and whoever speaks (socket_feed). Values and one
// interface; all calls come from the server's thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/http.h"

namespace oddsloom::sim {

struct SocketOut {
  enum class What {
    Text,
    Binary,
    Goodbye,  // a close frame with code 1012, the service restarts
    Cut       // the connection ends without a word
  };
  std::uint64_t to = 0;
  What what = What::Text;
  std::string text;
};

class SocketSpeaker {
 public:
  virtual ~SocketSpeaker() = default;
  // Whether a handshake to this target is taken; otherwise the request is answered as any other.
  virtual bool takes(const Request& request) = 0;
  virtual void opened(std::uint64_t id) = 0;
  virtual void heard(std::uint64_t id, const std::string& text) = 0;
  virtual void closed(std::uint64_t id) = 0;
  // What is to be sent now. Called every few milliseconds while anybody is connected, and after
  // heard().
  virtual std::vector<SocketOut> turn() = 0;
};

}  // namespace oddsloom::sim
