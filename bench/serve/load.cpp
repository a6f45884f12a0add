// Clients of the server, all at once on one thread: some that ask for one target over and over,
// each on a connection of its own, one request at a time; and some that stay at the feed. Says how
// many answers came a second and how long they took, how many changes the feed told and how old
// they were by the time they came, and what the server spent meanwhile. It is our own because the
// packaged ones know either requests or streams, and both must be there at once.
//   load PID PORT SECONDS ANSWERS_TARGET CONNECTIONS FEED_TARGET CLIENTS
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
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
  bool stays = false;  // at the feed
  std::string head;    // of the answer that is coming
  bool in_body = false;
  std::uint64_t left = 0;  // of its body
  std::string event;       // of the feed, not whole yet
  Clock::time_point asked;
};

struct Load {
  std::string ask, stay;  // requests
  std::size_t without_snapshot = 0;
  bool counts = false;  // the measured time has begun
  std::uint64_t bytes = 0, bad = 0;
  std::vector<std::uint32_t> answer_micros, change_millis;
};

std::string request_for(const char* target) {
  return "GET " + std::string(target) +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nUser-Agent: load\r\n\r\n";
}

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
  const std::string& text = client.stays ? load.stay : load.ask;
  if (send(client.fd, text.data(), text.size(), MSG_NOSIGNAL) < 0) std::exit(1);
}

// "2026-11-25T10:50:36.007Z" of this minute or the last, as milliseconds before now.
std::uint32_t age_of(std::string_view time) {
  std::uint32_t second = 0, milli = 0;
  std::from_chars(time.data() + 17, time.data() + 19, second);
  std::from_chars(time.data() + 20, time.data() + 23, milli);
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count() %
                   60'000;
  return static_cast<std::uint32_t>((now + 60'000 - second * 1'000 - milli) % 60'000);
}

void take_event(std::string_view event, Load& load) {
  constexpr std::string_view kChanged = "\"changed_at\":\"";
  if (event.find("event: snapshot-complete") != event.npos) --load.without_snapshot;
  if (!load.counts || event.find("event: odds\n") == event.npos) return;
  if (const std::size_t at = event.find(kChanged); at != event.npos)
    load.change_millis.push_back(age_of(event.substr(at + kChanged.size())));
}

void take_events(Client& client, Load& load, std::string_view bytes) {
  client.event.append(bytes);
  std::size_t begin = 0;
  for (std::size_t end; (end = client.event.find("\n\n", begin)) != std::string::npos;
       begin = end + 2)
    take_event(std::string_view(client.event).substr(begin, end + 2 - begin), load);
  client.event.erase(0, begin);
}

void finish(Client& client, Load& load) {
  const auto took = Clock::now() - client.asked;
  if (load.counts)
    load.answer_micros.push_back(static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
  client.in_body = false;
  ask(client, load);
}

void take(Client& client, Load& load, std::string_view bytes) {
  load.bytes += bytes.size();
  while (!bytes.empty()) {
    if (client.in_body && client.stays) return take_events(client, load, bytes);
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
    if (!client.stays && client.in_body && client.left == 0) finish(client, load);
  }
}

struct Spent {
  double user = 0, system = 0;  // seconds
  long megabytes = 0;           // resident
};

Spent spent_by(const char* pid) {
  Spent out;
  const std::string folder = "/proc/" + std::string(pid);
  if (std::FILE* file = std::fopen((folder + "/stat").c_str(), "r")) {
    unsigned long user = 0, system = 0;
    if (std::fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                    &system) == 2) {
      const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
      out.user = static_cast<double>(user) / ticks;
      out.system = static_cast<double>(system) / ticks;
    }
    std::fclose(file);
  }
  if (std::FILE* file = std::fopen((folder + "/statm").c_str(), "r")) {
    long resident = 0;
    if (std::fscanf(file, "%*d %ld", &resident) == 1)
      out.megabytes = resident * sysconf(_SC_PAGESIZE) / 1'000'000;
    std::fclose(file);
  }
  return out;
}

double part_of(std::vector<std::uint32_t>& values, double part) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) {
    std::fputs("load PID PORT SECONDS ANSWERS_TARGET CONNECTIONS FEED_TARGET CLIENTS\n", stderr);
    return 2;
  }
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  const double wanted = std::atof(argv[3]);
  const std::size_t askers = std::strtoul(argv[5], nullptr, 10);
  Load load;
  load.ask = request_for(argv[4]);
  load.stay = request_for(argv[6]);
  load.without_snapshot = std::strtoul(argv[7], nullptr, 10);
  std::vector<Client> clients(askers + load.without_snapshot);
  const int poller = epoll_create1(EPOLL_CLOEXEC);
  const auto begin = [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      clients[i].fd = connect_to(port);
      clients[i].stays = i >= askers;
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      epoll_ctl(poller, EPOLL_CTL_ADD, clients[i].fd, &event);
      ask(clients[i], load);
    }
  };
  begin(askers, clients.size());
  bool asking = false;
  auto begun = Clock::now();
  Spent before;
  std::vector<char> piece(256 << 10);
  epoll_event events[256];
  // Those who stay have their snapshots first, then the others begin, and a second later it counts.
  for (;;) {
    const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    if (!asking && load.without_snapshot == 0) {
      begin(0, askers);
      asking = true;
      begun = Clock::now();
    } else if (asking && !load.counts && seconds > 1) {
      load.counts = true;
      load.bytes = 0;
      before = spent_by(argv[1]);
      begun = Clock::now();
    } else if (load.counts && seconds > wanted) {
      break;
    } else if (!load.counts && seconds > 60) {
      std::fprintf(stderr, "%zu clients still have no snapshot\n", load.without_snapshot);
      return 1;
    }
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
  const Spent after = spent_by(argv[1]);
  if (askers > 0)
    std::printf("%5zu ask:  %6.0f answers/s, ms p50 %.2f, p99 %.2f, longest %.2f\n", askers,
                static_cast<double>(load.answer_micros.size()) / seconds,
                part_of(load.answer_micros, 0.5) / 1e3, part_of(load.answer_micros, 0.99) / 1e3,
                part_of(load.answer_micros, 1) / 1e3);
  if (clients.size() > askers)
    std::printf(
        "%5zu stay: %6.0f changes/s each, ms after they were made p50 %.0f, p99 %.0f, longest "
        "%.0f\n",
        clients.size() - askers,
        static_cast<double>(load.change_millis.size()) / seconds /
            static_cast<double>(clients.size() - askers),
        part_of(load.change_millis, 0.5), part_of(load.change_millis, 0.99),
        part_of(load.change_millis, 1));
  std::printf(
      "      server: %.0f %% of a core (user %.0f, system %.0f), %ld MB, sent %.0f MB/s; %llu "
      "failures\n",
      100 * (after.user - before.user + after.system - before.system) / seconds,
      100 * (after.user - before.user) / seconds, 100 * (after.system - before.system) / seconds,
      after.megabytes, static_cast<double>(load.bytes) / seconds / 1e6,
      static_cast<unsigned long long>(load.bad));
  return 0;
}
