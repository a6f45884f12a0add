// A loopback TCP server for tests: every connection runs the test's script on a thread of its own,
// so a test can answer, cut, stall or lie byte by byte. The scripts see real sockets; nothing of
// the client is replaced. Its functions may be called from any thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace oddsloom {

// Opened once, waited for by many. wait() gives up after ten seconds and says so.
class Gate {
 public:
  void open();
  bool wait();

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

class ScriptedServer {
 public:
  class Connection {
   public:
    Connection(ScriptedServer& server, int fd, std::size_t number)
        : server_(server), fd_(fd), number_(number) {}
    std::size_t number() const { return number_; }  // 0 for the first connection accepted

    // Head and body (by Content-Length) of the next request; nothing when the client hung up.
    std::optional<std::string> read_request();
    // At least this many bytes, or nothing; for other protocols than HTTP.
    std::optional<std::string> read_bytes(std::size_t count);
    // False when the client is gone.
    bool send(std::string_view bytes);
    // Until the client hangs up (or the server is taken down).
    void wait_closed();
    // Closes with a TCP reset instead of an orderly end.
    void reset();

   private:
    bool receive_more();

    ScriptedServer& server_;
    const int fd_;
    const std::size_t number_;
    std::string unread_;
  };
  using Script = std::function<void(Connection&)>;

  explicit ScriptedServer(Script script);
  // Cuts all connections and waits for their scripts.
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(std::string_view path = "/") const;
  std::size_t connections() const;            // accepted so far
  std::size_t most_at_once() const;           // connections open at the same time
  std::vector<std::string> requests() const;  // heads and bodies, in order of arrival

 private:
  struct Client {
    int fd = -1;
    bool done = false;
    std::thread thread;
  };
  void accept_loop();
  void run(Client& client, std::size_t number);

  const Script script_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::list<Client> clients_;
  std::vector<std::string> requests_;
  std::size_t open_ = 0;
  std::size_t most_open_ = 0;
  bool stopping_ = false;
  std::thread acceptor_;
};

// "HTTP/1.1 200 OK", the headers (each ending in \r\n), Content-Length and the body.
std::string answer(std::string_view body, std::string_view headers = "",
                   std::string_view status = "200 OK");

// The target of a request's first line, "/path" or "http://host/path".
std::string target_of(std::string_view request);

// Answers every request on every connection alike.
ScriptedServer::Script always(std::string response);

// A port on 127.0.0.1 on which nothing listens.
std::uint16_t closed_port();

}  // namespace oddsloom
