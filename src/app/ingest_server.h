// A small HTTP endpoint: POST of a body, an answer, nothing else. For programs on this machine; a
// web page in somebody's browser is refused (by its Origin, and by a Host that is no address), for
// it must not be able to put odds into a store. One thread: that of run().
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace oddsloom {

struct IngestAnswer {
  int status = 200;
  std::string body;  // JSON
};

class IngestServer {
 public:
  using Handler = std::function<IngestAnswer(std::string body)>;
  // `address` is "host:port" with an IP address or localhost. Errors: Invalid, Unavailable (taken).
  static Result<std::unique_ptr<IngestServer>> start(const std::string& address,
                                                     std::size_t most_body, Handler handler);
  ~IngestServer();
  IngestServer(const IngestServer&) = delete;
  IngestServer& operator=(const IngestServer&) = delete;

  std::string url() const;  // "http://127.0.0.1:8098"
  // Serves until a stop is asked for or `between`, called every few milliseconds, fails.
  Result<void> run(const std::stop_token& stop, const std::function<Result<void>()>& between);

 private:
  struct Impl;
  explicit IngestServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace oddsloom
