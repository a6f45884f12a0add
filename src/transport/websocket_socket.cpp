#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
// g++ says that ThreadSanitizer does not see the fences in Asio; nothing here depends on them, one
// thread runs the io_context.
#pragma GCC diagnostic ignored "-Wtsan"
#endif

#include "transport/websocket_socket.h"

#include <boost/beast/websocket/ssl.hpp>

namespace oddsloom {

namespace beast = boost::beast;

WebsocketSocket::WebsocketSocket(boost::asio::io_context& io, boost::asio::ssl::context* tls)
    : tcp_(io) {
  if (tls) tls_.emplace(tcp_, *tls);
}

void WebsocketSocket::read(boost::asio::mutable_buffer into, Moved done) {
  if (tls_)
    tls_->async_read_some(into, std::move(done));
  else
    tcp_.async_read_some(into, std::move(done));
}

void WebsocketSocket::write(Moved done) {
  const auto all = boost::asio::buffer(std::as_const(to_send_));
  if (tls_)
    tls_->async_write_some(all, std::move(done));
  else
    tcp_.async_write_some(all, std::move(done));
}

void WebsocketSocket::tear_down(beast::role_type role, Done done) {
  if (tls_)
    beast::async_teardown(role, *tls_, std::move(done));
  else
    beast::websocket::async_teardown(role, tcp_, std::move(done));
}

}  // namespace oddsloom
