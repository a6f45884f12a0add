// Drives a libcurl multi handle from our own epoll set: waits for sockets, libcurl's timer or a
// wake-up, and tells libcurl. Below http_client, private to transport/. Two habits keep it cheap:
// libcurl's deadline is a number given to epoll_wait instead of a timerfd, and a connection stays
// registered while it idles. Belongs to one thread; only wake() may be called from another.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/time.h"

namespace oddsloom {

class CurlLoop {
 public:
  // Errors: Unavailable (no file descriptors left), Internal (libcurl cannot start).
  static Result<std::unique_ptr<CurlLoop>> create(std::size_t most_connections_per_host);
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  CURLM* multi() const { return multi_; }
  // Makes the handle open and close its sockets through this loop. Every handle that is added to
  // multi() must have been adopted.
  void adopt(CURL* easy);

  // Waits at most `wait` for something to happen and lets libcurl act on it. True if woken.
  bool turn(Millis wait);
  void wake();

 private:
  using Steady = std::chrono::steady_clock;
  struct Socket {
    std::uint32_t registered = 0;  // what epoll watches for
    std::uint32_t wanted = 0;      // what libcurl asked for
    bool adopted = false;          // opened and closed through this loop, so it may stay registered
  };

  CurlLoop(CURLM* multi, int epoll, int event);
  static int on_socket(CURL* easy, curl_socket_t fd, int what, void* loop, void* unused);
  static int on_timer(CURLM* multi, long timeout_ms, void* loop);
  static curl_socket_t on_open(void* loop, curlsocktype purpose, curl_sockaddr* address);
  static int on_close(void* loop, curl_socket_t fd);

  Socket& socket(int fd);
  void watch(int fd, std::uint32_t wanted);
  void unwatch(int fd);
  void ready(int fd, std::uint32_t events);

  CURLM* multi_;
  const int epoll_;
  const int event_;
  std::vector<Socket> sockets_;  // by file descriptor
  std::optional<Steady::time_point> deadline_;
};

}  // namespace oddsloom
