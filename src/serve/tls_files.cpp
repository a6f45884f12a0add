#include "serve/tls_files.h"

#include <fmt/format.h>

#include "base/log.h"

namespace oddsloom {
namespace {

namespace ssl = boost::asio::ssl;

Result<std::shared_ptr<TlsFiles::Context>> read(const std::string& certificate,
                                                const std::string& key) {
  using Code = boost::system::error_code;
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // A connection that waits holds no buffers.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  Code error;
  // Without this OpenSSL asks at the terminal.
  context->set_password_callback([](std::size_t, auto) { return std::string(); }, error);
  const auto failed = [&](const std::string& file) {
    return fail(ErrorKind::Invalid, file, error.message());
  };
  context->use_certificate_chain_file(certificate, error);
  if (error) return failed(certificate);
  context->use_private_key_file(key, ssl::context::pem, error);
  if (error) return failed(key);
  if (SSL_CTX_check_private_key(native) != 1)
    return fail(ErrorKind::Invalid, key, fmt::format("is not the key of {}", certificate));
  return context;
}

}  // namespace

Result<TlsFiles> TlsFiles::load(std::string certificate, std::string key, ServeMetrics& metrics) {
  TlsFiles out(std::move(certificate), std::move(key), metrics);
  out.certificate_stamp_ = file_stamp(out.certificate_);
  out.key_stamp_ = file_stamp(out.key_);
  auto context = read(out.certificate_, out.key_);
  if (!context) return tl::unexpected(context.error());
  out.context_ = *std::move(context);
  return out;
}

void TlsFiles::look() {
  const FileStamp certificate = file_stamp(certificate_), key = file_stamp(key_);
  // What failed is tried again: the two files are not replaced at the same moment.
  if (certificate == certificate_stamp_ && key == key_stamp_ && failure_.empty()) return;
  certificate_stamp_ = certificate;
  key_stamp_ = key;
  auto context = read(certificate_, key_);
  if (context) {
    context_ = *std::move(context);
    failure_.clear();
    metrics_->tls_reloads.add();
    log::info("certificate_reloaded", {log::kv("file", certificate_)});
    return;
  }
  metrics_->tls_reload_failures.add();
  if (const std::string why = context.error().text(); why != failure_) {
    failure_ = why;
    log::error("certificate_not_reloaded",
               {log::kv("why", why), log::kv("kept", "the one before")});
  }
}

}  // namespace oddsloom
