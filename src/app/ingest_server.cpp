#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
// g++ says that ThreadSanitizer does not see the fences in Asio; nothing here depends on them, one
// thread runs the io_context.
#pragma GCC diagnostic ignored "-Wtsan"
#endif

#include "app/ingest_server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>

#include "base/text.h"

namespace oddsloom {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using Code = boost::system::error_code;

constexpr std::chrono::seconds kIdle{60};
constexpr std::uint32_t kMostHead = 64U << 10U;
constexpr std::size_t kMostConnections = 64;
constexpr Millis kTurn{20};

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

std::string error_json(std::string_view message) {
  return R"({"error":")" + std::string(message) + R"("})";
}

// An address or localhost: a name that somebody else's DNS leads here is none.
bool is_plain_host(std::string_view host) {
  if (host.starts_with('[')) return true;
  host = host.substr(0, host.rfind(':'));
  Code error;
  (void)asio::ip::make_address(std::string(host), error);
  return !error || equals_ignore_case_ascii(host, "localhost");
}

struct Shared {
  std::size_t most_body = 0;
  IngestServer::Handler handler;
  std::size_t connections = 0;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, Shared& shared) : stream_(std::move(socket)), shared_(shared) {
    ++shared_.connections;
  }
  ~Connection() { --shared_.connections; }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void read() {
    parser_.emplace();
    parser_->body_limit(shared_.most_body);
    parser_->header_limit(kMostHead);
    stream_.expires_after(kIdle);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](Code error, std::size_t) {
                       if (error == http::error::body_limit)
                         self->write({413, error_json("the body is too large")}, false);
                       else if (!error)
                         self->answer();
                     });
  }

 private:
  void answer() {
    auto request = parser_->release();
    const bool keep = request.keep_alive();
    const std::string_view origin = view(request[http::field::origin]);
    const bool page =
        origin.starts_with("http://") || origin.starts_with("https://") || origin == "null";
    if (page || !is_plain_host(view(request[http::field::host])))
      return write({403, error_json("not for web pages")}, false);
    if (request.method() != http::verb::post)
      return write({405, error_json("POST lines of JSON or a HAR file")}, keep);
    write(shared_.handler(std::move(request.body())), keep);
  }

  void write(IngestAnswer answer, bool keep_alive) {
    response_.emplace();
    response_->result(static_cast<unsigned>(answer.status));
    response_->set(http::field::content_type, "application/json");
    response_->body() = std::move(answer.body);
    response_->keep_alive(keep_alive);
    response_->prepare_payload();
    stream_.expires_after(kIdle);
    http::async_write(stream_, *response_,
                      [self = shared_from_this(), keep_alive](Code error, std::size_t) {
                        if (error) return;
                        if (keep_alive) return self->read();
                        Code ignored;
                        self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
                      });
  }

  beast::tcp_stream stream_;
  Shared& shared_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::string_body>> response_;
};

}  // namespace

struct IngestServer::Impl {
  Shared shared;  // before io: connections in its queue refer to it
  asio::io_context io{1};
  tcp::acceptor acceptor{io};

  void accept() {
    acceptor.async_accept([this](Code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error && shared.connections < kMostConnections)
        std::make_shared<Connection>(std::move(socket), shared)->read();
      accept();
    });
  }
};

IngestServer::IngestServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
IngestServer::~IngestServer() = default;

Result<std::unique_ptr<IngestServer>> IngestServer::start(const std::string& address,
                                                          std::size_t most_body, Handler handler) {
  const std::size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  Code error;
  const auto ip = asio::ip::make_address(host, error);
  const std::int64_t port =
      colon == std::string::npos ? -1 : parse_int(address.substr(colon + 1)).value_or(-1);
  if (error || port < 0 || port > 65'535)
    return fail(ErrorKind::Invalid, address, "expected an address and a port, 127.0.0.1:8098");
  auto impl = std::make_unique<Impl>();
  impl->shared.most_body = most_body;
  impl->shared.handler = std::move(handler);
  const tcp::endpoint endpoint(ip, static_cast<std::uint16_t>(port));
  impl->acceptor.open(endpoint.protocol(), error);
  if (!error) impl->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) impl->acceptor.bind(endpoint, error);
  if (!error) impl->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return fail(ErrorKind::Unavailable, address, error.message());
  impl->accept();
  return std::unique_ptr<IngestServer>(new IngestServer(std::move(impl)));
}

std::string IngestServer::url() const {
  const auto endpoint = impl_->acceptor.local_endpoint();
  const std::string host = endpoint.address().to_string();
  return "http://" + (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" +
         std::to_string(endpoint.port());
}

Result<void> IngestServer::run(const std::stop_token& stop,
                               const std::function<Result<void>()>& between) {
  while (!stop.stop_requested()) {
    impl_->io.run_for(kTurn);
    if (auto done = between(); !done) return done;
  }
  return {};
}

}  // namespace oddsloom
