#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
// g++ says that ThreadSanitizer does not see the fences in Asio; nothing here depends on them, one
// thread runs the io_context.
#pragma GCC diagnostic ignored "-Wtsan"
#endif

#include "serve/subscriber_session.h"

#include <array>

#include "serve/websocket_frames.h"

namespace oddsloom {
namespace {

namespace asio = boost::asio;
using Code = boost::system::error_code;

constexpr Millis kLinger{2'000};
constexpr std::size_t kMostFromEventStream = 64 << 10;
constexpr double kMessagesPerSecond = 50;
constexpr std::uint16_t kNormal = 1000, kGoingAway = 1001, kProtocolError = 1002, kNotText = 1007,
                        kPolicy = 1008, kTooBig = 1009;

std::uint16_t close_code(ErrorKind kind) {
  if (kind == ErrorKind::OutOfRange) return kTooBig;
  return kind == ErrorKind::WrongType ? kNotText : kProtocolError;
}

class SubscriberSession : public ClientConnection,
                          public std::enable_shared_from_this<SubscriberSession> {
 public:
  SubscriberSession(ServerState& state, std::string client, SubscriberStart start)
      : ClientConnection(state, std::move(client)),
        start_(std::move(start)),
        frames_(state.config.most_message),
        heard_(steady_now()),
        said_(heard_) {
    ++state_.subscribers;
    gauge().add(1);
  }
  ~SubscriberSession() override {
    --state_.subscribers;
    gauge().add(-1);
    start_.wake->ring = nullptr;
  }

  void begin() {
    start_.wake->ring = [weak = weak_from_this()] {
      if (const auto session = weak.lock()) session->pump();
    };
    control_ = std::move(start_.head);
    if (start_.head_only) ending_ = true;
    take(std::exchange(start_.received, {}));
    pump();
    read();
  }

  std::shared_ptr<ClientConnection> self() override { return shared_from_this(); }

  void look(SteadyTime now) override {
    if (closed_) return;
    if (writing_ && slow_.is_too_slow(now, state_.config.slow_after, unsent_)) {
      state_.metrics.dropped_slow.add();
      return close();
    }
    if (lingering_) {
      if (now - lingering_since_ > kLinger) close();
      return;
    }
    const Millis ping = state_.config.ping_every;
    if (is_websocket() && now - heard_ > 3 * ping) return close();  // three pings unanswered
    if (!writing_ && now - said_ > ping) {
      if (is_websocket())
        append_frame_head(control_, FrameKind::Ping, 0);
      else
        control_ += ":\n\n";
      pump();
    }
  }

  void drain() override {
    if (is_websocket())
      say_goodbye(kGoingAway, "the server stops");
    else
      say_goodbye(0, "");
  }

  void close() override {
    closed_ = true;
    start_.stream->close();
  }

 private:
  bool is_websocket() const { return start_.transport == Transport::WebSocket; }
  Gauge& gauge() {
    return is_websocket() ? state_.metrics.websockets : state_.metrics.event_streams;
  }

  // Nothing follows. A websocket's reason is its code; an event stream just ends, and its client
  // comes again.
  void say_goodbye(std::uint16_t code, std::string_view reason) {
    if (ending_ || closed_) return;
    if (is_websocket()) control_ += close_frame(code, reason);
    ending_ = true;
    pump();
  }

  // Sends what there is unless something is being sent; called again when that has gone.
  void pump() {
    if (writing_ || closed_ || lingering_) return;
    if (pumping_) {  // the subscriber rang while it was asked
      again_ = true;
      return;
    }
    pumping_ = true;
    for (int asked = 0; asked < 2 && !ending_ && batch_.empty(); ++asked) {
      again_ = false;
      batch_ = start_.subscriber->next(now_utc());
      if (!again_) break;
    }
    pumping_ = false;
    if (batch_.empty() && !ending_)
      if (const std::string why = start_.subscriber->ended(); !why.empty()) {
        if (is_websocket()) control_ += close_frame(kNormal, why);
        ending_ = true;
      }
    if (batch_.empty() && control_.empty()) {
      if (ending_) linger();
      return;
    }
    gather();
    writing_ = true;
    slow_.begin(steady_now());
    write();
  }

  void gather() {
    sending_.swap(control_);  // what stands in it was sent
    control_.clear();
    const std::size_t control = sending_.size();
    std::vector<std::size_t> ends;  // of the frames' heads in sending_
    if (is_websocket())
      for (const auto& frame : batch_) {
        append_frame_head(sending_, FrameKind::Text, frame->size());
        ends.push_back(sending_.size());
      }
    buffers_.clear();
    unsent_ = 0;
    const auto add = [&](const char* data, std::size_t size) {
      if (size == 0) return;
      buffers_.emplace_back(data, size);
      unsent_ += size;
    };
    add(sending_.data(), control);
    std::size_t from = control;
    for (std::size_t i = 0; i < batch_.size(); ++i) {
      if (is_websocket()) {
        add(sending_.data() + from, ends[i] - from);
        from = ends[i];
      }
      add(batch_[i]->data(), batch_[i]->size());
    }
  }

  void write() {
    start_.stream->write_some(buffers_, [self = shared_from_this()](Code error, std::size_t n) {
      self->written(error, n);
    });
  }

  void written(Code error, std::size_t n) {
    if (error || closed_) return close();
    state_.metrics.bytes_sent.add(n);
    slow_.moved(n);
    unsent_ -= n;
    if (unsent_ > 0) {
      std::size_t gone = 0;
      for (; n >= buffers_[gone].size(); ++gone) n -= buffers_[gone].size();
      buffers_.erase(buffers_.begin(), buffers_.begin() + static_cast<std::ptrdiff_t>(gone));
      buffers_.front() += n;
      return write();
    }
    writing_ = false;
    said_ = steady_now();
    state_.metrics.frames.add(batch_.size());
    batch_.clear();
    sending_.clear();
    pump();
  }

  // All was said: the client has a moment to close its side.
  void linger() {
    lingering_ = true;
    lingering_since_ = steady_now();
    start_.stream->end_sending(shared_from_this());
    if (gone_) close();
  }

  void read() {
    start_.stream->read_some(asio::buffer(in_),
                             [self = shared_from_this()](Code error, std::size_t n) {
                               if (error) return self->client_gone();
                               self->heard_ = steady_now();
                               self->take({self->in_.data(), n});
                               if (!self->closed_) self->read();
                             });
  }

  void client_gone() {
    gone_ = true;
    close();
  }

  void take(std::string_view bytes) {
    if (bytes.empty() || lingering_ || heard_close_) return;
    if (!is_websocket()) {
      ignored_ += bytes.size();
      if (ignored_ > kMostFromEventStream) close();
      return;
    }
    const auto read = frames_.read(
        bytes, [this](FrameKind kind, std::string_view payload) { return heard(kind, payload); });
    if (!read) {
      heard_close_ = true;
      say_goodbye(close_code(read.error().kind), read.error().message);
    }
  }

  bool heard(FrameKind kind, std::string_view payload) {
    // Pings count too: each costs an answer.
    if (kind != FrameKind::Pong && bucket_.take(kMessagesPerSecond, steady_now()).count() > 0) {
      heard_close_ = true;
      say_goodbye(kPolicy, "too many messages a second");
      return false;
    }
    switch (kind) {
      case FrameKind::Ping:
        // While the client does not read, only the answer to its last ping waits.
        if (!writing_ || control_.empty()) {
          append_frame_head(control_, FrameKind::Pong, payload.size());
          control_ += payload;
          pump();
        }
        return true;
      case FrameKind::Close: {
        heard_close_ = true;
        const unsigned code = payload.size() < 2 ? kNormal
                                                 : static_cast<unsigned char>(payload[0]) * 256U +
                                                       static_cast<unsigned char>(payload[1]);
        say_goodbye(static_cast<std::uint16_t>(code), "");
        return false;
      }
      case FrameKind::Pong:
        return true;
      default:
        if (ending_) return true;
        start_.subscriber->received(payload);
        pump();
        return !closed_;
    }
  }

  SubscriberStart start_;
  FrameReader frames_;
  TokenBucket bucket_;
  std::array<char, 4096> in_{};
  std::size_t ignored_ = 0;
  SteadyTime heard_, said_;
  bool heard_close_ = false;

  Subscriber::Frames batch_;  // being sent
  std::string control_;       // to be sent before the next batch; bounded by what fills it
  std::string sending_;       // what of the write is ours
  std::vector<asio::const_buffer> buffers_;
  std::size_t unsent_ = 0;
  SlowWatch slow_;
  bool writing_ = false, pumping_ = false, again_ = false;
  bool ending_ = false, lingering_ = false, closed_ = false, gone_ = false;
  SteadyTime lingering_since_{};
};

}  // namespace

void serve_subscriber(ServerState& state, std::string client, SubscriberStart start) {
  std::make_shared<SubscriberSession>(state, std::move(client), std::move(start))->begin();
}

}  // namespace oddsloom
