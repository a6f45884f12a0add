#include "transport/curl_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <mutex>

namespace oddsloom {
namespace {

constexpr std::size_t kEventsPerTurn = 64;
constexpr Millis kLongestTurn{60'000};

bool curl_started() {
  static std::once_flag once;
  static CURLcode result = CURLE_FAILED_INIT;
  std::call_once(once, [] { result = curl_global_init(CURL_GLOBAL_DEFAULT); });
  return result == CURLE_OK;
}

}  // namespace

Result<std::unique_ptr<CurlLoop>> CurlLoop::create(std::size_t most_connections_per_host) {
  CURLM* multi = curl_started() ? curl_multi_init() : nullptr;
  if (!multi) return fail(ErrorKind::Internal, "http client", "libcurl cannot start");
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  const int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  std::unique_ptr<CurlLoop> loop(new CurlLoop(multi, epoll, event));
  epoll_event wake{};
  wake.events = EPOLLIN;
  wake.data.fd = event;
  if (epoll < 0 || event < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, event, &wake) != 0)
    return fail(ErrorKind::Unavailable, "http client", "no file descriptors left");

  const auto per_host =
      static_cast<long>(std::clamp<std::size_t>(most_connections_per_host, 1, 10'000));
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, loop.get());
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, loop.get());
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, per_host);
  // One request at a time on a connection, also over HTTP/2: libcurl 7.88 now and then leaves a
  // multiplexed stream waiting for bytes it has already read, until the transfer times out.
  curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
  // Bounds the idle connections. Said outright, because the default differs between versions: no
  // bound, or so few after a quiet moment that the next burst has to connect anew.
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 4 * per_host);
  return loop;
}

CurlLoop::CurlLoop(CURLM* multi, int epoll, int event)
    : multi_(multi), epoll_(epoll), event_(event) {}

CurlLoop::~CurlLoop() {
  curl_multi_cleanup(multi_);  // closes the idle connections through on_close
  if (event_ >= 0) close(event_);
  if (epoll_ >= 0) close(epoll_);
}

void CurlLoop::adopt(CURL* easy) {
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &CurlLoop::on_open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &CurlLoop::on_close);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
}

bool CurlLoop::turn(Millis wait) {
  wait = std::clamp(wait, Millis(0), kLongestTurn);
  if (deadline_)
    wait = std::clamp(std::chrono::ceil<Millis>(*deadline_ - Steady::now()), Millis(0), wait);
  std::array<epoll_event, kEventsPerTurn> events;
  const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                               static_cast<int>(wait.count()));
  bool woken = false;
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.fd == event_) {
      std::uint64_t times = 0;
      woken = read(event_, &times, sizeof times) == sizeof times;
    } else {
      ready(event.data.fd, event.events);
    }
  }
  if (deadline_ && Steady::now() >= *deadline_) {
    deadline_.reset();
    int running = 0;
    curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
  }
  return woken;
}

void CurlLoop::wake() {
  const std::uint64_t once = 1;
  // Can only fail when the counter is full, and then a wake-up is pending anyway.
  [[maybe_unused]] const auto written = write(event_, &once, sizeof once);
}

int CurlLoop::on_socket(CURL* /*easy*/, curl_socket_t fd, int what, void* loop, void* /*unused*/) {
  std::uint32_t wanted = 0;
  if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) wanted |= EPOLLIN;
  if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) wanted |= EPOLLOUT;
  static_cast<CurlLoop*>(loop)->watch(fd, wanted);
  return 0;
}

int CurlLoop::on_timer(CURLM* /*multi*/, long timeout_ms, void* loop) {
  auto& deadline = static_cast<CurlLoop*>(loop)->deadline_;
  if (timeout_ms < 0)
    deadline.reset();
  else
    deadline = Steady::now() + Millis(timeout_ms);
  return 0;
}

curl_socket_t CurlLoop::on_open(void* loop, curlsocktype /*purpose*/, curl_sockaddr* address) {
  const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd < 0) return CURL_SOCKET_BAD;
  static_cast<CurlLoop*>(loop)->socket(fd) = Socket{.adopted = true};
  return fd;
}

int CurlLoop::on_close(void* loop, curl_socket_t fd) {
  auto& self = *static_cast<CurlLoop*>(loop);
  self.unwatch(fd);
  self.socket(fd) = Socket{};
  return close(fd);
}

CurlLoop::Socket& CurlLoop::socket(int fd) {
  const auto index = static_cast<std::size_t>(fd);
  if (index >= sockets_.size()) sockets_.resize(index + 1);
  return sockets_[index];
}

void CurlLoop::watch(int fd, std::uint32_t wanted) {
  Socket& it = socket(fd);
  it.wanted = wanted;
  if (wanted == 0) {
    // A connection libcurl parks stays registered: most come back for the next request. The
    // resolver's own descriptors are closed behind our back, so those go at once.
    if (!it.adopted) unwatch(fd);
    return;
  }
  if (it.registered == wanted) return;
  epoll_event event{};
  event.events = wanted;
  event.data.fd = fd;
  if (epoll_ctl(epoll_, it.registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event) != 0)
    epoll_ctl(epoll_, errno == EEXIST ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
  it.registered = wanted;
}

void CurlLoop::unwatch(int fd) {
  Socket& it = socket(fd);
  if (it.registered == 0) return;
  epoll_event ignored{};
  epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, &ignored);
  it.registered = 0;
}

void CurlLoop::ready(int fd, std::uint32_t events) {
  if (socket(fd).wanted == 0) {
    unwatch(fd);  // an idle connection the other side closed; libcurl notices on its next use
    return;
  }
  int what = 0;
  if ((events & EPOLLIN) != 0) what |= CURL_CSELECT_IN;
  if ((events & EPOLLOUT) != 0) what |= CURL_CSELECT_OUT;
  // With "error" alone libcurl reports a send error; reading finds out what really happened.
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) what |= CURL_CSELECT_ERR | CURL_CSELECT_IN;
  int running = 0;
  curl_multi_socket_action(multi_, fd, what, &running);
}

}  // namespace oddsloom
