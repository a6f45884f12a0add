// A client of a server under test that sends just the bytes it is told to, and reads answers as
// they come. Waits at most some seconds for each. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace oddsloom::test {

struct RawAnswer {
  int status = 0;  // 0: none came, the connection ended
  std::string head;
  std::map<std::string, std::string> headers;  // names in lower case; of equal ones the last
  std::string body;

  std::string header(const std::string& name) const {
    const auto at = headers.find(name);
    return at == headers.end() ? "" : at->second;
  }
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port, const std::string& host = "127.0.0.1");
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  RawClient(RawClient&& other) noexcept;

  // True: all went out.
  bool send(std::string_view bytes);
  // The next answer; its body by Content-Length, unless it is one to HEAD.
  RawAnswer answer(bool to_head = false);
  // Until the text has come, or the connection ends; what has come so far, including it.
  std::string read_until(std::string_view text);
  std::string read_to_end();
  void end_sending();
  bool at_end();         // the other side has closed
  void little_window();  // the kernel keeps little for us: a reader that does not read shows early
  int fd() const { return fd_; }

 private:
  bool read_more();
  int fd_ = -1;
  std::string in_;
};

// One request on a connection of its own.
RawAnswer get(std::uint16_t port, const std::string& target, const std::string& headers = "");

// As curl would make it, with more header lines ("X: y\r\n").
std::string request(const std::string& target, const std::string& headers = "",
                    const std::string& method = "GET");

}  // namespace oddsloom::test
