#include "app/signals.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

#include "app/options.h"

namespace oddsloom {

StopSignals::StopSignals(std::function<void()> before_forced_exit)
    : before_forced_exit_(std::move(before_forced_exit)) {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGINT);
  sigaddset(&wanted, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
  // A reader of our output that goes away must not kill a worker in the middle of a commit.
  std::signal(SIGPIPE, SIG_IGN);
  signals_ = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
  ending_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (signals_ < 0 || ending_ < 0)
    throw std::system_error(errno, std::generic_category(), "cannot wait for signals");
  thread_ = std::jthread([this] { watch(); });
}

StopSignals::~StopSignals() {
  const std::uint64_t one = 1;
  if (::write(ending_, &one, sizeof one) < 0) std::abort();
  thread_.join();
  ::close(signals_);
  ::close(ending_);
}

void StopSignals::watch() {
  std::array<pollfd, 2> waiting{pollfd{signals_, POLLIN, 0}, pollfd{ending_, POLLIN, 0}};
  for (;;) {
    if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
    if (waiting[1].revents != 0) return;
    signalfd_siginfo info{};
    if (::read(signals_, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) continue;
    if (received_.exchange(true)) {
      if (before_forced_exit_) before_forced_exit_();
      ::_exit(kFailedWork);
    }
    source_.request_stop();
  }
}

}  // namespace oddsloom
