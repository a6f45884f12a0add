#include "store/redis_socket.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace oddsloom {
namespace {

constexpr std::chrono::seconds kSilentAddress{3};
// A server that vanished without a word is noticed on an idle connection after about two minutes.
constexpr int kKeepAliveIdleSeconds = 60;
constexpr int kKeepAliveEverySeconds = 15;
constexpr int kKeepAliveTimes = 4;

tl::unexpected<Error> unavailable(int error_number) {
  std::string text = std::strerror(error_number);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z')
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return fail(ErrorKind::Unavailable, "", std::move(text));
}

bool try_later(int error_number) {
  return error_number == EAGAIN || error_number == EWOULDBLOCK || error_number == EINTR;
}

// Best effort: without them the connection works, only less well.
void set_tcp_options(int fd) {
  const auto set = [fd](int level, int name, int value) {
    setsockopt(fd, level, name, &value, sizeof value);
  };
  set(IPPROTO_TCP, TCP_NODELAY, 1);
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, kKeepAliveIdleSeconds);
  set(IPPROTO_TCP, TCP_KEEPINTVL, kKeepAliveEverySeconds);
  set(IPPROTO_TCP, TCP_KEEPCNT, kKeepAliveTimes);
}

}  // namespace

RedisSocket::RedisSocket(RedisAddress address, const RedisTls* tls)
    : address_(std::move(address)), tls_(tls) {}

Result<void> RedisSocket::open(Steady::time_point now) {
  close();
  if (!address_.path.empty()) return open_path();
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  const std::string port = std::to_string(address_.port);
  int error = getaddrinfo(address_.host.c_str(), port.c_str(), &hints, &list);
  if (error != 0) {
    // Without AI_ADDRCONFIG: it hides the loopback addresses of a machine that has no others.
    hints.ai_flags = AI_NUMERICSERV;
    error = getaddrinfo(address_.host.c_str(), port.c_str(), &hints, &list);
  }
  if (error != 0)
    return fail(ErrorKind::Unavailable, "",
                "the name cannot be resolved: " + std::string(gai_strerror(error)));
  found_.reset(list);
  next_ = list;
  return next_address(now);
}

Result<void> RedisSocket::open_path() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (address_.path.size() >= sizeof address.sun_path)
    return fail(ErrorKind::Invalid, "", "the path is too long for a unix socket");
  address_.path.copy(address.sun_path, address_.path.size());
  return begin(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

Result<void> RedisSocket::next_address(Steady::time_point now) {
  Result<void> outcome = fail(ErrorKind::Unavailable, "", "the name has no address");
  while (next_) {
    const addrinfo& it = *std::exchange(next_, next_->ai_next);
    begun_ = now;
    outcome = begin(it.ai_family, it.ai_addr, it.ai_addrlen);
    if (outcome) return outcome;
  }
  return outcome;
}

Result<void> RedisSocket::begin(int family, const sockaddr* address, socklen_t size) {
  if (fd_ >= 0) ::close(fd_);
  connected_ = false;
  events_ = POLLOUT;
  fd_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd_ < 0) return unavailable(errno);
  if (family != AF_UNIX) set_tcp_options(fd_);
  if (::connect(fd_, address, size) == 0 || errno == EINPROGRESS || errno == EINTR) return {};
  // A unix socket says EAGAIN when the server's queue is full: not connecting, so try again later.
  const int error_number = errno;
  ::close(std::exchange(fd_, -1));
  return unavailable(error_number);
}

Result<bool> RedisSocket::connect(Steady::time_point now) {
  if (fd_ < 0) return fail(ErrorKind::Internal, "", "not opened");
  if (!connected_) {
    pollfd writable{fd_, POLLOUT, 0};
    if (::poll(&writable, 1, 0) == 0) {
      if (!next_ || now - begun_ < kSilentAddress) return false;
      if (auto other = next_address(now); !other) return tl::unexpected(std::move(other.error()));
      return false;
    }
    int error_number = 0;
    socklen_t size = sizeof error_number;
    if (getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error_number, &size) != 0) error_number = errno;
    if (error_number != 0) {
      if (!next_) return unavailable(error_number);
      if (auto other = next_address(now); !other) return tl::unexpected(std::move(other.error()));
      return false;
    }
    connected_ = true;
    events_ = 0;
    if (tls_) {
      auto session = RedisTlsSession::create(*tls_, fd_, address_.host);
      if (!session) return tl::unexpected(std::move(session.error()));
      session_ = std::move(*session);
    }
  }
  if (!session_) return true;
  const auto step = session_->handshake();
  if (!step) return tl::unexpected(step.error());
  events_ = step->wants_write ? POLLOUT : short{0};
  return !step->wants_read && !step->wants_write;
}

void RedisSocket::close() {
  session_.reset();
  found_.reset();
  next_ = nullptr;
  connected_ = false;
  events_ = 0;
  read_events_ = 0;
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Result<std::size_t> RedisSocket::moved(Result<RedisTlsSession::Step> step, short& events) {
  if (!step) return tl::unexpected(std::move(step.error()));
  events = step->wants_write ? POLLOUT : short{0};
  return step->bytes;
}

Result<std::size_t> RedisSocket::read(char* to, std::size_t size) {
  if (session_) return moved(session_->read(to, size), read_events_);
  const auto got = recv(fd_, to, size, 0);
  if (got > 0) return static_cast<std::size_t>(got);
  if (got == 0) return fail(ErrorKind::Unavailable, "", "the server closed the connection");
  if (try_later(errno)) return 0;
  return unavailable(errno);
}

Result<std::size_t> RedisSocket::write(std::string_view bytes) {
  events_ = 0;
  if (session_) return moved(session_->write(bytes), events_);
  const auto sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  // A server that closed may have said why ("max number of clients"): that is for read() to find
  // out.
  if (!try_later(errno) && errno != EPIPE && errno != ECONNRESET) return unavailable(errno);
  events_ = POLLOUT;
  return 0;
}

}  // namespace oddsloom
