// A client's connection, in the clear or over TLS, as bytes: what http_session and
// subscriber_session read from and write to. One read and one write may be under way at a time.
// Everything happens on the I/O thread.
#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace oddsloom {

class SocketStream {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Tls = boost::asio::ssl::context;
  using Code = boost::system::error_code;

  SocketStream(Socket socket, std::shared_ptr<Tls> tls)
      : socket_(std::move(socket)), context_(std::move(tls)) {
    if (context_) tls_.emplace(socket_, *context_);
    Code ignored;
    socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
    // Bounds what the kernel holds for a client that does not read, and lets a connection whose
    // other end has vanished fail.
    set_option(TCP_NOTSENT_LOWAT, kMostUnsent);
    set_option(TCP_USER_TIMEOUT, kVanishedAfterMillis);
  }

  bool has_tls() const { return tls_.has_value(); }

  template <class Done>  // void(Code)
  void handshake(Done done) {
    tls_->async_handshake(boost::asio::ssl::stream_base::server, std::move(done));
  }
  template <class Done>  // void(Code, std::size_t)
  void read_some(boost::asio::mutable_buffer into, Done done) {
    if (tls_)
      tls_->async_read_some(into, std::move(done));
    else
      socket_.async_read_some(into, std::move(done));
  }
  template <class Done>  // void(Code, std::size_t)
  void write_some(const std::vector<boost::asio::const_buffer>& gather, Done done) {
    if (tls_)
      tls_->async_write_some(gather, std::move(done));
    else
      socket_.async_write_some(gather, std::move(done));
  }
  // Tells the client that nothing more comes. `keep` lives until that is done.
  template <class Keep>
  void end_sending(Keep keep) {
    if (tls_) return tls_->async_shutdown([keep = std::move(keep)](Code) {});
    Code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }
  void close() {
    Code ignored;
    socket_.close(ignored);
  }

 private:
  static constexpr int kMostUnsent = 128 << 10;
  static constexpr int kVanishedAfterMillis = 60'000;

  void set_option(int name, int value) {
    setsockopt(socket_.native_handle(), IPPROTO_TCP, name, &value, sizeof value);
  }

  Socket socket_;
  std::shared_ptr<Tls> context_;  // as it was when the connection came
  std::optional<boost::asio::ssl::stream<Socket&>> tls_;
};

}  // namespace oddsloom
