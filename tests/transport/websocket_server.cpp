#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wtsan"
#endif

#include "tests/transport/websocket_server.h"

#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <list>
#include <mutex>
#include <thread>

namespace oddsloom {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
using Code = boost::system::error_code;
using Request = beast::http::request<beast::http::string_body>;

template <class Stream>
class PeerOver final : public WebsocketPeer {
 public:
  explicit PeerOver(Stream& stream) : ws_(stream) {}

  bool accept() {
    Code error;
    beast::flat_buffer head;
    beast::http::read(ws_.next_layer(), head, request_, error);
    if (!error && request_.method() == beast::http::verb::connect) {
      // Its own proxy: the tunnel it is asked for ends here.
      tunnel_ = target();
      asio::write(ws_.next_layer(), asio::buffer("HTTP/1.1 200 OK\r\n\r\n", 19), error);
      request_ = {};
      if (!error) beast::http::read(ws_.next_layer(), head, request_, error);
    }
    if (!error) ws_.accept(request_, error);
    return !error;
  }
  std::string target() const override {
    return std::string(request_.target().data(), request_.target().size());
  }
  std::string tunnel() const override { return tunnel_; }
  std::string header(const std::string& name) const override {
    const auto value = request_[name];
    return std::string(value.data(), value.size());
  }
  std::optional<std::string> read() override {
    Code error;
    beast::flat_buffer buffer;
    ws_.read(buffer, error);
    if (error) return std::nullopt;
    return beast::buffers_to_string(buffer.cdata());
  }
  bool send(const std::string& text) override { return write(text, true); }
  bool send_binary(const std::string& bytes) override { return write(bytes, false); }
  bool ping() override {
    Code error;
    ws_.ping({}, error);
    return !error;
  }
  void close(std::uint16_t code, const std::string& reason) override {
    Code ignored;
    ws_.close({static_cast<websocket::close_code>(code), reason}, ignored);
  }
  bool send_raw(const std::string& bytes) override {
    Code error;
    asio::write(ws_.next_layer(), asio::buffer(bytes), error);
    return !error;
  }
  void cut() override {
    Code ignored;
    beast::get_lowest_layer(ws_).shutdown(tcp::socket::shutdown_both, ignored);
  }

 private:
  bool write(const std::string& bytes, bool text) {
    Code error;
    ws_.text(text);
    ws_.write(asio::buffer(bytes), error);
    return !error;
  }

  websocket::stream<Stream&> ws_;
  Request request_;
  std::string tunnel_;
};

}  // namespace

struct WebsocketServer::Impl {
  Script script;
  std::optional<asio::ssl::context> tls;
  asio::io_context io;
  tcp::acceptor acceptor{io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::uint16_t port = acceptor.local_endpoint().port();
  std::mutex mutex;
  bool stopping = false;
  std::list<int> open;  // descriptors, for taking the server down
  std::list<std::thread> scripts;
  std::thread acceptor_thread;

  void accept_all() {
    while (true) {
      Code error;
      tcp::socket socket(io);
      acceptor.accept(socket, error);
      const std::lock_guard lock(mutex);
      if (stopping) return;
      if (error) continue;
      open.push_back(socket.native_handle());
      scripts.emplace_back([this, socket = std::move(socket)]() mutable {
        const int handle = socket.native_handle();
        run(socket);
        const std::lock_guard closing(mutex);
        open.remove(handle);
        Code ignored;
        socket.close(ignored);
      });
    }
  }

  void run(tcp::socket& socket) {
    if (!tls) {
      PeerOver<tcp::socket> peer(socket);
      if (peer.accept()) script(peer);
      return;
    }
    asio::ssl::stream<tcp::socket&> secured(socket, *tls);
    Code error;
    secured.handshake(asio::ssl::stream_base::server, error);
    if (error) return;
    PeerOver<asio::ssl::stream<tcp::socket&>> peer(secured);
    if (peer.accept()) script(peer);
  }
};

WebsocketServer::WebsocketServer(Script script, const std::optional<Certificates::Pair>& tls)
    : impl_(std::make_unique<Impl>()) {
  impl_->script = std::move(script);
  if (tls) {
    impl_->tls.emplace(asio::ssl::context::tls_server);
    impl_->tls->use_certificate_chain_file(tls->certificate);
    impl_->tls->use_private_key_file(tls->key, asio::ssl::context::pem);
  }
  impl_->acceptor_thread = std::thread([impl = impl_.get()] { impl->accept_all(); });
}

WebsocketServer::~WebsocketServer() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
    for (const int handle : impl_->open) ::shutdown(handle, SHUT_RDWR);
  }
  ::shutdown(impl_->acceptor.native_handle(), SHUT_RDWR);  // ends its accept
  impl_->acceptor_thread.join();
  for (std::thread& script : impl_->scripts) script.join();
}

std::uint16_t WebsocketServer::port() const { return impl_->port; }

std::string WebsocketServer::url(const std::string& path, const std::string& host) const {
  return (impl_->tls ? "wss://" : "ws://") + host + ":" + std::to_string(impl_->port) + path;
}

}  // namespace oddsloom
