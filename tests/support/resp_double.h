// A tiny RESP server in this process, for what no packaged redis-server does: old versions, odd
// answers, a hang-up at the worst moment. It takes commands (arrays of bulk strings), keeps them
// and answers what the test's handler says. Its functions may be called from any thread; the
// handler is called by one thread at a time.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace oddsloom::test {

// RESP2, as bytes.
namespace resp {
std::string simple(std::string_view text);  // "+OK\r\n"
std::string error(std::string_view text);   // "-ERR ..\r\n"
std::string integer(std::int64_t number);
std::string bulk(std::string_view bytes);
std::string nil();
std::string array(const std::vector<std::string>& items);  // each of them RESP
std::string bulks(const std::vector<std::string>& texts);  // an array of bulk strings
}  // namespace resp

class RespDouble {
 public:
  using Command = std::vector<std::string>;
  // The bytes of the answer, whole or not; "" is none.
  using Handler = std::function<std::string(const Command&)>;
  // An answer, or the end of one: closes the connection after what stands before it.
  static inline const std::string kHangUp{"\0hang up\0", 9};

  explicit RespDouble(Handler handler);
  ~RespDouble();  // cuts all connections
  RespDouble(const RespDouble&) = delete;
  RespDouble& operator=(const RespDouble&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_); }
  std::vector<Command> commands() const;           // in order of arrival
  std::size_t count(std::string_view name) const;  // of commands with this first word, any case
  std::size_t connections() const;                 // accepted so far
  void handle(Handler handler);                    // from now on
  void cut();                                      // all connections there are

 private:
  struct Client {
    int fd = -1;
    bool done = false;
    std::thread thread;
  };
  void accept_loop();
  void serve(Client& client);
  bool answer(int fd, const Command& command);

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::mutex handling_;  // of handler_
  Handler handler_;
  mutable std::mutex mutex_;  // of what follows
  std::list<Client> clients_;
  std::vector<Command> commands_;
  bool stopping_ = false;
  std::thread acceptor_;
};

}  // namespace oddsloom::test
