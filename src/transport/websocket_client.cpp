#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
// g++ says that ThreadSanitizer does not see the fences in Asio; nothing here depends on them, one
// thread runs the io_context.
#pragma GCC diagnostic ignored "-Wtsan"
#endif

#include "transport/websocket_client.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <optional>

#include "transport/websocket_address.h"
#include "transport/websocket_socket.h"
#include "transport/websocket_tunnel.h"

namespace oddsloom {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
using Code = boost::system::error_code;

constexpr std::size_t kMostEventsAtOnce = 512;
constexpr std::size_t kMostBody = 16U << 10U;
// Tunnels are made seldom and are waited for by a look now and then, so that libcurl's sockets need
// no place in this loop.
constexpr Millis kTunnelTurn{10};
constexpr Millis kLongestPoll{3'600'000};

bool is_v6(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  return ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
         address.ss_family == AF_INET6;
}

// What is needed to open one connection, judged already.
struct Plan {
  WebsocketConfig config;
  WebsocketAddress address;
  std::vector<std::pair<std::string, std::string>> headers;
};

// What was heard and not yet told. Bounded: poll() stops reading when there is enough of it.
struct Heard {
  const Clock& clock;
  std::vector<WebsocketEvent> events;
  std::size_t bytes = 0;

  void add(WebsocketEvent event) {
    event.at = clock();
    bytes += event.text.size();
    events.push_back(std::move(event));
  }
};

class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  // `tls` null: in the clear.
  Connection(asio::io_context& io, Plan plan, Heard& heard, asio::ssl::context* tls)
      : plan_(std::move(plan)),
        heard_(heard),
        resolver_(io),
        deadline_(io),
        next_turn_(io),
        ws_(io, tls) {}

  void begin() {
    deadline_.expires_after(plan_.config.connect_timeout);
    deadline_.async_wait([self = shared_from_this()](Code error) {
      if (error || self->open) return;
      self->end(WebsocketEnd::TimedOut,
                fmt::format("not open after {}", to_text(self->plan_.config.connect_timeout)));
    });
    if (!plan_.config.proxy.empty()) {
      tunnel_ = std::make_unique<WebsocketTunnel>(plan_.config.proxy, plan_.address);
      return dig();
    }
    const std::string& host = plan_.address.host;
    const std::string& port = plan_.address.port;
    Code not_a_number;
    const auto number = asio::ip::make_address(host, not_a_number);
    if (!not_a_number) {
      const auto port_number = static_cast<std::uint16_t>(std::stoul(port));
      return connect(tcp::resolver::results_type::create({number, port_number}, host, port));
    }
    resolver_.async_resolve(host, port, [self = shared_from_this()](Code error, auto results) {
      if (self->over_) return;
      if (error) return self->end(WebsocketEnd::ResolveFailed, error);
      self->connect(results);
    });
  }

  void send(std::string text) {
    ++waiting_messages;
    waiting_bytes += text.size();
    outgoing_.push_back(std::move(text));
    if (outgoing_.size() == 1) write();
  }

  void close() {
    if (over_ || closing_) return;
    if (!open) return end(WebsocketEnd::Asked, "closed before it was open");
    closing_ = true;
    open = false;
    deadline_.expires_after(plan_.config.close_timeout);
    deadline_.async_wait([self = shared_from_this()](Code error) {
      if (!error) self->end(WebsocketEnd::Asked, "closed; the other side did not answer");
    });
    ws_.async_close(websocket::close_code::normal, [self = shared_from_this()](Code) {
      self->end(WebsocketEnd::Asked, "closed");
    });
  }

  const WebsocketConfig& config() const { return plan_.config; }

  // At once; nothing is told any more.
  void cut() {
    over_ = true;
    stop();
  }

  bool open = false;
  std::size_t waiting_messages = 0;
  std::size_t waiting_bytes = 0;

 private:
  void connect(const tcp::resolver::results_type& results) {
    asio::async_connect(tcp_socket(), results,
                        [self = shared_from_this()](Code error, const tcp::endpoint&) {
                          if (self->over_) return;
                          if (error) return self->end(WebsocketEnd::ConnectFailed, error);
                          self->connected();
                        });
  }

  void dig() {
    auto made = tunnel_->turn();
    if (!made) {
      next_turn_.expires_after(kTunnelTurn);
      next_turn_.async_wait([self = shared_from_this()](Code error) {
        if (!error && !self->over_) self->dig();
      });
      return;
    }
    tunnel_.reset();
    if (!*made) return end(WebsocketEnd::ProxyFailed, made->error().message);
    Code error;
    const bool v6 = is_v6(**made);
    tcp_socket().assign(v6 ? tcp::v6() : tcp::v4(), **made, error);
    if (error) {
      ::close(**made);
      return end(WebsocketEnd::ProxyFailed, error);
    }
    connected();
  }

  void connected() {
    Code ignored;
    tcp_socket().set_option(tcp::no_delay(true), ignored);
    secure();
  }

  void secure() {
    if (WebsocketSocket::Tls* const secured = ws_.next_layer().tls()) {
      WebsocketSocket::Tls& tls = *secured;
      const std::string& host = plan_.address.host;
      Code not_a_number;
      asio::ip::make_address(host, not_a_number);
      if (not_a_number) SSL_set_tlsext_host_name(tls.native_handle(), host.c_str());
      tls.set_verify_mode(asio::ssl::verify_peer);
      tls.set_verify_callback(asio::ssl::host_name_verification(host));
      tls.async_handshake(asio::ssl::stream_base::client, [self = shared_from_this()](Code error) {
        if (self->over_) return;
        if (!error) return self->shake_hands();
        const long verdict = SSL_get_verify_result(self->ws_.next_layer().tls()->native_handle());
        if (verdict != X509_V_OK)
          return self->end(WebsocketEnd::TlsFailed,
                           fmt::format("certificate: {}", X509_verify_cert_error_string(verdict)));
        self->end(WebsocketEnd::TlsFailed, error);
      });
    } else {
      shake_hands();
    }
  }

  void shake_hands() {
    websocket::stream_base::timeout limits{};
    limits.handshake_timeout = plan_.config.connect_timeout;
    limits.idle_timeout = plan_.config.idle_timeout;
    limits.keep_alive_pings = true;
    ws_.set_option(limits);
    ws_.set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
      for (const auto& [name, value] : plan_.headers) request.set(name, value);
    }));
    ws_.read_message_max(plan_.config.most_message_bytes);
    ws_.auto_fragment(false);
    ws_.async_handshake(answer_, plan_.address.host_header, plan_.address.target,
                        [self = shared_from_this()](Code error) {
                          if (!self->over_) self->shook_hands(error);
                        });
  }

  void shook_hands(Code error) {
    if (error == websocket::error::upgrade_declined) {
      WebsocketEvent refused;
      refused.status = static_cast<int>(answer_.result_int());
      refused.body = answer_.body().substr(0, kMostBody);
      refused.message = fmt::format("the handshake was answered with {}", refused.status);
      return end(WebsocketEnd::Refused, std::move(refused));
    }
    if (error)
      return end(error.category() == Code(websocket::error::closed).category()
                     ? WebsocketEnd::BrokenFrames
                     : WebsocketEnd::Lost,
                 error);
    deadline_.cancel();
    open = true;
    WebsocketEvent opened;
    opened.kind = WebsocketEvent::Kind::Opened;
    heard_.add(std::move(opened));
    read();
  }

  void read() {
    ws_.async_read(buffer_, [self = shared_from_this()](Code error, std::size_t) {
      if (self->over_) return;
      if (error) return self->read_failed(error);
      WebsocketEvent heard;
      heard.kind = self->ws_.got_text() ? WebsocketEvent::Kind::Text : WebsocketEvent::Kind::Binary;
      heard.text = beast::buffers_to_string(self->buffer_.cdata());
      self->buffer_.consume(self->buffer_.size());
      self->heard_.add(std::move(heard));
      self->read();
    });
  }

  void read_failed(Code error) {
    if (closing_) return end(WebsocketEnd::Asked, "closed");
    if (error == websocket::error::closed) {
      WebsocketEvent closed;
      closed.close_code = ws_.reason().code == websocket::close_code::none
                              ? static_cast<std::uint16_t>(websocket::close_code::no_status)
                              : ws_.reason().code;
      const std::string_view why(ws_.reason().reason.data(), ws_.reason().reason.size());
      closed.message = fmt::format("closed by the other side with code {}{}{}", closed.close_code,
                                   why.empty() ? "" : ": ", why);
      return end(WebsocketEnd::ClosedByPeer, std::move(closed));
    }
    if (error == beast::error::timeout)
      return end(WebsocketEnd::Silent,
                 fmt::format("nothing came within {}", to_text(plan_.config.idle_timeout)));
    if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow)
      return end(WebsocketEnd::TooLarge,
                 fmt::format("a message of more than {} bytes", plan_.config.most_message_bytes));
    if (error.category() == Code(websocket::error::closed).category())
      return end(WebsocketEnd::BrokenFrames, error);
    end(WebsocketEnd::Lost, error);
  }

  void write() {
    ws_.text(true);
    ws_.async_write(asio::buffer(outgoing_.front()),
                    [self = shared_from_this()](Code error, std::size_t) {
                      // A failed write shows in the read that is always pending.
                      if (self->over_ || error) return;
                      --self->waiting_messages;
                      self->waiting_bytes -= self->outgoing_.front().size();
                      self->outgoing_.pop_front();
                      if (!self->outgoing_.empty() && self->open) self->write();
                    });
  }

  void end(WebsocketEnd why, Code error) {
    end(why, error == asio::error::eof || error == asio::ssl::error::stream_truncated
                 ? std::string("the other side hung up")
                 : error.message());
  }
  void end(WebsocketEnd why, std::string message) {
    WebsocketEvent event;
    event.message = std::move(message);
    end(why, std::move(event));
  }
  void end(WebsocketEnd why, WebsocketEvent event) {
    if (over_) return;
    over_ = true;
    open = false;
    event.kind = WebsocketEvent::Kind::Closed;
    event.end = why;
    event.message = fmt::format("{}:{}: {}", plan_.address.host, plan_.address.port, event.message);
    heard_.add(std::move(event));
    stop();
  }

  void stop() {
    open = false;
    deadline_.cancel();
    next_turn_.cancel();
    resolver_.cancel();
    Code ignored;
    tcp_socket().close(ignored);
  }

  WebsocketSocket::Tcp& tcp_socket() { return ws_.next_layer().next_layer(); }

  const Plan plan_;
  Heard& heard_;
  tcp::resolver resolver_;
  asio::steady_timer deadline_;   // of opening, later of closing
  asio::steady_timer next_turn_;  // of the tunnel
  websocket::stream<WebsocketSocket, false> ws_;
  std::unique_ptr<WebsocketTunnel> tunnel_;  // while a proxy is asked for it
  websocket::response_type answer_;
  beast::flat_buffer buffer_;
  std::deque<std::string> outgoing_;  // the first is being written
  bool closing_ = false;
  bool over_ = false;
};

Result<void> trust(asio::ssl::context& tls, const std::string& ca_file) {
  Code error;
  if (ca_file.empty())
    tls.set_default_verify_paths(error);
  else
    tls.load_verify_file(ca_file, error);
  if (error)
    return fail(ErrorKind::Invalid, ca_file,
                "cannot be read as a PEM file of certificate authorities");
  return {};
}

Result<Plan> plan_of(WebsocketConfig config) {
  auto address = parse_websocket_url(config.url);
  if (!address) return tl::unexpected(address.error());
  Plan plan{std::move(config), *std::move(address), {}};
  if (!plan.config.proxy.empty())
    if (auto usable = check_websocket_proxy(plan.config.proxy); !usable)
      return tl::unexpected(usable.error());
  for (const std::string& header : plan.config.headers) {
    auto parsed = parse_header(header);
    if (!parsed) return tl::unexpected(parsed.error());
    plan.headers.push_back(*std::move(parsed));
  }
  return plan;
}

}  // namespace

struct WebsocketClient::Impl {
  explicit Impl(Clock clock_in) : clock(std::move(clock_in)) {}

  const Clock clock;
  Heard heard{clock, {}, 0};
  std::atomic<bool> wake_posted = false;
  bool woken = false;
  // Made anew for each connection: the authorities are the configuration's. Outlives io, whose
  // destructor drops connections still in its queues.
  std::unique_ptr<asio::ssl::context> tls;
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::shared_ptr<Connection> connection;
  std::size_t most_bytes_at_once = 0;
};

WebsocketClient::WebsocketClient(Clock clock) : impl_(std::make_unique<Impl>(std::move(clock))) {}

WebsocketClient::~WebsocketClient() {
  if (impl_->connection) impl_->connection->cut();
}

Result<void> check_websocket(const WebsocketConfig& config) {
  auto planned = plan_of(config);
  return planned ? Result<void>{} : tl::unexpected(planned.error());
}

Result<void> WebsocketClient::start(WebsocketConfig config) {
  if (impl_->connection)
    return fail(ErrorKind::Conflict, "websocket", "there is a connection already");
  auto planned = plan_of(std::move(config));
  if (!planned) return tl::unexpected(planned.error());
  Plan& plan = *planned;
  impl_->most_bytes_at_once = plan.config.most_message_bytes;
  impl_->tls = nullptr;
  if (plan.address.tls) {
    auto tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
    if (auto trusted = trust(*tls, plan.config.ca_file); !trusted) return trusted;
    SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
    impl_->tls = std::move(tls);
  }
  impl_->connection =
      std::make_shared<Connection>(impl_->io, std::move(plan), impl_->heard, impl_->tls.get());
  impl_->connection->begin();
  return {};
}

Result<void> WebsocketClient::send(std::string text) {
  if (!impl_->connection || !impl_->connection->open)
    return fail(ErrorKind::Unavailable, "websocket", "is not open");
  const WebsocketConfig& limits = impl_->connection->config();
  if (impl_->connection->waiting_messages >= limits.most_waiting_messages ||
      impl_->connection->waiting_bytes + text.size() > limits.most_waiting_bytes)
    return fail(ErrorKind::Busy, "websocket",
                fmt::format("{} messages wait already", impl_->connection->waiting_messages));
  impl_->connection->send(std::move(text));
  return {};
}

std::vector<WebsocketEvent> WebsocketClient::poll(Millis wait) {
  Impl& self = *impl_;
  const auto until = std::chrono::steady_clock::now() + std::min(wait, kLongestPoll);
  while (self.heard.events.empty() && !self.woken) {
    const auto left = until - std::chrono::steady_clock::now();
    if (left <= left.zero() || self.io.run_one_for(left) == 0) break;
  }
  while (self.heard.events.size() < kMostEventsAtOnce &&
         self.heard.bytes <= self.most_bytes_at_once && self.io.poll_one() != 0) {
  }
  self.woken = false;
  self.heard.bytes = 0;
  auto events = std::exchange(self.heard.events, {});
  if (!events.empty() && events.back().kind == WebsocketEvent::Kind::Closed)
    self.connection.reset();
  return events;
}

void WebsocketClient::close() {
  if (impl_->connection) impl_->connection->close();
}

bool WebsocketClient::active() const { return impl_->connection != nullptr; }

void WebsocketClient::wake() {
  if (impl_->wake_posted.exchange(true)) return;
  asio::post(impl_->io, [impl = impl_.get()] {
    impl->wake_posted = false;
    impl->woken = true;
  });
}

}  // namespace oddsloom
