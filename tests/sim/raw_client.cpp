#include "raw_client.h"

#include <arpa/inet.h>
#include <libdeflate.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include "base/text.h"

namespace oddsloom::sim::testing {

RawConnection::RawConnection(std::uint16_t port, std::chrono::milliseconds deadline) {
  socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval wait{.tv_sec = deadline.count() / 1000, .tv_usec = deadline.count() % 1000 * 1000};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect");
}

RawConnection::~RawConnection() { ::close(socket_); }

void RawConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) throw std::runtime_error("cannot send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void RawConnection::get(std::string_view target, std::string_view extra_headers) {
  std::string request = "GET ";
  request.append(target).append(" HTTP/1.1\r\nhost: sim\r\n").append(extra_headers).append("\r\n");
  send(request);
}

bool RawConnection::read_more() {
  std::array<char, 65536> chunk{};
  const ssize_t size = ::recv(socket_, chunk.data(), chunk.size(), 0);
  timed_out_ = size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  if (size <= 0) return false;
  buffer_.append(chunk.data(), static_cast<std::size_t>(size));
  return true;
}

Reply RawConnection::receive() {
  Reply reply;
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more()) {
      reply.timed_out = timed_out_;
      return reply;
    }
  }
  const std::string head = buffer_.substr(0, end);
  buffer_.erase(0, end + 4);
  for (const std::string_view line : split(head, '\n')) {
    const std::size_t colon = line.find(':');
    if (line.starts_with("HTTP/"))
      reply.status = static_cast<int>(parse_int(line.substr(9, 3)).value_or(0));
    else if (colon != std::string_view::npos)
      reply.headers[to_lower_ascii(line.substr(0, colon))] = trim(line.substr(colon + 1));
  }
  reply.announced =
      static_cast<std::size_t>(parse_int(reply.headers["content-length"]).value_or(0));
  while (buffer_.size() < reply.announced && read_more()) {
  }
  reply.whole = buffer_.size() >= reply.announced;
  reply.timed_out = timed_out_;
  reply.body = buffer_.substr(0, reply.announced);
  buffer_.erase(0, reply.body.size());
  return reply;
}

Reply get(std::uint16_t port, std::string_view target, std::string_view extra_headers) {
  RawConnection connection(port);
  connection.get(target, extra_headers);
  return connection.receive();
}

Reply post(std::uint16_t port, std::string_view target, std::string_view body) {
  RawConnection connection(port);
  std::string request = "POST ";
  request.append(target).append(" HTTP/1.1\r\nhost: sim\r\ncontent-length: ");
  request.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  connection.send(request);
  return connection.receive();
}

std::string gunzip(const std::string& bytes) {
  std::string out(std::size_t{4} << 20U, '\0');
  std::size_t size = 0;
  libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
  const auto result = libdeflate_gzip_decompress(decompressor, bytes.data(), bytes.size(),
                                                 out.data(), out.size(), &size);
  libdeflate_free_decompressor(decompressor);
  if (result != LIBDEFLATE_SUCCESS) throw std::runtime_error("not gzip");
  out.resize(size);
  return out;
}

}  // namespace oddsloom::sim::testing
