#include "tests/transport/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <stdexcept>

namespace oddsloom {
namespace {

constexpr std::chrono::seconds kPatience{10};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

std::uint16_t bind_to_loopback(int fd) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("cannot bind to 127.0.0.1");
  return ntohs(address.sin_port);
}

std::size_t content_length(std::string_view head) {
  const auto at = head.find("Content-Length: ");
  return at == std::string_view::npos
             ? 0
             : std::strtoull(head.data() + at + std::string_view("Content-Length: ").size(),
                             nullptr, 10);
}

}  // namespace

void Gate::open() {
  const std::lock_guard lock(mutex_);
  open_ = true;
  opened_.notify_all();
}

bool Gate::wait() {
  std::unique_lock lock(mutex_);
  return opened_.wait_for(lock, kPatience, [&] { return open_; });
}

bool ScriptedServer::Connection::receive_more() {
  std::array<char, 16 * 1024> buffer;
  const ssize_t got = recv(fd_, buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  unread_.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<std::string> ScriptedServer::Connection::read_request() {
  std::size_t head = 0;
  while ((head = unread_.find("\r\n\r\n")) == std::string::npos)
    if (!receive_more()) return std::nullopt;
  head += 4;
  auto request = read_bytes(head + content_length(unread_.substr(0, head)));
  if (!request) return std::nullopt;
  const std::lock_guard lock(server_.mutex_);
  server_.requests_.push_back(*request);
  return request;
}

std::optional<std::string> ScriptedServer::Connection::read_bytes(std::size_t count) {
  while (unread_.size() < count)
    if (!receive_more()) return std::nullopt;
  std::string bytes = unread_.substr(0, count);
  unread_.erase(0, count);
  return bytes;
}

bool ScriptedServer::Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void ScriptedServer::Connection::wait_closed() {
  while (receive_more()) unread_.clear();
}

void ScriptedServer::Connection::reset() {
  const linger now{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

ScriptedServer::ScriptedServer(Script script) : script_(std::move(script)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  port_ = bind_to_loopback(listener_);
  if (listen(listener_, 256) != 0) throw std::runtime_error("cannot listen on 127.0.0.1");
  acceptor_ = std::thread([this] { accept_loop(); });
}

ScriptedServer::~ScriptedServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    shutdown(listener_, SHUT_RDWR);  // ends accept()
    for (const Client& client : clients_)
      if (!client.done) shutdown(client.fd, SHUT_RDWR);
  }
  acceptor_.join();
  for (Client& client : clients_) client.thread.join();
  close(listener_);
}

void ScriptedServer::accept_loop() {
  for (std::size_t number = 0;; ++number) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const timeval patience{kPatience.count(), 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      close(fd);
      return;
    }
    Client& client = clients_.emplace_back();
    client.fd = fd;
    most_open_ = std::max(most_open_, ++open_);
    client.thread = std::thread([this, &client, number] { run(client, number); });
  }
}

void ScriptedServer::run(Client& client, std::size_t number) {
  Connection connection(*this, client.fd, number);
  script_(connection);
  const std::lock_guard lock(mutex_);
  client.done = true;
  --open_;
  close(client.fd);
}

std::string ScriptedServer::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

std::size_t ScriptedServer::connections() const {
  const std::lock_guard lock(mutex_);
  return clients_.size();
}

std::size_t ScriptedServer::most_at_once() const {
  const std::lock_guard lock(mutex_);
  return most_open_;
}

std::vector<std::string> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::string answer(std::string_view body, std::string_view headers, std::string_view status) {
  std::string out = "HTTP/1.1 ";
  out.append(status).append("\r\n").append(headers);
  out.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
  return out.append(body);
}

std::string target_of(std::string_view request) {
  const auto first = request.find(' ') + 1;
  return std::string(request.substr(first, request.find(' ', first) - first));
}

ScriptedServer::Script always(std::string response) {
  return [response = std::move(response)](ScriptedServer::Connection& connection) {
    while (connection.read_request() && connection.send(response)) {
    }
  };
}

std::uint16_t closed_port() {
  // Bound and closed again: the kernel hands out other ports first for a long while.
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const std::uint16_t port = bind_to_loopback(fd);
  close(fd);
  return port;
}

}  // namespace oddsloom
