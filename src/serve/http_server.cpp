#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
// g++ says that ThreadSanitizer does not see the fences in Asio; nothing here depends on them, one
// thread runs the io_context.
#pragma GCC diagnostic ignored "-Wtsan"
#endif

#include "serve/http_server.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <optional>

#include "serve/http_answer.h"
#include "serve/http_error.h"
#include "serve/http_session.h"
#include "serve/key_gate.h"
#include "serve/listen_address.h"
#include "serve/server_state.h"
#include "serve/tls_files.h"

namespace oddsloom {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Code = boost::system::error_code;

constexpr Millis kLookEvery{100};
constexpr Millis kLookAtFilesEvery{1'000};
constexpr Millis kPauseWithoutDescriptors{100};

struct Repeated {
  asio::steady_timer timer;
  Millis span;
  std::function<void()> job;
};

// Answers whoever cannot be taken in, as far as that goes without waiting.
void turn_away(tcp::socket socket, int status, std::string_view code, std::string_view message) {
  WebResponse response = error_response(status, code, message);
  response.headers.emplace_back("Retry-After", "10");
  AnswerWishes wishes;
  wishes.keep_alive = false;
  GzipCache none;
  const WireAnswer answer = compose_answer(response, wishes, {}, now_utc(), none);
  const std::string text = answer.head + *answer.body;
  (void)send(socket.native_handle(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace

struct HttpServer::Impl {
  Impl(HttpServerConfig config, HttpHandler handler, ServeMetrics& metrics, KeyGate* keys)
      : state(std::move(config), std::move(handler), metrics, keys) {}

  // Before io: connections in its queue refer to it.
  ServerState state;
  asio::io_context io{1};
  std::optional<TlsFiles> tls;
  std::deque<tcp::acceptor> acceptors;
  std::vector<std::string> urls;
  std::deque<Repeated> repeated;
  asio::steady_timer grace{io};

  Result<void> listen(const std::string& address);
  void accept(tcp::acceptor& acceptor);
  void take_in(tcp::socket socket);
  void repeat(Repeated& what);
  void look();
  void look_at_files();
  void drain();
  void end();
};

Result<void> HttpServer::Impl::listen(const std::string& address) {
  const auto endpoint = parse_listen_address(address);
  if (!endpoint) return tl::unexpected(endpoint.error());
  tcp::acceptor& acceptor = acceptors.emplace_back(io);
  Code error;
  acceptor.open(endpoint->protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  // So that [::] and 0.0.0.0 can stand side by side.
  if (!error && endpoint->address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(*endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return fail(ErrorKind::Unavailable, address, error.message());
  urls.push_back(
      fmt::format("{}://{}", tls ? "https" : "http", to_text(acceptor.local_endpoint())));
  return {};
}

void HttpServer::Impl::accept(tcp::acceptor& acceptor) {
  acceptor.async_accept([this, &acceptor](Code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted || state.draining) return;
    if (!error) {
      take_in(std::move(socket));
      return accept(acceptor);
    }
    // No descriptors, most likely: they do not come back by asking at once.
    if (const auto seen = state.failures.pass())
      log::error("accept_failed", {log::kv("why", error.message()), log::kv("seen", *seen)});
    auto pause = std::make_shared<asio::steady_timer>(io, kPauseWithoutDescriptors);
    pause->async_wait([this, &acceptor, pause](Code) {
      if (!state.draining) accept(acceptor);
    });
  });
}

void HttpServer::Impl::take_in(tcp::socket socket) {
  Code error;
  const auto peer = socket.remote_endpoint(error);
  if (error) return;  // gone already
  state.metrics.connections.add();
  std::string client = peer.address().to_string();
  if (state.open.size() >= state.config.most_connections) {
    state.metrics.reject(Rejection::Connections);
    if (!tls) turn_away(std::move(socket), 503, "UNAVAILABLE", "Too many connections");
    return;
  }
  if (!state.limits.enter(client)) {
    state.metrics.reject(Rejection::ClientConnections);
    if (!tls)
      turn_away(std::move(socket), 429, "EXCEEDED_FREQ_LIMIT",
                "Too many connections of this address");
    return;
  }
  serve_http(state, std::move(client),
             std::make_unique<SocketStream>(std::move(socket), tls ? tls->context() : nullptr));
}

void HttpServer::Impl::repeat(Repeated& what) {
  // By the clock, not by when the last one was done, unless that is over already.
  const auto next = what.timer.expiry() + what.span;
  what.timer.expires_at(std::max(next, steady_now()));
  what.timer.async_wait([this, &what](Code error) {
    if (error) return;
    what.job();
    repeat(what);
  });
}

void HttpServer::Impl::look() {
  const SteadyTime now = steady_now();
  // Looking may end connections, and with them their places in the set.
  std::vector<std::shared_ptr<ClientConnection>> all;
  all.reserve(state.open.size());
  for (ClientConnection* one : state.open) all.push_back(one->self());
  for (const auto& one : all) one->look(now);
  if (state.draining && state.open.empty()) end();
}

void HttpServer::Impl::look_at_files() {
  if (tls) tls->look();
  if (state.keys) state.keys->look();
  state.limits.sweep(steady_now());
}

void HttpServer::Impl::drain() {
  if (state.draining) return;
  state.draining = true;
  for (tcp::acceptor& acceptor : acceptors) {
    Code ignored;
    acceptor.close(ignored);
  }
  std::vector<std::shared_ptr<ClientConnection>> all;
  for (ClientConnection* one : state.open) all.push_back(one->self());
  for (const auto& one : all) one->drain();
  grace.expires_after(state.config.stop_grace);
  grace.async_wait([this](Code error) {
    if (!error) end();
  });
}

void HttpServer::Impl::end() {
  for (ClientConnection* one : state.open) one->close();
  io.stop();
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerConfig config, HttpHandler handler,
                                                      ServeMetrics& metrics, KeyGate* keys) {
  auto impl = std::make_unique<Impl>(std::move(config), std::move(handler), metrics, keys);
  const HttpServerConfig& set = impl->state.config;
  if (set.listen.empty()) return fail(ErrorKind::Invalid, "serve.listen", "names no address");
  if (set.tls_certificate.empty() != set.tls_key.empty())
    return fail(ErrorKind::Invalid, "serve.tls_key", "a certificate and its key belong together");
  if (!set.tls_certificate.empty()) {
    auto files = TlsFiles::load(set.tls_certificate, set.tls_key, metrics);
    if (!files) return tl::unexpected(files.error());
    impl->tls = *std::move(files);
  }
  for (const std::string& address : set.listen)
    if (auto done = impl->listen(address); !done) return tl::unexpected(done.error());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

std::vector<std::string> HttpServer::urls() const { return impl_->urls; }

void HttpServer::post(std::function<void()> job) { asio::post(impl_->io, std::move(job)); }

void HttpServer::every(Millis span, std::function<void()> job) {
  impl_->repeated.push_back({asio::steady_timer(impl_->io), span, std::move(job)});
}

Result<void> HttpServer::run(const std::stop_token& stop) {
  every(kLookEvery, [this] { impl_->look(); });
  every(kLookAtFilesEvery, [this] { impl_->look_at_files(); });
  for (Repeated& one : impl_->repeated) impl_->repeat(one);
  for (tcp::acceptor& acceptor : impl_->acceptors) impl_->accept(acceptor);
  const std::stop_callback stopping(stop, [this] { post([this] { impl_->drain(); }); });
  impl_->io.run();
  // What was closed hears of it, so that nobody's subscriber outlives this call.
  impl_->io.restart();
  impl_->io.poll();
  return {};
}

}  // namespace oddsloom
