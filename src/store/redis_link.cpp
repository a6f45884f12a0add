#include "store/redis_link.h"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "store/redis_topology.h"

namespace oddsloom {
namespace {

constexpr Millis kConnectLimit{10'000};
constexpr Millis kSilenceLimit{12'000};
constexpr Millis kFirstBackoff{50};
constexpr Millis kLongestBackoff{2'000};
constexpr Millis kStable{1'000};     // a link that lived as long is connected anew at once
constexpr Millis kSocketCheck{500};  // how often connecting looks for the next address of a name
constexpr std::size_t kReadSize = 64U << 10U;
// hiredis 0.14 moves the rest of its buffer after every answer that ends beyond the first KiB of
// it, which is cheap only while the buffer is small.
constexpr std::size_t kParseSize = 16U << 10U;
constexpr std::size_t kReadsPerTurn = 16;
constexpr std::size_t kKeptBuffer = 1U << 20U;  // larger ones are given back when they are empty
constexpr std::size_t kLargestReply = 512U << 20U;

std::string name_of(const RedisAddress& address, bool tls) {
  if (!address.path.empty()) return address.text();
  return (tls ? "rediss://" : "redis://") + address.text();
}

// A server's words may quote what was sent (an unknown AUTH, for one).
std::string without(std::string text, const std::string& secret) {
  if (secret.empty()) return text;
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
    text.replace(at, secret.size(), "***");
    at += 3;
  }
  return text;
}

}  // namespace

RedisLink::RedisLink(RedisAddress address, const RedisIntroduction& introduction)
    : address_(std::move(address)),
      introduction_(introduction),
      name_(name_of(address_, introduction.tls != nullptr)),
      socket_(address_, introduction.tls),
      backoff_(kFirstBackoff),
      random_(std::random_device{}()) {}

void RedisLink::queue(const RedisCommand& command, Kind kind, std::uint32_t token,
                      const RedisScript* script) {
  command.append_to(out_);
  awaited_.push_back({kind, token, script});
}

void RedisLink::send(const RedisCommand& command, std::uint32_t token) {
  if (is_idle()) heard_at_ = Steady::now();
  queue(command, Kind::Command, token);
  ++unanswered_commands_;
}

void RedisLink::send_asking() { queue(RedisCommand("ASKING"), Kind::Asking); }

void RedisLink::ask_topology(const RedisCommand& command) {
  if (is_idle()) heard_at_ = Steady::now();
  queue(command, Kind::Topology);
}

void RedisLink::load(const RedisScript& script) {
  if (std::find(loading_.begin(), loading_.end(), &script) != loading_.end()) return;
  loading_.push_back(&script);
  queue(RedisCommand("SCRIPT").add("LOAD").add(script.text), Kind::Script, 0, &script);
}

void RedisLink::tend(Steady::time_point now) {
  if (loss_) return;  // to be told first
  if (state_ == State::Disconnected) {
    if (!wanted_ || now < retry_at_) return;
    limit_ = now + kConnectLimit;
    state_ = State::Connecting;
    if (auto opened = socket_.open(now); !opened) return fail(std::move(opened.error()), now);
  }
  if (state_ == State::Connecting) connect(now);
  if ((state_ == State::Connecting || state_ == State::Greeting) && now >= limit_)
    fail(Error{ErrorKind::Unavailable, "",
               state_ == State::Connecting ? "no answer to connecting"
                                           : "no answer to the greeting"},
         now);
}

void RedisLink::connect(Steady::time_point now) {
  auto connected = socket_.connect(now);
  if (!connected) return fail(std::move(connected.error()), now);
  if (*connected) greet(now);
}

void RedisLink::greet(Steady::time_point now) {
  state_ = State::Greeting;
  heard_at_ = now;
  reader_.emplace();
  if (!in_) in_ = std::make_unique<char[]>(kReadSize);
  if (!introduction_.password.empty()) {
    RedisCommand auth("AUTH");
    if (!introduction_.user.empty()) auth.add(introduction_.user);
    queue(auth.add(introduction_.password), Kind::Auth);
  }
  if (introduction_.database != 0)
    queue(RedisCommand("SELECT").add(std::int64_t{introduction_.database}), Kind::Select);
  queue(RedisCommand("CLIENT").add("SETNAME").add("oddsloom"), Kind::Name);
  if (introduction_.must_be_primary) queue(RedisCommand("ROLE"), Kind::Role);
  greeting_left_ = awaited_.size();
  // Answered while the first commands are already on their way.
  for (const RedisScript* script : introduction_.scripts)
    queue(RedisCommand("SCRIPT").add("LOAD").add(script->text), Kind::Preload, 0, script);
  flush();
}

void RedisLink::flush() {
  if (state_ != State::Greeting && state_ != State::Ready) return;
  while (out_sent_ < out_.size()) {
    auto sent = socket_.write(std::string_view(out_).substr(out_sent_));
    if (!sent) return fail(std::move(sent.error()), Steady::now());
    if (*sent == 0) return;
    out_sent_ += *sent;
  }
  out_sent_ = 0;
  out_.clear();
  if (out_.capacity() > kKeptBuffer) out_ = std::string();
}

void RedisLink::ready(Steady::time_point now, std::vector<Answer>& answers) {
  if (state_ == State::Connecting) connect(now);
  if (state_ != State::Greeting && state_ != State::Ready) return;
  flush();
  read(now, answers);
}

void RedisLink::read(Steady::time_point now, std::vector<Answer>& answers) {
  has_more_ = false;
  for (std::size_t turn = 0; turn < kReadsPerTurn; ++turn) {
    if (state_ != State::Greeting && state_ != State::Ready) return;
    auto got = socket_.read(in_.get(), kReadSize);
    if (!got) return fail(std::move(got.error()), now);
    if (*got == 0) return;
    heard_at_ = now;
    for (std::size_t at = 0; at < *got; at += kParseSize)
      if (!parse({in_.get() + at, std::min(kParseSize, *got - at)}, now, answers)) return;
    // Less than asked for: a plain socket has no more. TLS may hold some back, so ask until it has
    // not.
    if (*got < kReadSize && !socket_.encrypted()) return;
  }
  has_more_ = true;
}

bool RedisLink::parse(std::string_view piece, Steady::time_point now,
                      std::vector<Answer>& answers) {
  reader_->feed(piece);
  reply_bytes_ += piece.size();
  for (;;) {
    auto reply = reader_->next();
    if (!reply) {
      fail(Error{ErrorKind::Unavailable, "",
                 "what the server sends is not Redis' protocol: " + reply.error().message},
           now);
      return false;
    }
    if (!*reply) break;
    reply_bytes_ = 0;
    if (!take(std::move(**reply), now, answers)) return false;
  }
  if (reply_bytes_ <= kLargestReply) return true;
  fail(Error{ErrorKind::Invalid, "", "an answer has more than 512 MiB"}, now);
  return false;
}

bool RedisLink::take(Reply reply, Steady::time_point now, std::vector<Answer>& answers) {
  if (is_idle()) {
    fail(Error{ErrorKind::Unavailable, "",
               "an answer to no command: " + std::string(reply.text().substr(0, 200))},
         now);
    return false;
  }
  const Awaited it = awaited_[head_++];
  if (is_idle()) {
    awaited_.clear();
    head_ = 0;
  }
  switch (it.kind) {
    case Kind::Command:
      --unanswered_commands_;
      useful_ = useful_ || !reply.view().is_error();
      answers.push_back({this, Use::Command, it.token, nullptr, std::move(reply)});
      return true;
    case Kind::Topology:
      answers.push_back({this, Use::Topology, 0, nullptr, std::move(reply)});
      return true;
    case Kind::Script:
      std::erase(loading_, it.script);
      answers.push_back({this, Use::Script, 0, it.script, std::move(reply)});
      return true;
    case Kind::Asking:   // what follows it tells the same
    case Kind::Preload:  // if it failed, the command will say NOSCRIPT
      return true;
    default:
      return greeted(it.kind, reply, now);
  }
}

bool RedisLink::greeted(Kind kind, const Reply& reply, Steady::time_point now) {
  const std::string_view error = reply.view().is_error() ? reply.text() : std::string_view();
  if (!error.empty()) {
    if (kind == Kind::Auth) return refuse("AUTH", error, now);
    if (kind == Kind::Select) return refuse("SELECT", error, now);
    if (kind == Kind::Role) return refuse("ROLE", error, now);
    // A name is a courtesy; but this is the first answer where there is no password.
    if (classify_error(error) == ErrorClass::Refused || error.starts_with("ERR max number"))
      return refuse("connecting", error, now);
  }
  if (kind == Kind::Role && reply[0].text() != "master") {
    fail(Error{ErrorKind::Unavailable, "", "is a replica, not the primary"}, now);
    return false;
  }
  if (--greeting_left_ > 0) return true;
  state_ = State::Ready;
  ready_since_ = now;
  ++ready_times_;
  wanted_ = false;
  return true;
}

bool RedisLink::refuse(std::string_view doing, std::string_view answer, Steady::time_point now) {
  const ErrorClass kind = classify_error(answer);
  const bool passing = kind == ErrorClass::Later || kind == ErrorClass::FindPrimary ||
                       answer.starts_with("ERR max number of clients");
  std::string words = without(std::string(answer), introduction_.password);
  if (kind == ErrorClass::Refused && introduction_.password.empty())
    words += " (the URL gives no password)";
  fail(Error{passing ? ErrorKind::Unavailable : ErrorKind::Invalid, "",
             std::string(doing) + " refused: " + words},
       now);
  return false;
}

short RedisLink::events() const {
  short events = socket_.events();
  if (state_ != State::Connecting) events = static_cast<short>(events | POLLIN);
  // A TLS handshake that does not want to write wants to read.
  if (events == 0) events = POLLIN;
  return events;
}

std::optional<RedisLink::Steady::time_point> RedisLink::next_time() const {
  switch (state_) {
    case State::Disconnected:
      return wanted_ ? std::optional(retry_at_) : std::nullopt;
    case State::Connecting:
      return std::min(limit_, Steady::now() + kSocketCheck);
    case State::Greeting:
      return limit_;
    case State::Ready:
      return is_idle() ? std::nullopt : std::optional(heard_at_ + kSilenceLimit);
  }
  return std::nullopt;
}

void RedisLink::check_silence(Steady::time_point now) {
  if (state_ != State::Ready || is_idle() || has_more_ || now - heard_at_ < kSilenceLimit) return;
  fail(Error{ErrorKind::Unavailable, "", "no answer for 12 s"}, now);
}

void RedisLink::fail(Error error, Steady::time_point now) {
  Loss loss{std::move(error), state_ == State::Ready, false, {}};
  loss.error.where = name_;
  for (std::size_t i = head_; i < awaited_.size(); ++i) {
    if (awaited_[i].kind == Kind::Command) loss.unanswered.push_back(awaited_[i].token);
    if (awaited_[i].kind == Kind::Topology) loss.topology = true;
  }
  plan_retry(now);
  reset();
  loss_ = std::move(loss);
}

void RedisLink::plan_retry(Steady::time_point now) {
  if (state_ == State::Ready && now - ready_since_ >= kStable) {
    backoff_ = kFirstBackoff;
    retry_at_ = now;
    return;
  }
  if (useful_) backoff_ = kFirstBackoff;
  // From half of it to all of it, so that many clients do not come back at the same instant.
  const Millis half = backoff_ / 2;
  retry_at_ = now + half + Millis(static_cast<Millis::rep>(random_()) % (half.count() + 1));
  backoff_ = std::min(backoff_ * 2, kLongestBackoff);
}

std::optional<RedisLink::Loss> RedisLink::lost() { return std::exchange(loss_, std::nullopt); }

void RedisLink::abandon() {
  reset();
  loss_.reset();
}

void RedisLink::reset() {
  socket_.close();
  state_ = State::Disconnected;
  has_more_ = false;
  out_.clear();
  out_sent_ = 0;
  reader_.reset();
  reply_bytes_ = 0;
  awaited_.clear();
  head_ = 0;
  unanswered_commands_ = 0;
  useful_ = false;
  greeting_left_ = 0;
  loading_.clear();
}

}  // namespace oddsloom
