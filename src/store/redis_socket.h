// A byte stream to a Redis server: TCP, unix socket or TLS. Below redis_link. Nothing here waits,
// except that open() asks the resolver, which can take moments where a name must be looked up in
// DNS: whatever cannot be done now is told as events to poll() for, and the owner calls again. One
// thread at a time.
#pragma once

#include <netdb.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "store/redis_tls.h"

namespace oddsloom {

class RedisSocket {
 public:
  using Steady = std::chrono::steady_clock;

  // `tls` null = plain; outlives the socket.
  RedisSocket(RedisAddress address, const RedisTls* tls);
  ~RedisSocket() { close(); }
  RedisSocket(const RedisSocket&) = delete;
  RedisSocket& operator=(const RedisSocket&) = delete;

  // Begins to connect. Errors, of everything here: Unavailable (refused, unknown name, closed, TLS
  // not agreed), Invalid (a path that is too long, a certificate refused); `where` is empty, for
  // the caller.
  Result<void> open(Steady::time_point now);
  // Goes on with connecting, the TLS handshake included; true when that is done. A name with
  // several addresses is tried at all of them; one that is silent is given up after a while if
  // there is another.
  Result<bool> connect(Steady::time_point now);
  void close();

  // Bytes moved; 0 = not now, poll() for events().
  Result<std::size_t> read(char* to, std::size_t size);
  Result<std::size_t> write(std::string_view bytes);

  int fd() const { return fd_; }
  // What to poll() for, beside POLLIN, before calling again.
  short events() const { return static_cast<short>(events_ | read_events_); }
  bool encrypted() const { return session_ != nullptr; }

 private:
  struct FreeAddresses {
    void operator()(addrinfo* list) const { freeaddrinfo(list); }
  };
  Result<void> open_path();
  Result<void> next_address(Steady::time_point now);
  Result<void> begin(int family, const sockaddr* address, socklen_t size);
  static Result<std::size_t> moved(Result<RedisTlsSession::Step> step, short& events);

  RedisAddress address_;
  const RedisTls* tls_;
  std::unique_ptr<addrinfo, FreeAddresses> found_;
  const addrinfo* next_ = nullptr;  // of found_, to be tried after the present one
  Steady::time_point begun_;        // of the present one
  std::unique_ptr<RedisTlsSession> session_;
  int fd_ = -1;
  short events_ = 0;        // what connecting or writing waits for
  short read_events_ = 0;   // TLS may have to write before it can read
  bool connected_ = false;  // the socket; TLS may still be to come
};

}  // namespace oddsloom
