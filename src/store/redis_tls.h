// TLS for the connections to Redis: what is trusted and shown (one context per client), and one
// session on top of a connected socket. Below redis_socket, OpenSSL underneath. Peers are always
// verified, TLS is 1.2 at least, and writes never raise SIGPIPE. One thread at a time.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/redis_url.h"

namespace oddsloom {

class RedisTls {
 public:
  // Reads the certificates that the target names. Errors: Invalid (a file that cannot be read, a
  // key that does not belong to the certificate).
  static Result<std::unique_ptr<RedisTls>> create(const RedisTarget& target);

  SSL_CTX* context() const { return context_.get(); }
  const std::string& server_name() const { return server_name_; }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  RedisTls() = default;
  std::unique_ptr<SSL_CTX, Free> context_;
  std::string server_name_;
};

// What OpenSSL's input and output of a session know of it.
struct RedisTlsEndpoint {
  int fd = -1;
  bool established = false;  // the handshake is over
};

class RedisTlsSession {
 public:
  // What an attempt came to: `bytes` moved, or what the socket must be ready for first.
  struct Step {
    std::size_t bytes = 0;
    bool wants_read = false;
    bool wants_write = false;
  };

  // `fd` is connected, non-blocking, and closed by the caller, after the session. The peer must be
  // `host` (a name or an address), or the server name of the setting if there is one.
  static Result<std::unique_ptr<RedisTlsSession>> create(const RedisTls& tls, int fd,
                                                         const std::string& host);

  // Errors: Invalid (a certificate is refused, theirs or ours), Unavailable (anything else: closed,
  // not TLS, no common version).
  Result<Step> handshake();  // done when neither is wanted
  Result<Step> read(char* to, std::size_t size);
  Result<Step> write(std::string_view bytes);

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  explicit RedisTlsSession(int fd) : endpoint_{.fd = fd} {}
  Result<Step> outcome(int result, std::size_t bytes);
  RedisTlsEndpoint endpoint_;  // ssl_ points here
  std::unique_ptr<SSL, Free> ssl_;
};

}  // namespace oddsloom
