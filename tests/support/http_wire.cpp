#include "support/http_wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace oddsloom::test {

RawClient::RawClient(std::uint16_t port, const std::string& host) {
  const bool v6 = host.find(':') != std::string::npos;
  fd_ = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{20, 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  int failed = 0;
  if (v6) {
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(port);
    inet_pton(AF_INET6, host.c_str(), &to.sin6_addr);
    failed = connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  } else {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    inet_pton(AF_INET, host.c_str(), &to.sin_addr);
    failed = connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  if (failed != 0) throw std::runtime_error("cannot connect to port " + std::to_string(port));
}

RawClient::~RawClient() {
  if (fd_ >= 0) close(fd_);
}

RawClient::RawClient(RawClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), in_(std::move(other.in_)) {}

void RawClient::little_window() {
  const int little = 4096;
  setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool RawClient::read_more() {
  std::array<char, 65536> piece{};
  const ssize_t n = recv(fd_, piece.data(), piece.size(), 0);
  if (n <= 0) return false;
  in_.append(piece.data(), static_cast<std::size_t>(n));
  return true;
}

std::string RawClient::read_until(std::string_view text) {
  std::size_t at = in_.find(text);
  while (at == std::string::npos && read_more()) at = in_.find(text);
  const std::size_t end = at == std::string::npos ? in_.size() : at + text.size();
  std::string out = in_.substr(0, end);
  in_.erase(0, end);
  return out;
}

std::string RawClient::read_to_end() {
  while (read_more()) {
  }
  return std::exchange(in_, "");
}

void RawClient::end_sending() { shutdown(fd_, SHUT_WR); }

bool RawClient::at_end() {
  char one = 0;
  return in_.empty() && recv(fd_, &one, 1, 0) <= 0;
}

RawAnswer RawClient::answer(bool to_head) {
  RawAnswer out;
  out.head = read_until("\r\n\r\n");
  if (!out.head.ends_with("\r\n\r\n") || out.head.size() < 12) return out;
  out.status = std::atoi(out.head.c_str() + 9);
  for (std::size_t at = out.head.find("\r\n") + 2; at < out.head.size() - 2;) {
    const std::size_t end = out.head.find("\r\n", at);
    const std::string line = out.head.substr(at, end - at);
    at = end + 2;
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    out.headers[name] = line.substr(colon + 2);
  }
  if (to_head) return out;
  const std::size_t length = std::strtoul(out.header("content-length").c_str(), nullptr, 10);
  while (in_.size() < length && read_more()) {
  }
  out.body = in_.substr(0, length);
  in_.erase(0, out.body.size());
  return out;
}

std::string request(const std::string& target, const std::string& headers,
                    const std::string& method) {
  return method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n";
}

RawAnswer get(std::uint16_t port, const std::string& target, const std::string& headers) {
  RawClient client(port);
  client.send(request(target, headers));
  return client.answer();
}

}  // namespace oddsloom::test
