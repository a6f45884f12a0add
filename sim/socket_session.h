// One websocket of the simulated site's server: takes a connection over after its handshake was
// read, and sends what it is given in order. Private to the server, which alone includes it. One
// thread, the server's.
#pragma once

#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <functional>
#include <memory>
#include <string>

#include "sim/socket.h"

namespace oddsloom::sim {

class SocketSession {
 public:
  struct Events {
    std::function<void()> opened;
    std::function<void(const std::string&)> heard;
    std::function<void()> closed;  // once, also when the handshake failed
  };
  using Handshake = boost::beast::http::request<boost::beast::http::string_body>;

  virtual ~SocketSession() = default;
  virtual void send(SocketOut out) = 0;

  static std::shared_ptr<SocketSession> accept(boost::beast::tcp_stream stream, Handshake handshake,
                                               Events events);
};

}  // namespace oddsloom::sim
