#include "store/redis_tls.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace oddsloom {
namespace {

// OpenSSL's reason for the oldest failure that it noted, e.g. "wrong version number".
std::string openssl_reason() {
  const unsigned long code = ERR_peek_error();
  const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  return reason ? reason : "no reason given";
}

// The other side's alert that says: not with this certificate of yours.
bool refuses_our_certificate(unsigned long code) {
  switch (ERR_GET_REASON(code)) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
      return true;
    default:
      return false;
  }
}

bool is_ip_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return inet_pton(AF_INET, host.c_str(), ignored.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), ignored.data()) == 1;
}

// OpenSSL's own socket BIO writes with write(), which raises SIGPIPE when the peer is gone; this
// one sends with MSG_NOSIGNAL.
const RedisTlsEndpoint& endpoint_of(BIO* bio) {
  return *static_cast<const RedisTlsEndpoint*>(BIO_get_data(bio));
}

bool try_later(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

int bio_write(BIO* bio, const char* from, int size) {
  BIO_clear_retry_flags(bio);
  const RedisTlsEndpoint& endpoint = endpoint_of(bio);
  const auto sent = send(endpoint.fd, from, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  // A server that closed may have said why: that is for the next read to find out.
  const bool closed = sent < 0 && (errno == EPIPE || errno == ECONNRESET);
  if (sent < 0 && (try_later(errno) || (closed && endpoint.established))) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int bio_read(BIO* bio, char* to, int size) {
  BIO_clear_retry_flags(bio);
  const auto got = recv(endpoint_of(bio).fd, to, static_cast<std::size_t>(size), 0);
  if (got < 0 && try_later(errno)) BIO_set_retry_read(bio);
  if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(got);
}

long bio_control(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* bio_method() {
  static BIO_METHOD* const kMethod = [] {
    BIO_METHOD* method =
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without SIGPIPE");
    if (method) {
      BIO_meth_set_write(method, &bio_write);
      BIO_meth_set_read(method, &bio_read);
      BIO_meth_set_ctrl(method, &bio_control);
    }
    return method;
  }();
  return kMethod;
}

// `endpoint` outlives it.
BIO* make_bio(RedisTlsEndpoint* endpoint) {
  BIO* bio = bio_method() ? BIO_new(bio_method()) : nullptr;
  if (!bio) return nullptr;
  BIO_set_data(bio, endpoint);
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace

Result<std::unique_ptr<RedisTls>> RedisTls::create(const RedisTarget& target) {
  ERR_clear_error();
  std::unique_ptr<RedisTls> tls(new RedisTls());
  tls->context_.reset(SSL_CTX_new(TLS_client_method()));
  tls->server_name_ = target.server_name;
  SSL_CTX* context = tls->context();
  if (!context) return fail(ErrorKind::Internal, "TLS", openssl_reason());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_read_ahead(context, 1);  // a record takes one recv() instead of two
  const bool trusted = target.ca_file.empty() ? SSL_CTX_set_default_verify_paths(context) == 1
                                              : SSL_CTX_load_verify_locations(
                                                    context, target.ca_file.c_str(), nullptr) == 1;
  if (!trusted)
    return fail(ErrorKind::Invalid, target.ca_file.empty() ? "TLS" : target.ca_file,
                "trusted certificates cannot be read: " + openssl_reason());
  if (target.cert_file.empty()) return tls;
  if (SSL_CTX_use_certificate_chain_file(context, target.cert_file.c_str()) != 1)
    return fail(ErrorKind::Invalid, target.cert_file, "no certificate: " + openssl_reason());
  if (SSL_CTX_use_PrivateKey_file(context, target.key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    return fail(ErrorKind::Invalid, target.key_file,
                "no key, or not that of the certificate: " + openssl_reason());
  return tls;
}

Result<std::unique_ptr<RedisTlsSession>> RedisTlsSession::create(const RedisTls& tls, int fd,
                                                                 const std::string& host) {
  ERR_clear_error();
  std::unique_ptr<RedisTlsSession> session(new RedisTlsSession(fd));
  session->ssl_.reset(SSL_new(tls.context()));
  SSL* ssl = session->ssl_.get();
  BIO* bio = ssl ? make_bio(&session->endpoint_) : nullptr;
  if (!bio) return fail(ErrorKind::Internal, "TLS", openssl_reason());
  SSL_set_bio(ssl, bio, bio);
  SSL_set_connect_state(ssl);
  const std::string& expected = tls.server_name().empty() ? host : tls.server_name();
  const bool named = is_ip_address(expected)
                         ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), expected.c_str()) == 1
                         : SSL_set1_host(ssl, expected.c_str()) == 1 &&
                               SSL_set_tlsext_host_name(ssl, expected.c_str()) == 1;
  if (!named)
    return fail(ErrorKind::Invalid, "TLS", "'" + expected + "' cannot be a server's name");
  return session;
}

Result<RedisTlsSession::Step> RedisTlsSession::handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  endpoint_.established = result == 1;
  return outcome(result, 0);
}

Result<RedisTlsSession::Step> RedisTlsSession::read(char* to, std::size_t size) {
  ERR_clear_error();
  std::size_t bytes = 0;
  const int result = SSL_read_ex(ssl_.get(), to, size, &bytes);
  return outcome(result, bytes);
}

Result<RedisTlsSession::Step> RedisTlsSession::write(std::string_view bytes) {
  ERR_clear_error();
  std::size_t written = 0;
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written);
  return outcome(result, written);
}

Result<RedisTlsSession::Step> RedisTlsSession::outcome(int result, std::size_t bytes) {
  if (result == 1) return Step{.bytes = bytes};
  const int error_number = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Step{.wants_read = true};
    case SSL_ERROR_WANT_WRITE:
      return Step{.wants_write = true};
    case SSL_ERROR_ZERO_RETURN:
      return fail(ErrorKind::Unavailable, "", "the server closed the connection");
    case SSL_ERROR_SYSCALL:
      if (error_number != 0) return fail(ErrorKind::Unavailable, "", std::strerror(error_number));
      return fail(ErrorKind::Unavailable, "", "the server closed the connection");
    default:
      break;
  }
  if (const long verdict = SSL_get_verify_result(ssl_.get()); verdict != X509_V_OK)
    return fail(ErrorKind::Invalid, "",
                std::string("the server's certificate is refused: ") +
                    X509_verify_cert_error_string(verdict));
  if (refuses_our_certificate(ERR_peek_error()))
    return fail(ErrorKind::Invalid, "", "the server refuses our certificate: " + openssl_reason());
  return fail(ErrorKind::Unavailable, "", "TLS not agreed: " + openssl_reason());
}

}  // namespace oddsloom
