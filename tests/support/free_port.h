// A port on 127.0.0.1 on which nothing listens, below those the kernel gives to outgoing
// connections: a server may stop and come back on it. No two calls in one program give the same
// one. Any thread.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>

namespace oddsloom::test {

inline sockaddr_in loopback_address(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

inline std::uint16_t free_port() {
  constexpr std::uint32_t kFirst = 10'000, kMany = 22'000;
  static std::atomic<std::uint32_t> next{std::random_device{}() % kMany};
  for (std::uint32_t tries = 0; tries < kMany; ++tries) {
    const auto port = static_cast<std::uint16_t>(kFirst + next++ % kMany);
    const sockaddr_in address = loopback_address(port);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool free = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(fd);
    if (free) return port;
  }
  throw std::runtime_error("no free port on 127.0.0.1");
}

// A listening socket on that port of 127.0.0.1, taken back if it was ours a moment ago.
inline int listen_on(std::uint16_t port) {
  const sockaddr_in address = loopback_address(port);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      listen(fd, 256) == 0)
    return fd;
  close(fd);
  throw std::runtime_error("cannot listen on 127.0.0.1:" + std::to_string(port));
}

}  // namespace oddsloom::test
