// A real `redis-server` as a child process of a test, on a loopback port and in a folder of its
// own; it dies with the test program. Up when the constructor returns. One thread at a time; cli()
// any. Its own commands go over a unix socket in the folder, so they work with TLS, with a port
// shut off by a test and whatever the test does to its user.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/redis_connection.h"
#include "support/temp_dir.h"
#include "support/tied_process.h"

namespace oddsloom::test {

struct RedisTls;  // an authority and what it certified

struct RedisServerOptions {
  bool persistent = false;          // appendonly: what was written outlives kill() and stop()
  std::string fsync = "everysec";   // or "always": appendfsync of a persistent one
  std::string user, password;       // a password alone: requirepass; with a user: an ACL user who..
  std::string acl = "~* &* +@all";  // ..may do this
  bool tls = false;                 // TLS only on the port; certificates of its own
  std::string tls_names = "IP:127.0.0.1,DNS:localhost";  // whom its certificate is for
  bool tls_client_certificate = false;                   // demands one of clients
  std::shared_ptr<const RedisTls> certificates;          // another's: options().certificates of it
  bool unix_socket = false;                              // no port at all
  bool cluster = false;                                  // a node, not yet in any cluster
  std::optional<std::uint16_t> replica_of;               // a port; same password and TLS or not
  std::vector<std::string> more;                         // {"--maxmemory", "2mb"}
  std::string config;  // text of a configuration file, for what has no argument
};

class RedisServer {
 public:
  // Throws with the end of the server's log, or with the Debian package to install.
  explicit RedisServer(RedisServerOptions options = {});
  ~RedisServer();  // SIGKILL
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  const std::string& host() const { return host_; }     // "127.0.0.1"
  std::uint16_t port() const { return port_; }          // 0 with unix_socket
  std::uint16_t bus_port() const { return bus_port_; }  // of a cluster node
  const RedisServerOptions& options() const { return options_; }
  // redis://[[user]:password@]127.0.0.1:PORT, rediss://..?ca_file=PEM, unix:///PATH[?user=..]
  std::string url() const { return url_at(port_); }
  // The same by way of another port: a TcpGate's.
  std::string url_at(std::uint16_t port) const;
  // With TLS, PEM files: its authority's; one nobody's certificates come from; a pair for clients.
  std::string ca_file() const;
  std::string unknown_ca_file() const;
  std::string certificate_file() const;
  std::string key_file() const;

  pid_t pid() const;  // of the one running
  bool running();
  void stop();     // SHUTDOWN, with SAVE if persistent; returns when it is gone
  void kill();     // SIGKILL; returns when it is gone
  void start();    // after stop() or kill(): again, same port and folder; returns when it is up
  void suspend();  // SIGSTOP: it takes connections (the kernel does) and answers nothing
  void resume();

  // One command, its answer as text; see RedisConnection::run. Throws when nobody answers.
  template <class... Words>
  std::string cli(const Words&... words) const {
    return run({std::string(words)...});
  }
  std::string run(const std::vector<std::string>& words) const;
  // A field of INFO: info("master_link_status").
  std::string info(std::string_view field) const;
  std::string log() const;
  std::string log_tail() const;
  const TempDir& folder() const { return dir_; }

 private:
  std::vector<std::string> command() const;
  bool answers() const;
  void launch();
  [[noreturn]] void fail(const std::string& what) const;

  RedisServerOptions options_;
  TempDir dir_;
  const std::string host_ = "127.0.0.1";
  std::uint16_t port_ = 0;
  std::uint16_t bus_port_ = 0;
  std::string own_password_;  // of the default user
  std::unique_ptr<TiedProcess> process_;
};

}  // namespace oddsloom::test
