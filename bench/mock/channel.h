// The bytes of one connection of the mock, in the clear or through TLS: like recv and send on a
// non-blocking socket, with errno EAGAIN where there is nothing to be done now. One thread.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

namespace oddsloom::bench {

using Tls = std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)>;

// HTTP/1.1 is all it offers. Ends the program where the files are no good.
inline Tls make_tls(const char* certificate, const char* key) {
  Tls tls(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  SSL_CTX_set_mode(tls.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (SSL_CTX_use_certificate_file(tls.get(), certificate, SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_use_PrivateKey_file(tls.get(), key, SSL_FILETYPE_PEM) != 1) {
    std::fprintf(stderr, "mock: cannot use %s and %s\n", certificate, key);
    std::exit(1);
  }
  return tls;
}

class Channel {
 public:
  Channel() = default;
  Channel(int fd, SSL_CTX* tls) : fd_(fd) {
    if (tls == nullptr) return;
    ssl_.reset(SSL_new(tls));
    SSL_set_fd(ssl_.get(), fd);
    SSL_set_accept_state(ssl_.get());
  }

  int fd() const { return fd_; }
  bool open() const { return fd_ >= 0; }

  ssize_t receive(char* into, std::size_t room) {
    return ssl_ ? outcome(SSL_read(ssl_.get(), into, static_cast<int>(room)))
                : recv(fd_, into, room, 0);
  }
  ssize_t transmit(const char* data, std::size_t size) {
    return ssl_ ? outcome(SSL_write(ssl_.get(), data, static_cast<int>(size)))
                : send(fd_, data, size, MSG_NOSIGNAL);
  }
  void close_down() {
    ssl_.reset();
    close(std::exchange(fd_, -1));
  }

 private:
  ssize_t outcome(int done) {
    if (done > 0) return done;
    const int error = SSL_get_error(ssl_.get(), done);
    errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : EIO;
    ERR_clear_error();
    return -1;
  }

  int fd_ = -1;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_{nullptr, SSL_free};
};

}  // namespace oddsloom::bench
