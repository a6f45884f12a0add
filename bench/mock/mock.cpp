// The mock bookmaker of bench/compare: an HTTP/1.1 server of one thread that costs so little that a
// client never waits for it. It listens on 127.0.0.1 only and prints its address.
//
// usage: mock [--size BYTES] [--gzip] [--latency-ms N] [--tls CERTIFICATE KEY]
//   GET /api/games/markets?games=ID[,ID..]&markets=ID[,ID..]|all   see answers.h
//   GET /api/live/event/markets?eventId=ID[,ID..]&type=..          the same
//   GET /pass?number=N&first=ID&count=N                            the next prices
//   GET /stats                                                     requests, events asked for,
//   connections
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>

#include "answers.h"
#include "channel.h"

namespace oddsloom::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Connection {
  Channel channel;
  std::uint64_t serial = 0;  // tells a held answer that its connection is another one by now
  std::string in, out;
  std::size_t sent = 0;
  bool held = false;  // the answer waits for its time
  bool waits_to_send = false;
};

// The value of one parameter of a query, as written.
std::string_view parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    if (part.starts_with(name) && part.size() > name.size() && part[name.size()] == '=')
      return part.substr(name.size() + 1);
    query.remove_prefix(std::min(query.size(), part.size() + 1));
  }
  return {};
}

// All the numbers in a text, whatever stands between them.
std::vector<std::uint64_t> numbers(std::string_view text) {
  std::vector<std::uint64_t> out;
  for (const char* at = text.data(); at < text.data() + text.size();) {
    std::uint64_t value = 0;
    const auto read = std::from_chars(at, text.data() + text.size(), value);
    if (read.ec == std::errc()) out.push_back(value);
    at = read.ec == std::errc() ? read.ptr : at + 1;
  }
  return out;
}

std::uint64_t number(std::string_view text) {
  const auto found = numbers(text);
  return found.empty() ? 0 : found.front();
}

class Server {
 public:
  Server(Answers answers, std::chrono::milliseconds latency, Tls tls)
      : answers_(std::move(answers)), latency_(latency), tls_(std::move(tls)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, any, size) != 0 || listen(listener_, 4096) != 0 ||
        getsockname(listener_, any, &size) != 0) {
      std::perror("mock: listen");
      std::exit(1);
    }
    std::printf("%s://127.0.0.1:%d\n", tls_ ? "https" : "http", ntohs(address.sin_port));
    std::fflush(stdout);
    watch(EPOLL_CTL_ADD, listener_, EPOLLIN);
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 128> events{};
    for (;;) {
      const int count =
          epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), until_due());
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        if (event.data.fd == listener_) {
          accept_all();
          continue;
        }
        Connection& connection = *connections_[static_cast<std::size_t>(event.data.fd)];
        if (!connection.channel.open()) continue;
        if ((event.events & EPOLLOUT) != 0 && !send_out(connection)) continue;
        if ((event.events & ~EPOLLOUT) != 0) read_in(connection);
      }
      release_due();
    }
  }

 private:
  struct Held {
    Clock::time_point due;
    int fd;
    std::uint64_t serial;
  };

  void watch(int operation, int fd, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    epoll_ctl(epoll_, operation, fd, &event);
  }

  int until_due() const {
    if (held_.empty()) return -1;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(held_.front().due - Clock::now());
    return static_cast<int>(std::max<std::int64_t>(0, left.count()));
  }

  void accept_all() {
    for (int fd; (fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const auto slot = static_cast<std::size_t>(fd);
      while (connections_.size() <= slot) connections_.push_back(std::make_unique<Connection>());
      *connections_[slot] =
          Connection{Channel(fd, tls_.get()), ++accepted_, {}, {}, 0, false, false};
      watch(EPOLL_CTL_ADD, fd, EPOLLIN);
    }
  }

  void read_in(Connection& connection) {
    char bytes[16384];
    const ssize_t got = connection.channel.receive(bytes, sizeof bytes);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return connection.channel.close_down();
    connection.in.append(bytes, static_cast<std::size_t>(got));
    serve(connection);
  }

  // One answer at a time per connection; what came meanwhile waits in `in`.
  void serve(Connection& connection) {
    while (connection.channel.open() && !connection.held && connection.out.empty()) {
      const std::size_t end = connection.in.find("\r\n\r\n");
      if (end == std::string::npos) return;
      answer(connection, std::string_view(connection.in).substr(0, end));
      connection.in.erase(0, end + 4);
      if (!connection.held && !send_out(connection)) return;
    }
  }

  void answer(Connection& connection, std::string_view head) {
    const std::size_t begin = head.find(' ') + 1;
    const std::string_view target = head.substr(begin, head.find(' ', begin) - begin);
    const std::string_view path = target.substr(0, target.find('?'));
    const std::string_view query = target.substr(std::min(target.size(), path.size() + 1));
    const bool live = path == "/api/live/event/markets";
    if (live || path == "/api/games/markets") {
      std::vector<std::uint64_t> events = numbers(parameter(query, live ? "eventId" : "games"));
      std::sort(events.begin(), events.end());
      ++requests_;
      events_ += events.size();
      const bool accept_gzip = head.find("gzip", begin + target.size()) != std::string_view::npos;
      write(connection, "200 OK",
            live ? answers_.live_body(events, parameter(query, "type"), accept_gzip)
                 : answers_.body(events, parameter(query, "markets"), accept_gzip));
      if (latency_.count() > 0) {
        connection.held = true;
        held_.push_back({Clock::now() + latency_, connection.channel.fd(), connection.serial});
      }
    } else if (path == "/pass") {
      answers_.begin_pass(number(parameter(query, "number")), number(parameter(query, "first")),
                          number(parameter(query, "count")));
      write(connection, "200 OK", {"{}", false});
    } else if (path == "/stats") {
      const std::string text = "{\"requests\":" + std::to_string(requests_) +
                               ",\"events\":" + std::to_string(events_) +
                               ",\"connections\":" + std::to_string(accepted_) + "}";
      write(connection, "200 OK", {text, false});
    } else {
      write(connection, "404 Not Found", {"{}", false});
    }
  }

  static void write(Connection& connection, std::string_view status, const Answers::Body& body) {
    connection.out.append("HTTP/1.1 ")
        .append(status)
        .append("\r\nContent-Type: application/json\r\n");
    if (body.compressed) connection.out += "Content-Encoding: gzip\r\n";
    connection.out.append("Content-Length: ")
        .append(std::to_string(body.bytes.size()))
        .append("\r\n\r\n");
    connection.out += body.bytes;
  }

  // False when the rest has to wait, or the connection is gone.
  bool send_out(Connection& connection) {
    while (connection.sent < connection.out.size()) {
      const ssize_t sent = connection.channel.transmit(connection.out.data() + connection.sent,
                                                       connection.out.size() - connection.sent);
      if (sent < 0 && errno == EAGAIN) {
        if (!connection.waits_to_send)
          watch(EPOLL_CTL_MOD, connection.channel.fd(), EPOLLIN | EPOLLOUT);
        connection.waits_to_send = true;
        return false;
      }
      if (sent < 0) {
        connection.channel.close_down();
        return false;
      }
      connection.sent += static_cast<std::size_t>(sent);
    }
    connection.out.clear();
    connection.sent = 0;
    if (connection.waits_to_send) {
      watch(EPOLL_CTL_MOD, connection.channel.fd(), EPOLLIN);
      connection.waits_to_send = false;
      serve(connection);
    }
    return true;
  }

  void release_due() {
    const auto now = held_.empty() ? Clock::time_point{} : Clock::now();
    while (!held_.empty() && held_.front().due <= now) {
      Connection& connection = *connections_[static_cast<std::size_t>(held_.front().fd)];
      const bool same = connection.channel.open() && connection.serial == held_.front().serial;
      held_.pop_front();
      if (!same) continue;
      connection.held = false;
      if (send_out(connection)) serve(connection);
    }
  }

  Answers answers_;
  std::chrono::milliseconds latency_;
  Tls tls_;
  int epoll_ = epoll_create1(0);
  int listener_ = -1;
  std::vector<std::unique_ptr<Connection>> connections_;  // by file descriptor
  std::deque<Held> held_;                                 // in the order of their time
  std::uint64_t requests_ = 0, events_ = 0, accepted_ = 0;
};

}  // namespace
}  // namespace oddsloom::bench

int main(int argc, char** argv) {
  using namespace oddsloom::bench;
  std::signal(SIGPIPE, SIG_IGN);
  std::size_t size = 0;
  std::chrono::milliseconds latency{0};
  bool gzip = false;
  Tls tls(nullptr, SSL_CTX_free);
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    if (option == "--gzip") {
      gzip = true;
    } else if (option == "--size" && i + 1 < argc) {
      size = number(argv[++i]);
    } else if (option == "--latency-ms" && i + 1 < argc) {
      latency = std::chrono::milliseconds(number(argv[++i]));
    } else if (option == "--tls" && i + 2 < argc) {
      tls = make_tls(argv[i + 1], argv[i + 2]);
      i += 2;
    } else {
      std::fprintf(
          stderr, "usage: mock [--size BYTES] [--gzip] [--latency-ms N] [--tls CERTIFICATE KEY]\n");
      return 2;
    }
  }
  Server(Answers(size, gzip), latency, std::move(tls)).run();
}
