// Real TLS servers for tests: certificates made with the `openssl` command in a directory of their
// own, and nghttpd (HTTP/2) or openssl s_server (HTTP/1) as child processes on a port the kernel
// chose. Everything is gone when the objects are. One thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace oddsloom {

// A fresh directory, removed with everything in it.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Runs a program to its end. Throws with its output when it fails, or with the name of the Debian
// package when it is not installed.
void run_program(const std::vector<std::string>& command, const std::string& package,
                 const std::string& log_file);

// Two authorities, "trusted" and "unknown", and server certificates from them.
class Certificates {
 public:
  Certificates();
  std::string authority(const std::string& name) const { return dir_.file(name + ".pem"); }

  struct Pair {
    std::string certificate;
    std::string key;
  };
  // For 127.0.0.1 and localhost; or for `alt_names` instead, e.g. "DNS:other.example".
  Pair issue(const std::string& by,
             const std::string& alt_names = "IP:127.0.0.1,DNS:localhost") const;

 private:
  TempDir dir_;
};

// A server program in the background; its constructor returns when it listens.
class ServerProcess {
 public:
  ServerProcess(const std::vector<std::string>& command, const std::string& package);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  std::uint16_t port() const { return port_; }
  std::string url(const std::string& path, const std::string& host = "127.0.0.1") const {
    return "https://" + host + ":" + std::to_string(port_) + path;
  }

 private:
  TempDir dir_;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace oddsloom
