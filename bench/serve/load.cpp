// Asks a server for one target over and over on several connections, one request at a time on each,
// and says how many answers came a second and how long they took. One thread, epoll: a client that
// costs little beside what it measures, which none of the packaged ones (ab: no HTTP/1.1
// keep-alive with many connections on several addresses; wrk: not for feeds) does for both answers
// and subscribers.
//   load PORT TARGET CONNECTIONS SECONDS         answers
//   load PORT TARGET CONNECTIONS SECONDS feed    subscribers: bytes and messages received
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Client {
  int fd = -1;
  std::string head;  // of the answer that is coming
  bool in_body = false;
  std::uint64_t left = 0;  // of its body
  Clock::time_point asked;
};

struct Load {
  std::string request;
  bool feed = false;
  std::uint64_t answers = 0, bytes = 0, messages = 0, bad = 0;
  std::vector<std::uint32_t> micros;
};

int connect_to(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return fd;
  std::perror("connect");
  std::exit(1);
}

void ask(Client& client, const Load& load) {
  client.asked = Clock::now();
  if (send(client.fd, load.request.data(), load.request.size(), MSG_NOSIGNAL) < 0) std::exit(1);
}

void finish(Client& client, Load& load) {
  const auto took = Clock::now() - client.asked;
  load.micros.push_back(static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
  ++load.answers;
  client.in_body = false;
  ask(client, load);
}

void take(Client& client, Load& load, std::string_view bytes) {
  load.bytes += bytes.size();
  while (!bytes.empty()) {
    if (load.feed && client.in_body) {
      for (std::size_t at = bytes.find("\n\n"); at != bytes.npos; at = bytes.find("\n\n", at + 2))
        ++load.messages;
      return;
    }
    if (client.in_body) {
      const std::size_t taken = std::min<std::uint64_t>(client.left, bytes.size());
      client.left -= taken;
      bytes.remove_prefix(taken);
    } else {
      client.head.append(bytes);
      const std::size_t end = client.head.find("\r\n\r\n");
      if (end == std::string::npos) return;
      bytes.remove_prefix(bytes.size() - (client.head.size() - end - 4));
      client.head.resize(end + 2);
      if (client.head.compare(0, 12, "HTTP/1.1 200") != 0) ++load.bad;
      const std::size_t length = client.head.find("Content-Length: ");
      client.left = length == std::string::npos
                        ? 0
                        : std::strtoull(client.head.c_str() + length + 16, nullptr, 10);
      client.in_body = true;
      client.head.clear();
    }
    if (!load.feed && client.in_body && client.left == 0) finish(client, load);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "load PORT TARGET CONNECTIONS SECONDS [feed]\n");
    return 2;
  }
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  Load load;
  load.feed = argc > 5;
  load.request = "GET " + std::string(argv[2]) +
                 " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
                 "User-Agent: load\r\nAccept: */*\r\n\r\n";
  std::vector<Client> clients(std::strtoul(argv[3], nullptr, 10));
  const int poller = epoll_create1(EPOLL_CLOEXEC);
  for (std::size_t i = 0; i < clients.size(); ++i) {
    clients[i].fd = connect_to(static_cast<std::uint16_t>(std::atoi(argv[1])));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    epoll_ctl(poller, EPOLL_CTL_ADD, clients[i].fd, &event);
    ask(clients[i], load);
  }
  const auto begun = Clock::now();
  const auto end = begun + std::chrono::seconds(std::atoi(argv[4]));
  std::vector<char> piece(256 << 10);
  epoll_event events[256];
  while (Clock::now() < end) {
    const int n = epoll_wait(poller, events, 256, 100);
    for (int i = 0; i < n; ++i) {
      Client& client = clients[events[i].data.u64];
      const ssize_t got = recv(client.fd, piece.data(), piece.size(), MSG_DONTWAIT);
      if (got > 0) {
        take(client, load, {piece.data(), static_cast<std::size_t>(got)});
      } else if (got == 0) {
        epoll_ctl(poller, EPOLL_CTL_DEL, client.fd, nullptr);
        ++load.bad;
      }
    }
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  if (load.feed) {
    std::printf("%zu subscribers: %.0f messages/s, %.1f MB/s, %llu bad\n", clients.size(),
                static_cast<double>(load.messages) / seconds,
                static_cast<double>(load.bytes) / seconds / 1e6,
                static_cast<unsigned long long>(load.bad));
    return 0;
  }
  std::sort(load.micros.begin(), load.micros.end());
  const auto at = [&](double part) {
    if (load.micros.empty()) return 0.0;
    const auto place = static_cast<std::size_t>(part * static_cast<double>(load.micros.size() - 1));
    return load.micros[place] / 1e3;
  };
  std::printf(
      "%zu connections: %.0f answers/s, %.1f MB/s, ms p50 %.2f p99 %.2f max %.2f, %llu bad\n",
      clients.size(), static_cast<double>(load.answers) / seconds,
      static_cast<double>(load.bytes) / seconds / 1e6, at(0.5), at(0.99), at(1.0),
      static_cast<unsigned long long>(load.bad));
  return 0;
}
