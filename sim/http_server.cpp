#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
// g++ says that ThreadSanitizer does not see the fences in Asio; nothing here depends on them, one
// thread runs the io_context.
#pragma GCC diagnostic ignored "-Wtsan"
#endif

#include "sim/http_server.h"

#include <libdeflate.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <exception>
#include <map>
#include <sstream>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "sim/noise.h"
#include "sim/socket_session.h"

namespace oddsloom::sim {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using Code = boost::system::error_code;

constexpr std::size_t kGzipFrom = 1024;
constexpr std::size_t kMostBody = std::size_t{1} << 20U;
constexpr std::uint32_t kMostHead = 64U << 10U;
constexpr std::chrono::seconds kIdle{120};
constexpr std::chrono::milliseconds kTurn{5};
constexpr int kSlowPieces = 16;

std::string gzip(const std::string& body) {
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(6);
  std::string out(libdeflate_gzip_compress_bound(compressor, body.size()), '\0');
  out.resize(
      libdeflate_gzip_compress(compressor, body.data(), body.size(), out.data(), out.size()));
  libdeflate_free_compressor(compressor);
  return out;
}

// What all connections of one server share. Outlives them: it is destroyed after the io_context.
struct Shared {
  HttpServerConfig config;
  Handler handler;
  std::size_t connections = 0;
  std::uint64_t requests = 0;
  SocketSpeaker* speaker = nullptr;
  std::map<std::uint64_t, std::weak_ptr<SocketSession>> sockets;
  std::uint64_t last_socket = 0;

  void take_over(beast::tcp_stream stream, SocketSession::Handshake handshake) {
    const std::uint64_t id = ++last_socket;
    ++connections;
    sockets[id] = SocketSession::accept(std::move(stream), std::move(handshake),
                                        {[this, id] {
                                           speaker->opened(id);
                                           speak();
                                         },
                                         [this, id](const std::string& text) {
                                           speaker->heard(id, text);
                                           speak();
                                         },
                                         [this, id] {
                                           --connections;
                                           speaker->closed(id);
                                           sockets.erase(id);
                                         }});
  }
  void speak() {
    for (SocketOut& out : speaker->turn())
      if (const auto at = sockets.find(out.to); at != sockets.end())
        if (const auto socket = at->second.lock()) socket->send(std::move(out));
  }
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, Shared& shared)
      : stream_(std::move(socket)), timer_(stream_.get_executor()), shared_(shared) {
    ++shared_.connections;
  }
  ~Connection() { --shared_.connections; }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void read() {
    parser_.emplace();
    parser_->body_limit(kMostBody);
    parser_->header_limit(kMostHead);
    stream_.expires_after(kIdle);
    // What a pipelining client sent beyond this request stays in buffer_ for the next read.
    beast::http::async_read(stream_, buffer_, *parser_,
                            [self = shared_from_this()](Code error, std::size_t) {
                              if (!error) self->answer();
                            });
  }

 private:
  void answer() {
    auto message = parser_->release();
    const auto in_view = [](auto text) { return std::string_view(text.data(), text.size()); };
    Request request{std::string(in_view(message.method_string())),
                    std::string(in_view(message.target())), message.body()};
    if (shared_.speaker && beast::websocket::is_upgrade(message) &&
        shared_.speaker->takes(request)) {
      ++shared_.requests;
      return shared_.take_over(std::move(stream_), std::move(message));
    }
    Response response;
    try {
      response = shared_.handler(request);
    } catch (const std::exception& error) {
      log::error("simulated site failed",
                 {log::kv("target", request.target), log::kv("what", error.what())});
      response = json_response(500, "{}");
    }
    keep_alive_ = message.keep_alive() && response.delivery != Delivery::Cut;
    const bool accepts =
        contains_ignore_case_ascii(in_view(message[beast::http::field::accept_encoding]), "gzip");
    compose(response, accepts, request.method == "HEAD");
    const auto number = shared_.requests++;
    const auto wait =
        shared_.config.latency +
        Millis(static_cast<std::int64_t>(unit(hash_of({shared_.config.seed, number})) *
                                         static_cast<double>(shared_.config.jitter.count())));
    delivery_ = response.delivery;
    delivery_time_ = response.delivery_time;
    if (wait.count() == 0) return deliver();
    stream_.expires_never();
    after(wait, [this] { deliver(); });
  }

  void compose(const Response& response, bool accepts_gzip, bool head_only) {
    const bool zip = shared_.config.gzip && accepts_gzip && response.body.size() >= kGzipFrom;
    const std::string body = zip ? gzip(response.body) : response.body;
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
    const auto reason =
        beast::http::obsolete_reason(static_cast<beast::http::status>(response.status));
    head.append(reason.data(), reason.size());
    head += "\r\ncontent-type: " + response.content_type +
            "\r\ncontent-length: " + std::to_string(body.size()) +
            "\r\ncache-control: max-age=0, no-cache, no-store\r\n";
    if (zip) head += "content-encoding: gzip\r\n";
    for (const auto& [name, value] : response.headers) head += name + ": " + value + "\r\n";
    head += keep_alive_ ? "\r\n" : "connection: close\r\n\r\n";
    head_size_ = head.size();
    out_ = std::move(head);
    if (!head_only) out_ += body;
  }

  void deliver() {
    switch (delivery_) {
      case Delivery::Hang:
        return hang();
      case Delivery::Slow:
        sent_ = 0;
        return send_piece();
      case Delivery::Cut:
        out_.resize(head_size_ + (out_.size() - head_size_) / 2);
        break;
      case Delivery::Whole:
        break;
    }
    stream_.expires_after(kIdle);
    asio::async_write(stream_, asio::buffer(out_),
                      [self = shared_from_this()](Code error, std::size_t) {
                        if (!error) self->finish();
                      });
  }

  void finish() {
    if (keep_alive_) return read();
    Code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
    stream_.close();
  }

  // Holds the request until the time is over or the client has gone.
  void hang() {
    stream_.expires_never();
    after(delivery_time_, [this] { stream_.close(); });
    stream_.socket().async_wait(tcp::socket::wait_read, [self = shared_from_this()](Code error) {
      if (error) return;
      self->timer_.cancel();
      self->stream_.close();
    });
  }

  void send_piece() {
    // The head goes out at once, so that the client knows what it is waiting for.
    const std::size_t body = out_.size() - head_size_;
    const std::size_t piece = std::max<std::size_t>(1, body / kSlowPieces);
    const std::size_t size = sent_ == 0 ? head_size_ : std::min(piece, out_.size() - sent_);
    stream_.expires_after(kIdle);
    asio::async_write(stream_, asio::buffer(out_.data() + sent_, size),
                      [self = shared_from_this(), size](Code error, std::size_t) {
                        if (error) return;
                        self->sent_ += size;
                        if (self->sent_ == self->out_.size()) return self->finish();
                        self->stream_.expires_never();
                        self->after(self->delivery_time_ / kSlowPieces,
                                    [me = self.get()] { me->send_piece(); });
                      });
  }

  template <class Next>
  void after(Millis wait, Next next) {
    timer_.expires_after(wait);
    timer_.async_wait([self = shared_from_this(), next](Code error) {
      if (!error) next();
    });
  }

  beast::tcp_stream stream_;
  asio::steady_timer timer_;
  Shared& shared_;
  beast::flat_buffer buffer_;
  std::optional<beast::http::request_parser<beast::http::string_body>> parser_;
  bool keep_alive_ = true;
  Delivery delivery_ = Delivery::Whole;
  Millis delivery_time_{0};
  std::string out_;            // head and body of the answer under way
  std::size_t head_size_ = 0;  // of out_
  std::size_t sent_ = 0;       // of out_, when it goes in pieces
};

}  // namespace

struct HttpServer::Impl {
  Shared shared;  // before io: connections in io's queue refer to it
  asio::io_context io{1};
  asio::steady_timer turns{io};
  tcp::acceptor acceptor{io};
  std::uint16_t port = 0;
  std::thread thread;

  void take_turns() {
    turns.expires_after(kTurn);
    turns.async_wait([this](Code error) {
      if (error) return;
      if (!shared.sockets.empty()) shared.speak();
      take_turns();
    });
  }

  void accept() {
    acceptor.async_accept([this](Code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error && shared.connections < shared.config.max_connections) {
        Code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        std::make_shared<Connection>(std::move(socket), shared)->read();
      }
      accept();
    });
  }
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerConfig config, Handler handler,
                                                      SocketSpeaker* speaker) {
  auto impl = std::make_unique<Impl>();
  impl->shared.config = config;
  impl->shared.handler = std::move(handler);
  impl->shared.speaker = speaker;
  Code error;
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), config.port);
  impl->acceptor.open(endpoint.protocol(), error);
  if (!error) impl->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) impl->acceptor.bind(endpoint, error);
  if (!error) impl->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return fail(ErrorKind::Unavailable, "127.0.0.1:" + std::to_string(config.port),
                error.message());
  impl->port = impl->acceptor.local_endpoint().port();
  impl->accept();
  if (speaker) impl->take_turns();
  impl->thread = std::thread([io = &impl->io] { io->run(); });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::~HttpServer() {
  impl_->io.stop();
  impl_->thread.join();
}

std::uint16_t HttpServer::port() const { return impl_->port; }

}  // namespace oddsloom::sim
