#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wtsan"
#endif

#include "sim/socket_session.h"

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>

namespace oddsloom::sim {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using Code = boost::system::error_code;

constexpr std::size_t kMostWaiting = 100'000;  // a client that does not read is cut off
constexpr std::size_t kMostMessage = 64U << 10U;

class Session final : public SocketSession, public std::enable_shared_from_this<Session> {
 public:
  Session(beast::tcp_stream stream, Handshake handshake, Events events)
      : ws_(std::move(stream)), handshake_(std::move(handshake)), events_(std::move(events)) {}

  void begin() {
    beast::get_lowest_layer(ws_).expires_never();
    ws_.read_message_max(kMostMessage);
    ws_.auto_fragment(false);
    ws_.async_accept(handshake_, [self = shared_from_this()](Code error) {
      if (error) return self->end();
      self->open_ = true;
      self->events_.opened();
      self->read();
    });
  }

  void send(SocketOut out) override {
    if (!open_) return;
    if (outgoing_.size() >= kMostWaiting) return end();
    outgoing_.push_back(std::move(out));
    if (outgoing_.size() == 1) write();
  }

 private:
  void read() {
    ws_.async_read(buffer_, [self = shared_from_this()](Code error, std::size_t) {
      if (error) return self->end();
      const std::string text = beast::buffers_to_string(self->buffer_.cdata());
      self->buffer_.consume(self->buffer_.size());
      self->events_.heard(text);
      if (self->open_) self->read();
    });
  }

  void write() {
    const SocketOut& out = outgoing_.front();
    switch (out.what) {
      case SocketOut::What::Cut:
        return end();
      case SocketOut::What::Goodbye:
        return ws_.async_close({websocket::close_code::service_restart, "restart"},
                               [self = shared_from_this()](Code) { self->end(); });
      case SocketOut::What::Text:
      case SocketOut::What::Binary:
        ws_.text(out.what == SocketOut::What::Text);
        ws_.async_write(asio::buffer(out.text),
                        [self = shared_from_this()](Code error, std::size_t) {
                          if (error) return self->end();
                          self->outgoing_.pop_front();
                          if (!self->outgoing_.empty() && self->open_) self->write();
                        });
    }
  }

  void end() {
    open_ = false;
    beast::get_lowest_layer(ws_).close();
    if (const auto closed = std::exchange(events_.closed, nullptr)) closed();
  }

  websocket::stream<beast::tcp_stream, false> ws_;
  const Handshake handshake_;
  Events events_;
  beast::flat_buffer buffer_;
  std::deque<SocketOut> outgoing_;  // the first is being written
  bool open_ = false;
};

}  // namespace

std::shared_ptr<SocketSession> SocketSession::accept(beast::tcp_stream stream, Handshake handshake,
                                                     Events events) {
  auto session =
      std::make_shared<Session>(std::move(stream), std::move(handshake), std::move(events));
  session->begin();
  return session;
}

}  // namespace oddsloom::sim
