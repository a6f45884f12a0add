#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
// g++ says that ThreadSanitizer does not see the fences in Asio; nothing here depends on them, one
// thread runs the io_context.
#pragma GCC diagnostic ignored "-Wtsan"
#endif

#include "serve/http_session.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "serve/http_answer.h"
#include "serve/http_dispatch.h"
#include "serve/http_error.h"

namespace oddsloom {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Code = boost::system::error_code;

constexpr std::size_t kPiece = 4096;
constexpr Millis kLinger{2'000};
constexpr std::size_t kMostLingering = 1U << 20U;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

class HttpSession : public ClientConnection, public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(ServerState& state, std::string client, std::unique_ptr<SocketStream> stream)
      : ClientConnection(state, std::move(client)), stream_(std::move(stream)) {}

  void begin() {
    enter(Doing::Reading);
    if (!stream_->has_tls()) return read();
    enter(Doing::Handshake);
    stream_->handshake([self = shared_from_this()](Code error) {
      if (error) {
        self->state_.metrics.reject(Rejection::Handshake);
        return self->close();
      }
      self->enter(Doing::Reading);
      self->read();
    });
  }

  std::shared_ptr<ClientConnection> self() override { return shared_from_this(); }

  void look(SteadyTime now) override {
    const auto& config = state_.config;
    const auto took = now - since_;
    switch (doing_) {
      case Doing::Handshake:
        if (took > config.head_time) close();
        break;
      case Doing::Reading:
        if (took <= config.head_time) break;
        if (!heard_) return close();
        answer(refuse(state_, Rejection::Timeout, 408, "REQUEST_TIMEOUT",
                      "The request did not arrive whole in time"));
        break;
      case Doing::Idle:
        if (took > config.idle_time) close();
        break;
      case Doing::Writing:
        if (slow_.is_too_slow(now, config.slow_after, unsent_)) {
          state_.metrics.dropped_slow.add();
          close();
        }
        break;
      case Doing::Waiting:
        if (took > config.later_time)
          finish_later(error_response(503, "UNAVAILABLE", "The answer took too long; ask again"));
        break;
      case Doing::Lingering:
        if (took > kLinger) close();
        break;
      case Doing::Gone:
        break;
    }
  }

  void drain() override {
    // A request that has begun to arrive may still come, and is answered.
    if (doing_ == Doing::Idle || doing_ == Doing::Handshake ||
        (doing_ == Doing::Reading && !heard_))
      close();
  }

  void close() override {
    doing_ = Doing::Gone;
    if (stream_) stream_->close();
  }

 private:
  enum class Doing { Handshake, Reading, Idle, Waiting, Writing, Lingering, Gone };
  using Parser = http::request_parser<http::string_body>;

  void enter(Doing what) {
    doing_ = what;
    since_ = steady_now();
  }

  void read() {
    reading_ = true;
    stream_->read_some(in_.prepare(kPiece), [self = shared_from_this()](Code error, std::size_t n) {
      self->reading_ = false;
      if (error || self->doing_ == Doing::Gone) return self->close();
      self->in_.commit(n);
      // What comes behind the last answer is only waited for, so that it is not reset on its way.
      if (self->doing_ == Doing::Lingering) return self->discard(n);
      if (self->doing_ == Doing::Writing || self->doing_ == Doing::Waiting) return;
      if (self->doing_ == Doing::Idle) self->enter(Doing::Reading);
      self->parse();
    });
  }

  void discard(std::size_t n) {
    in_.clear();
    lingered_ += n;
    if (lingered_ > kMostLingering) return close();
    read();
  }

  // The next request out of what has arrived; answers it, or reads on.
  void parse() {
    while (in_.size() > 0) {
      if (!parser_) {
        // RFC 9112 section 2.2: an empty line ahead of a request is passed over.
        const char first = *static_cast<const char*>(in_.data().data());
        if (first == '\r' || first == '\n') {
          in_.consume(1);
          continue;
        }
        heard_ = true;
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(state_.config.most_head));
        parser_->body_limit(state_.config.most_body);
      }
      Code error;
      in_.consume(parser_->put(in_.data(), error));
      if (!view(parser_->get().target()).empty() &&
          parser_->get().target().size() > state_.config.most_target)
        return answer(too_long_target());
      if (error == http::error::need_more) {
        // Also a chunk's extension, for which Beast knows no bound.
        if (in_.size() > state_.config.most_head)
          return answer(refusal(parser_->is_header_done() ? http::error::body_limit
                                                          : http::error::header_limit));
        break;
      }
      if (error) return answer(refusal(error));
      if (parser_->is_done() || (parser_->is_header_done() && !is_read_method()))
        return answer_request();
    }
    read();
  }

  bool is_read_method() const {
    return parser_->get().method() == http::verb::get ||
           parser_->get().method() == http::verb::head;
  }

  Dispatched too_long_target() {
    return refuse(state_, Rejection::TooLarge, 414, "URI_TOO_LONG",
                  "The request target is longer than is read");
  }

  Dispatched refusal(Code error) {
    if (error == http::error::header_limit)
      return parser_->get().target().empty()
                 ? too_long_target()
                 : refuse(state_, Rejection::TooLarge, 431, "HEADERS_TOO_LARGE",
                          "The headers are longer than is read");
    if (error == http::error::body_limit) {
      if (!is_read_method()) return dispatch(state_, client_, parser_->get());
      return refuse(state_, Rejection::TooLarge, 413, "CONTENT_TOO_LARGE",
                    "The request's body is larger than is read");
    }
    return refuse(state_, Rejection::BadRequest, 400, "BAD_REQUEST", "This is no HTTP/1.1 request");
  }

  void answer_request() {
    const auto& head = parser_->get();
    wishes_.keep_alive = head.keep_alive() && !state_.draining;
    wishes_.head_only = head.method() == http::verb::head;
    wishes_.http10 = head.version() < 11;
    wishes_.gzip = accepts_gzip(view(head[http::field::accept_encoding]));
    wishes_.if_none_match = view(head[http::field::if_none_match]);
    begun_ = steady_now();
    Dispatched done = dispatch(state_, client_, head);
    if (done.subscriber) return hand_over(std::move(done));
    if (done.later) return wait_for(std::move(done));
    answer_dispatched(std::move(done));
  }

  // The answer is made on another thread; this request's place in the order is kept.
  void wait_for(Dispatched begun) {
    finish_ = std::move(begun.finish);
    const std::uint64_t waited_for = ++waits_;
    enter(Doing::Waiting);
    const bool taken = state_.config.run_later(
        std::move(begun.later), [self = shared_from_this(), waited_for](WebResponse response) {
          if (self->doing_ == Doing::Waiting && self->waits_ == waited_for)
            self->finish_later(std::move(response));
        });
    if (!taken)
      finish_later(error_response(503, "UNAVAILABLE", "Too many such requests wait; ask again"));
  }

  void finish_later(WebResponse response) {
    answer_dispatched(std::exchange(finish_, {})(std::move(response)));
  }

  void answer_dispatched(Dispatched done) {
    // Behind a body that was not read nothing can be found.
    if (!parser_->is_done()) done.last = true;
    answer(std::move(done));
  }

  void answer(Dispatched done) {
    if (done.last) wishes_.keep_alive = false;
    WireAnswer wire = compose_answer(done.response, wishes_, done.more, now_utc(), state_.gzip);
    head_ = std::move(wire.head);
    body_ = std::move(wire.body);
    status_ = wire.status;
    path_ = std::move(done.path);
    key_name_ = std::move(done.key_name);
    buffers_.assign({asio::buffer(head_)});
    if (body_) buffers_.push_back(asio::buffer(*body_));
    unsent_ = size_ = asio::buffer_size(buffers_);
    enter(Doing::Writing);
    slow_.begin(since_);
    write();
  }

  void write() {
    stream_->write_some(buffers_, [self = shared_from_this()](Code error, std::size_t n) {
      self->written(error, n);
    });
  }

  void written(Code error, std::size_t n) {
    if (error || doing_ == Doing::Gone) return close();
    state_.metrics.bytes_sent.add(n);
    slow_.moved(n);
    unsent_ -= n;
    if (unsent_ > 0) {
      while (n >= buffers_.front().size()) {
        n -= buffers_.front().size();
        buffers_.erase(buffers_.begin());
      }
      buffers_.front() += n;
      return write();
    }
    count();
    body_ = nullptr;
    parser_.reset();
    heard_ = false;
    if (!wishes_.keep_alive || state_.draining) return linger();
    wishes_ = {};
    enter(in_.size() > 0 ? Doing::Reading : Doing::Idle);
    if (in_.size() == 0) in_.shrink_to_fit();
    if (!reading_) parse();
  }

  void count() {
    // What is refused without having been read took no time.
    const auto took = begun_ == SteadyTime{}
                          ? Micros(0)
                          : std::chrono::duration_cast<Micros>(steady_now() - begun_);
    state_.metrics.responses[static_cast<std::size_t>(status_ / 100)].add();
    if (begun_ != SteadyTime{}) state_.metrics.latency.add(took);
    if (state_.config.access_log)
      log::info("request",
                {log::kv("client", client_), log::kv("path", path_.empty() ? "-" : path_),
                 log::kv("status", status_), log::kv("bytes", size_), log::kv("us", took.count()),
                 log::kv("key", key_name_.empty() ? "-" : key_name_)});
    begun_ = {};
  }

  void linger() {
    enter(Doing::Lingering);
    stream_->end_sending(shared_from_this());
    in_.clear();
    if (!reading_) read();
  }

  void hand_over(Dispatched done) {
    SubscriberStart start;
    start.transport = done.transport;
    start.head = done.transport == Transport::WebSocket
                     ? websocket_head(done.websocket_key, done.more, now_utc())
                     : event_stream_head(done.more, now_utc());
    start.head_only = wishes_.head_only;
    start.received = std::string(static_cast<const char*>(in_.data().data()), in_.size());
    start.subscriber = std::move(done.subscriber);
    start.wake = std::move(done.wake);
    start.stream = std::move(stream_);
    status_ = done.transport == Transport::WebSocket ? 101 : 200;
    size_ = start.head.size();
    path_ = std::move(done.path);
    key_name_ = std::move(done.key_name);
    count();
    doing_ = Doing::Gone;
    serve_subscriber(state_, std::exchange(client_, ""), std::move(start));
  }

  std::unique_ptr<SocketStream> stream_;
  Doing doing_ = Doing::Reading;
  SteadyTime since_{}, begun_{};
  bool heard_ = false;    // of the request that is next
  bool reading_ = false;  // from the socket
  boost::beast::flat_buffer in_;
  std::optional<Parser> parser_;
  std::size_t lingered_ = 0;

  std::function<Dispatched(WebResponse)> finish_;  // while Waiting
  std::uint64_t waits_ = 0;                        // tells a late answer from the one waited for
  AnswerWishes wishes_;
  std::string head_;
  SharedText body_;
  int status_ = 0;
  std::string path_, key_name_;
  std::vector<asio::const_buffer> buffers_;
  std::size_t unsent_ = 0, size_ = 0;
  SlowWatch slow_;
};

}  // namespace

void serve_http(ServerState& state, std::string client, std::unique_ptr<SocketStream> stream) {
  std::make_shared<HttpSession>(state, std::move(client), std::move(stream))->begin();
}

}  // namespace oddsloom
