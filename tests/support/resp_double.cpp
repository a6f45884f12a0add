#include "support/resp_double.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <utility>

#include "support/free_port.h"

namespace oddsloom::test {
namespace resp {

std::string simple(std::string_view text) { return "+" + std::string(text) + "\r\n"; }
std::string error(std::string_view text) { return "-" + std::string(text) + "\r\n"; }
std::string integer(std::int64_t number) { return ":" + std::to_string(number) + "\r\n"; }
std::string bulk(std::string_view bytes) {
  return "$" + std::to_string(bytes.size()) + "\r\n" + std::string(bytes) + "\r\n";
}
std::string nil() { return "$-1\r\n"; }
std::string array(const std::vector<std::string>& items) {
  std::string out = "*" + std::to_string(items.size()) + "\r\n";
  for (const std::string& item : items) out += item;
  return out;
}
std::string bulks(const std::vector<std::string>& texts) {
  std::vector<std::string> items;
  for (const std::string& text : texts) items.push_back(bulk(text));
  return array(items);
}

}  // namespace resp

namespace {

// Takes the bytes of a connection apart.
class Commands {
 public:
  void add(std::string_view bytes) { unread_ += bytes; }

  // Nothing when the next one has not arrived whole.
  std::optional<RespDouble::Command> next() {
    std::size_t at = 0;
    const auto words = number(at, '*');
    if (!words) return std::nullopt;
    RespDouble::Command out;
    for (long i = 0; i < *words; ++i) {
      const auto size = number(at, '$');
      if (!size || unread_.size() < at + static_cast<std::size_t>(*size) + 2) return std::nullopt;
      out.push_back(unread_.substr(at, static_cast<std::size_t>(*size)));
      at += static_cast<std::size_t>(*size) + 2;
    }
    unread_.erase(0, at);
    return out;
  }

 private:
  std::optional<long> number(std::size_t& at, char kind) {
    const std::size_t end = unread_.find("\r\n", at);
    if (end == std::string::npos) return std::nullopt;
    if (unread_[at] != kind)
      throw std::runtime_error("not a command: " + unread_.substr(at, end - at));
    const long out = std::strtol(unread_.c_str() + at + 1, nullptr, 10);
    at = end + 2;
    return out;
  }

  std::string unread_;
};

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

RespDouble::RespDouble(Handler handler) : handler_(std::move(handler)) {
  listener_ = listen_on(port_ = free_port());
  acceptor_ = std::thread([this] { accept_loop(); });
}

RespDouble::~RespDouble() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    shutdown(listener_, SHUT_RDWR);  // ends accept()
  }
  cut();
  acceptor_.join();
  for (Client& client : clients_) client.thread.join();
  close(listener_);
}

void RespDouble::accept_loop() {
  while (true) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int on = 1;
    if (fd >= 0) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (fd < 0) return;
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      close(fd);
      return;
    }
    Client& client = clients_.emplace_back();
    client.fd = fd;
    client.thread = std::thread([this, &client] { serve(client); });
  }
}

void RespDouble::serve(Client& client) {
  Commands commands;
  std::array<char, 16 * 1024> buffer{};
  try {
    for (bool open = true; open;) {
      const ssize_t got = recv(client.fd, buffer.data(), buffer.size(), 0);
      if (got <= 0) break;
      commands.add({buffer.data(), static_cast<std::size_t>(got)});
      while (open) {
        const auto command = commands.next();
        if (!command) break;
        open = answer(client.fd, *command);
      }
    }
  } catch (const std::runtime_error& wrong) {
    send_all(client.fd, resp::error(std::string("ERR Protocol error: ") + wrong.what()));
  }
  const std::lock_guard lock(mutex_);
  client.done = true;
  close(client.fd);
}

bool RespDouble::answer(int fd, const Command& command) {
  {
    const std::lock_guard lock(mutex_);
    commands_.push_back(command);
  }
  std::string bytes;
  {
    const std::lock_guard lock(handling_);
    bytes = handler_(command);
  }
  const bool hang_up = bytes.ends_with(kHangUp);
  if (hang_up) bytes.resize(bytes.size() - kHangUp.size());
  return send_all(fd, bytes) && !hang_up;
}

std::vector<RespDouble::Command> RespDouble::commands() const {
  const std::lock_guard lock(mutex_);
  return commands_;
}

std::size_t RespDouble::count(std::string_view name) const {
  std::size_t out = 0;
  for (const Command& command : commands())
    if (!command.empty() && strcasecmp(command[0].c_str(), std::string(name).c_str()) == 0) ++out;
  return out;
}

std::size_t RespDouble::connections() const {
  const std::lock_guard lock(mutex_);
  return clients_.size();
}

void RespDouble::handle(Handler handler) {
  const std::lock_guard lock(handling_);
  handler_ = std::move(handler);
}

void RespDouble::cut() {
  const std::lock_guard lock(mutex_);
  for (const Client& client : clients_)
    if (!client.done) shutdown(client.fd, SHUT_RDWR);
}

}  // namespace oddsloom::test
