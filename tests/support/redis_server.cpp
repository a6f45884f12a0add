#include "support/redis_server.h"

#include <signal.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "support/free_port.h"
#include "transport/tls_server.h"

namespace oddsloom::test {

struct RedisTls {
  explicit RedisTls(const std::string& names) : pair(authorities.issue("trusted", names)) {}
  Certificates authorities;
  Certificates::Pair pair;
};

namespace {

constexpr std::chrono::seconds kPatience{20};
constexpr int kMostPorts = 10;  // tried, when others take them at the same moment

std::string percent_encoded(std::string_view text, std::string_view kept = "-_.") {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kept.find(c) != std::string_view::npos;
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    if (plain)
      out += c;
    else
      out.append({'%', kDigits[byte >> 4U], kDigits[byte & 15U]});
  }
  return out;
}

std::string in_url(const std::string& file) { return percent_encoded(file, "-_./"); }

}  // namespace

RedisServer::RedisServer(RedisServerOptions options)
    : options_(std::move(options)),
      // Beside a user of the test's there is the default user: the harness's, and replicas'.
      own_password_(options_.user.empty() ? options_.password : "of-the-harness-only") {
  if (options_.tls && !options_.certificates)
    options_.certificates = std::make_shared<const RedisTls>(options_.tls_names);
  for (int tried = 1;; ++tried) {
    port_ = options_.unix_socket ? 0 : free_port();
    bus_port_ = options_.cluster ? free_port() : 0;
    try {
      start();
      return;
    } catch (const std::runtime_error&) {
      if (tried == kMostPorts || log().find("Address already in use") == std::string::npos) throw;
      std::ofstream(dir_.file("log"));
    }
  }
}

RedisServer::~RedisServer() = default;

std::vector<std::string> RedisServer::command() const {
  std::vector<std::string> out{"redis-server"};
  const auto add = [&](std::initializer_list<std::string> words) {
    out.insert(out.end(), words.begin(), words.end());
  };
  if (!options_.config.empty()) add({dir_.file("redis.conf")});
  add({"--bind", host_, "--port", options_.tls ? "0" : std::to_string(port_)});
  add({"--unixsocket", dir_.file("redis.sock"), "--dir", dir_.path().string()});
  add({"--daemonize", "no", "--save", "", "--enable-debug-command", "yes"});
  add({"--repl-diskless-sync-delay", "0", "--appendonly", options_.persistent ? "yes" : "no"});
  add({"--appendfsync", options_.fsync});
  if (!own_password_.empty()) add({"--requirepass", own_password_, "--masterauth", own_password_});
  if (!options_.user.empty()) {
    add({"--user", options_.user, "on", ">" + options_.password});
    std::istringstream rules(options_.acl);
    for (std::string rule; rules >> rule;) add({rule});
  }
  if (options_.tls) {
    add({"--tls-port", std::to_string(port_), "--tls-replication", "yes", "--tls-cluster", "yes"});
    add({"--tls-ca-cert-file", ca_file(), "--tls-cert-file", certificate_file(), "--tls-key-file",
         key_file()});
    add({"--tls-auth-clients", options_.tls_client_certificate ? "yes" : "no"});
  }
  if (options_.cluster)
    add({"--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-config-file",
         "nodes.conf", "--cluster-port", std::to_string(bus_port_)});
  if (options_.replica_of) add({"--replicaof", host_, std::to_string(*options_.replica_of)});
  out.insert(out.end(), options_.more.begin(), options_.more.end());
  return out;
}

void RedisServer::start() {
  if (running()) throw std::runtime_error("redis-server is running already");
  // A server may have rewritten its file (Sentinel does): only the first start makes it.
  if (!options_.config.empty() && !process_) dir_.write("redis.conf", options_.config);
  std::error_code ignored;
  std::filesystem::remove(dir_.file("redis.sock"), ignored);
  launch();
}

void RedisServer::launch() {
  process_ = std::make_unique<TiedProcess>(command(), "redis-server", dir_.file("log"));
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!answers()) {
    if (!process_->running()) fail("redis-server ended at once");
    if (std::chrono::steady_clock::now() >= until) {
      kill();
      fail("redis-server does not answer");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

bool RedisServer::answers() const {
  // The socket comes after the port; PONG comes after the data.
  if (!std::filesystem::exists(dir_.file("redis.sock"))) return false;
  try {
    return cli("PING") == "PONG";
  } catch (const std::runtime_error&) {
    return false;
  }
}

void RedisServer::fail(const std::string& what) const {
  throw std::runtime_error(what + ": " + log_tail());
}

std::string RedisServer::url_at(std::uint16_t port) const {
  const std::string user = percent_encoded(options_.user);
  const std::string password = percent_encoded(options_.password);
  if (options_.unix_socket) {
    std::string options;
    if (!user.empty()) options += "&user=" + user;
    if (!password.empty()) options += "&password=" + password;
    if (!options.empty()) options[0] = '?';
    return "unix://" + in_url(dir_.file("redis.sock")) + options;
  }
  std::string out = options_.tls ? "rediss://" : "redis://";
  if (!password.empty()) out += user + ":" + password + "@";
  out += host_ + ":" + std::to_string(port);
  if (!options_.tls) return out;
  out += "?ca_file=" + in_url(ca_file());
  if (options_.tls_client_certificate)
    out += "&cert_file=" + in_url(certificate_file()) + "&key_file=" + in_url(key_file());
  return out;
}

std::string RedisServer::ca_file() const {
  return options_.certificates->authorities.authority("trusted");
}
std::string RedisServer::unknown_ca_file() const {
  return options_.certificates->authorities.authority("unknown");
}
std::string RedisServer::certificate_file() const {
  return options_.certificates->pair.certificate;
}
std::string RedisServer::key_file() const { return options_.certificates->pair.key; }

pid_t RedisServer::pid() const { return process_->pid(); }
bool RedisServer::running() { return process_ && process_->running(); }

void RedisServer::stop() {
  try {
    cli("SHUTDOWN", options_.persistent ? "SAVE" : "NOSAVE", "NOW");
  } catch (const std::runtime_error&) {
    // It answers by closing the connection.
  }
  if (process_->wait(kPatience)) return;
  kill();
  fail("redis-server does not shut down");
}

void RedisServer::kill() { process_->kill(); }
void RedisServer::suspend() { process_->signal(SIGSTOP); }
void RedisServer::resume() { process_->signal(SIGCONT); }

std::string RedisServer::run(const std::vector<std::string>& words) const {
  return RedisConnection::unix_socket(dir_.file("redis.sock"), own_password_).run(words);
}

std::string RedisServer::info(std::string_view field) const {
  // A Sentinel cuts the clients of a server it has just told what to be: once more, then.
  for (int tries = 0; tries < 2; ++tries) {
    try {
      return field_of(cli("INFO"), field);
    } catch (const std::runtime_error&) {
    }
  }
  return field_of(cli("INFO"), field);
}

std::string RedisServer::log() const {
  std::ifstream in(dir_.file("log"));
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string RedisServer::log_tail() const {
  constexpr std::size_t kMost = 2'000;
  const std::string all = log();
  return all.substr(all.size() > kMost ? all.size() - kMost : 0);
}

}  // namespace oddsloom::test
