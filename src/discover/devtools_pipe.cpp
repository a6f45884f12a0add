#include "discover/devtools_pipe.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace oddsloom {
namespace {

constexpr std::size_t kChunk = std::size_t{256} << 10U;
constexpr std::size_t kMostAtOnce = std::size_t{8}
                                    << 20U;  // then what was read is worked off first

tl::unexpected<Error> gone(std::string_view doing) {
  const int error = errno;
  return fail(ErrorKind::Unavailable, "browser", std::string(doing) + ": " + std::strerror(error));
}

void make_non_blocking(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

}  // namespace

DevToolsPipe::DevToolsPipe(int read_fd, int write_fd) : read_fd_(read_fd), write_fd_(write_fd) {
  make_non_blocking(read_fd_);
  make_non_blocking(write_fd_);
}

DevToolsPipe::~DevToolsPipe() {
  ::close(read_fd_);
  ::close(write_fd_);
}

void DevToolsPipe::send(std::string_view json) {
  unsent_.append(json);
  unsent_.push_back('\0');
}

Result<void> DevToolsPipe::flush() {
  while (sent_ < unsent_.size()) {
    const ssize_t count = ::write(write_fd_, unsent_.data() + sent_, unsent_.size() - sent_);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) break;
    if (count < 0) return gone("cannot be written to");
    sent_ += static_cast<std::size_t>(count);
  }
  if (sent_ == unsent_.size()) {
    unsent_.clear();
    sent_ = 0;
  }
  if (unsent_.size() - sent_ > kMostDevToolsBytes)
    return fail(ErrorKind::OutOfRange, "browser", "it takes no commands any more");
  return {};
}

Result<void> DevToolsPipe::read_some(std::vector<std::string>& out) {
  static thread_local std::array<char, kChunk> chunk;
  for (std::size_t total = 0; total < kMostAtOnce;) {
    const ssize_t count = ::read(read_fd_, chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return {};
    if (count < 0) return gone("cannot be read from");
    if (count == 0) return fail(ErrorKind::Unavailable, "browser", "it has ended");
    total += static_cast<std::size_t>(count);
    std::string_view piece(chunk.data(), static_cast<std::size_t>(count));
    for (std::size_t end; (end = piece.find('\0')) != std::string_view::npos;) {
      partial_.append(piece.substr(0, end));
      out.push_back(std::exchange(partial_, {}));
      piece.remove_prefix(end + 1);
    }
    partial_.append(piece);
    if (partial_.size() > kMostDevToolsBytes)
      return fail(ErrorKind::OutOfRange, "browser", "one message without an end");
  }
  return {};
}

Result<std::vector<std::string>> DevToolsPipe::receive(Millis wait) {
  if (auto sent = flush(); !sent) return tl::unexpected(sent.error());
  std::array<pollfd, 2> waiting{pollfd{read_fd_, POLLIN, 0},
                                pollfd{unsent_.empty() ? -1 : write_fd_, POLLOUT, 0}};
  if (::poll(waiting.data(), waiting.size(), static_cast<int>(wait.count())) < 0 && errno != EINTR)
    return gone("cannot be waited for");
  if (auto sent = flush(); !sent) return tl::unexpected(sent.error());
  std::vector<std::string> out;
  // What came before the end still counts.
  if (auto read = read_some(out); !read && out.empty()) return tl::unexpected(read.error());
  return out;
}

}  // namespace oddsloom
