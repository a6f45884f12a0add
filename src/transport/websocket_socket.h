// The connection below a websocket, in the clear or with TLS: the stream that Boost.Beast stands
// on in websocket_client.cpp. One type for both, whose work is done in functions that are no
// templates: Beast's many operations are compiled once, and not again with each socket and each TLS
// operation inside. One read and one write may be under way at a time. One thread, the
// io_context's.
#pragma once

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/role.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace oddsloom {

class WebsocketSocket {
 public:
  using executor_type = boost::asio::io_context::executor_type;
  using Tcp = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor_type>;
  using Tls = boost::asio::ssl::stream<Tcp&>;
  using Code = boost::system::error_code;
  using Done = std::function<void(Code)>;
  using Moved = std::function<void(Code, std::size_t)>;

  // `tls` null: in the clear.
  WebsocketSocket(boost::asio::io_context& io, boost::asio::ssl::context* tls);
  WebsocketSocket(const WebsocketSocket&) = delete;
  WebsocketSocket& operator=(const WebsocketSocket&) = delete;

  Tls* tls() { return tls_ ? &*tls_ : nullptr; }

  // What Beast asks of a stream.
  executor_type get_executor() { return tcp_.get_executor(); }
  Tcp& next_layer() { return tcp_; }
  template <class Buffers, class Handler>
  void async_read_some(const Buffers& into, Handler&& handler) {
    boost::asio::mutable_buffer first;
    for (auto at = boost::asio::buffer_sequence_begin(into);
         first.size() == 0 && at != boost::asio::buffer_sequence_end(into); ++at)
      first = *at;
    read(first, erased(std::forward<Handler>(handler)));
  }
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& pieces, Handler&& handler) {
    to_send_.resize(std::min(boost::asio::buffer_size(pieces), kMostAtOnce));
    boost::asio::buffer_copy(boost::asio::buffer(to_send_), pieces);
    write(erased(std::forward<Handler>(handler)));
  }
  template <class Handler>
  friend void async_teardown(boost::beast::role_type role, WebsocketSocket& socket,
                             Handler&& handler) {
    socket.tear_down(role, erased(std::forward<Handler>(handler)));
  }

 private:
  // One TLS record: a frame's head and its body leave together.
  static constexpr std::size_t kMostAtOnce = 16U << 10U;

  // Beast's operations can be moved only; they run where the socket's do.
  template <class Handler>
  static auto erased(Handler&& handler) {
    return [kept = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler))](
               auto... results) {
      auto operation = std::move(*kept);
      operation(results...);
    };
  }

  void read(boost::asio::mutable_buffer into, Moved done);
  void write(Moved done);
  void tear_down(boost::beast::role_type role, Done done);

  Tcp tcp_;
  std::optional<Tls> tls_;
  std::string to_send_;
};

}  // namespace oddsloom
