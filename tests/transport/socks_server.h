// A SOCKS5 proxy on the loopback for tests (RFC 1928, user and password by RFC 1929): does as it is
// asked but for where it leads: every connection goes to one port on 127.0.0.1, whatever name it
// was asked for. Real sockets on both sides. Its functions may be called from any thread.
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace oddsloom {

class SocksServer {
 public:
  // With a user, it wants that and the password.
  explicit SocksServer(std::uint16_t leads_to, std::string user = "", std::string password = "");
  ~SocksServer();  // cuts all connections
  SocksServer(const SocksServer&) = delete;
  SocksServer& operator=(const SocksServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::vector<std::string> asked_for() const;  // "host:port", numbers as numbers
  std::size_t refused() const;                 // for want of the right password

 private:
  void accept_all();
  void serve(int client);
  bool shake_hands(int client);
  void relay(int client, int site);

  const std::uint16_t leads_to_;
  const std::string user_, password_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;  // of what follows
  bool stopping_ = false;
  std::list<int> open_;
  std::vector<std::string> asked_for_;
  std::size_t refused_ = 0;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace oddsloom
