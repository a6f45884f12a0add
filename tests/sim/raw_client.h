// A blocking HTTP client for tests that look at the wire: sends bytes, says exactly what came back
// and how the connection ended. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace oddsloom::sim::testing {

struct Reply {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;                            // as on the wire, still compressed
  std::size_t announced = 0;                   // content-length
  bool whole = false;                          // all that was announced came
  bool timed_out = false;                      // nothing more came within the deadline
};

class RawConnection {
 public:
  explicit RawConnection(std::uint16_t port,
                         std::chrono::milliseconds deadline = std::chrono::seconds(20));
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  void send(std::string_view bytes);
  void get(std::string_view target, std::string_view extra_headers = "");
  Reply receive();

 private:
  bool read_more();
  int socket_ = -1;
  std::string buffer_;
  bool timed_out_ = false;
};

Reply get(std::uint16_t port, std::string_view target, std::string_view extra_headers = "");
Reply post(std::uint16_t port, std::string_view target, std::string_view body = "");
std::string gunzip(const std::string& bytes);

}  // namespace oddsloom::sim::testing
