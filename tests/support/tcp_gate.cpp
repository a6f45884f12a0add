#include "support/tcp_gate.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "support/free_port.h"

namespace oddsloom::test {
namespace {

// Long enough that the receiver reads a piece before the next one arrives; mostly.
constexpr std::chrono::microseconds kBetweenPieces{100};
constexpr std::chrono::hours kForEver{1};

void prepare(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

void reset(int fd) {
  const linger now{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

int connected_to(std::uint16_t port) {
  const sockaddr_in address = loopback_address(port);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

}  // namespace

TcpGate::TcpGate(std::uint16_t to)
    : to_(to), port_(free_port()), bell_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  listener_ = listen_on(port_);
  prepare(listener_);
  thread_ = std::thread([this] { work(); });
}

TcpGate::~TcpGate() {
  change([this] { stopping_ = cutting_ = true; });
  thread_.join();
  close(bell_);
}

void TcpGate::forward_in_pieces(std::size_t bytes) {
  change([&] { piece_ = bytes; });
}
void TcpGate::delay(std::chrono::milliseconds by) {
  change([&] { delay_ = by; });
}
void TcpGate::stall(bool on) {
  change([&] { stalled_ = on; });
}
void TcpGate::refuse(bool on) {
  change([&] { refusing_ = on; });
}
void TcpGate::cut() {
  change([&] { cutting_ = true; });
}
void TcpGate::cut_after_answer_bytes(std::size_t bytes) {
  change([&] { answer_bytes_left_ = bytes; });
}
void TcpGate::lead_to(std::uint16_t port) {
  change([&] { to_ = port; });
}

std::size_t TcpGate::connections() const {
  const std::lock_guard lock(mutex_);
  return accepted_;
}

std::size_t TcpGate::open() const {
  const std::lock_guard lock(mutex_);
  return links_.size();
}

void TcpGate::change(const std::function<void()>& settings) {
  std::unique_lock lock(mutex_);
  settings();
  const std::uint64_t mine = ++changes_;
  eventfd_write(bell_, 1);
  applied_.wait(lock, [&] { return applied_changes_ >= mine; });
}

void TcpGate::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    apply();
    if (stopping_) return;
    const Clock::time_point now = Clock::now();
    Clock::time_point next = now + kForEver;
    std::vector<pollfd> fds = wanted(now, next);
    const auto nanoseconds =
        std::chrono::nanoseconds(std::max(next - now, Clock::duration::zero())).count();
    const timespec wait{nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
    lock.unlock();
    ppoll(fds.data(), fds.size(), &wait, nullptr);
    lock.lock();
    eventfd_t ignored = 0;
    eventfd_read(bell_, &ignored);
    if (changes_ != applied_changes_) continue;  // first what the test wants, then the bytes
    std::size_t at = 2;
    for (Link& link : links_) {
      forward(link, fds[at].revents, fds[at + 1].revents);
      at += 2;
    }
    accept_all();
    close_dead();
  }
}

void TcpGate::apply() {
  if (cutting_) {
    accept_all();  // those that wait to be taken are connected already
    for (Link& link : links_) {
      reset(link.client);
      reset(link.server);
      link.dead = true;
    }
    close_dead();
    cutting_ = false;
  }
  if (listener_ >= 0 && (refusing_ || stopping_)) {
    close(listener_);
    listener_ = -1;
  } else if (listener_ < 0 && !refusing_ && !stopping_) {
    listener_ = listen_on(port_);
    prepare(listener_);
  }
  applied_changes_ = changes_;
  applied_.notify_all();
}

void TcpGate::accept_all() {
  while (listener_ >= 0) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    ++accepted_;
    const int server = connected_to(to_);
    if (server < 0) {
      reset(client);
      close(client);
      continue;
    }
    prepare(client);
    prepare(server);
    Link& link = links_.emplace_back();
    link.client = client;
    link.server = server;
  }
}

// The bell, the listener, then client and server of each link; -1 where nothing is awaited.
std::vector<pollfd> TcpGate::wanted(Clock::time_point now, Clock::time_point& next) const {
  std::vector<pollfd> out{{bell_, POLLIN, 0}, {listener_, POLLIN, 0}};
  const auto add = [&](int fd, const Flow& from_it, const Flow& to_it) {
    short events = 0;
    if (!stalled_ && from_it.may_take()) events = POLLIN;
    if (!stalled_ && !to_it.chunks.empty()) {
      if (to_it.next_due() <= now)
        events = static_cast<short>(events | POLLOUT);
      else
        next = std::min(next, to_it.next_due());
    }
    out.push_back({events != 0 ? fd : -1, events, 0});
  };
  for (const Link& link : links_) {
    add(link.client, link.to_server, link.to_client);
    add(link.server, link.to_client, link.to_server);
  }
  return out;
}

void TcpGate::forward(Link& link, short client_events, short server_events) {
  constexpr short kReadable = POLLIN | POLLHUP | POLLERR;
  if ((client_events & kReadable) != 0) take(link, link.client, link.to_server);
  if ((server_events & kReadable) != 0) take(link, link.server, link.to_client);
  if (stalled_ || link.dead) return;
  give(link, link.server, link.to_server);
  give(link, link.client, link.to_client);
  if (link.to_server.end_told && link.to_client.end_told) link.dead = true;
}

void TcpGate::take(Link& link, int from, Flow& flow) {
  if (!flow.may_take()) return;
  std::array<char, 64 * 1024> buffer;
  const ssize_t got = recv(from, buffer.data(), buffer.size(), 0);
  if (got < 0) {
    link.dead = link.dead || errno != EAGAIN;
    return;
  }
  std::string bytes(buffer.data(), static_cast<std::size_t>(got));
  flow.ended = got == 0;
  if (&flow == &link.to_client && answer_bytes_left_ && got > 0) {
    if (bytes.size() > *answer_bytes_left_) {
      bytes.resize(*answer_bytes_left_);
      // Nothing more goes either way once these are through.
      link.to_client.ended = link.to_server.ended = true;
      answer_bytes_left_.reset();
    } else {
      *answer_bytes_left_ -= bytes.size();
    }
  }
  if (bytes.empty()) return;
  flow.held += bytes.size();
  flow.chunks.push_back({Clock::now() + delay_, std::move(bytes)});
}

void TcpGate::give(Link& link, int to, Flow& flow) {
  while (!flow.chunks.empty() && flow.next_due() <= Clock::now()) {
    std::string& bytes = flow.chunks.front().bytes;
    const std::size_t most = piece_ > 0 ? std::min(piece_, bytes.size()) : bytes.size();
    const ssize_t sent = send(to, bytes.data(), most, MSG_NOSIGNAL);
    if (sent < 0) {
      link.dead = link.dead || errno != EAGAIN;
      return;
    }
    flow.held -= static_cast<std::size_t>(sent);
    bytes.erase(0, static_cast<std::size_t>(sent));
    if (bytes.empty()) flow.chunks.pop_front();
    if (piece_ > 0) flow.not_before = Clock::now() + kBetweenPieces;
  }
  if (flow.has_ended() && !flow.end_told) {
    shutdown(to, SHUT_WR);
    flow.end_told = true;
  }
}

void TcpGate::close_dead() {
  links_.remove_if([](const Link& link) {
    if (!link.dead) return false;
    close(link.client);
    close(link.server);
    return true;
  });
}

}  // namespace oddsloom::test
