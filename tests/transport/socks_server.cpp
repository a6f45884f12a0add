#include "tests/transport/socks_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace oddsloom {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return out;
}

bool send_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// Just so many; shorter when the other side is gone.
std::string receive(int from, std::size_t count) {
  std::string out(count, '\0');
  std::size_t have = 0;
  while (have < count) {
    const ssize_t got = ::recv(from, out.data() + have, count - have, 0);
    if (got <= 0) return {};
    have += static_cast<std::size_t>(got);
  }
  return out;
}

// A length in one byte, then so many.
std::string receive_counted(int from) {
  const std::string count = receive(from, 1);
  return count.empty() ? "" : receive(from, static_cast<unsigned char>(count[0]));
}

}  // namespace

SocksServer::SocksServer(std::uint16_t leads_to, std::string user, std::string password)
    : leads_to_(leads_to), user_(std::move(user)), password_(std::move(password)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no port for a SOCKS server");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

SocksServer::~SocksServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  ::close(listener_);
}

std::vector<std::string> SocksServer::asked_for() const {
  const std::lock_guard lock(mutex_);
  return asked_for_;
}

std::size_t SocksServer::refused() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

void SocksServer::accept_all() {
  while (true) {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (client >= 0 && stopping_) ::close(client);
    if (client < 0 || stopping_) return;
    open_.push_back(client);
    threads_.emplace_back([this, client] {
      serve(client);
      const std::lock_guard closing(mutex_);
      open_.remove(client);
      ::close(client);
    });
  }
}

void SocksServer::serve(int client) {
  if (!shake_hands(client)) return;
  const int site = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(leads_to_);
  const bool there =
      ::connect(site, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  const char answer = there ? 0 : 5;  // succeeded, connection refused
  if (send_all(client, std::string{5, answer, 0, 1, 127, 0, 0, 1, 0, 0}) && there)
    relay(client, site);
  ::close(site);
}

bool SocksServer::shake_hands(int client) {
  if (receive(client, 1) != "\x05") return false;
  const char method = user_.empty() ? 0 : 2;  // none, user and password
  const bool offered = receive_counted(client).find(method) != std::string::npos;
  bool welcome = offered && send_all(client, std::string{5, method});
  if (!offered) send_all(client, "\x05\xff");
  if (welcome && method == 2) {
    receive(client, 1);
    const std::string user = receive_counted(client), password = receive_counted(client);
    welcome = user == user_ && password == password_;
    send_all(client, std::string{1, static_cast<char>(welcome ? 0 : 1)});
  }
  if (!welcome) {
    const std::lock_guard lock(mutex_);
    ++refused_;
    return false;
  }
  const std::string head = receive(client, 4);
  if (head.size() < 4) return false;
  std::string host;
  if (head[3] == 3) {
    host = receive_counted(client);
  } else {
    const bool v6 = head[3] == 4;
    const std::string raw = receive(client, v6 ? 16 : 4);
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (raw.empty() || !::inet_ntop(v6 ? AF_INET6 : AF_INET, raw.data(), text.data(), text.size()))
      return false;
    host = text.data();
  }
  const std::string port = receive(client, 2);
  if (port.size() < 2) return false;
  const int number =
      static_cast<unsigned char>(port[0]) * 256 + static_cast<unsigned char>(port[1]);
  const std::lock_guard lock(mutex_);
  asked_for_.push_back(host + ":" + std::to_string(number));
  return true;
}

void SocksServer::relay(int client, int site) {
  std::array<pollfd, 2> both{pollfd{client, POLLIN, 0}, pollfd{site, POLLIN, 0}};
  std::array<char, 16'384> bytes{};
  while (::poll(both.data(), both.size(), -1) > 0)
    for (std::size_t i = 0; i < 2; ++i) {
      if (both.at(i).revents == 0) continue;
      const ssize_t got = ::recv(both.at(i).fd, bytes.data(), bytes.size(), 0);
      if (got <= 0 || !send_all(both.at(1 - i).fd, {bytes.data(), static_cast<std::size_t>(got)}))
        return;
    }
}

}  // namespace oddsloom
