// The server's certificate and key, read again when the files change: connections that stand keep
// what they began with, new ones get the new. Files that cannot be used leave the old in force, and
// the log says so. I/O thread only.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "base/result.h"
#include "serve/file_stamp.h"
#include "serve/serve_metrics.h"

namespace oddsloom {

class TlsFiles {
 public:
  using Context = boost::asio::ssl::context;

  // PEM: the certificate with what it is signed by behind it, and its key without a passphrase.
  // Errors: Invalid.
  static Result<TlsFiles> load(std::string certificate, std::string key, ServeMetrics& metrics);

  const std::shared_ptr<Context>& context() const { return context_; }
  // Looks whether the files are others by now.
  void look();

 private:
  TlsFiles(std::string certificate, std::string key, ServeMetrics& metrics)
      : certificate_(std::move(certificate)), key_(std::move(key)), metrics_(&metrics) {}

  std::string certificate_, key_;
  ServeMetrics* metrics_;
  FileStamp certificate_stamp_, key_stamp_;
  std::shared_ptr<Context> context_;
  std::string failure_;  // as logged last, "" = none
};

}  // namespace oddsloom
