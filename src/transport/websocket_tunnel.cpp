#include "transport/websocket_tunnel.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <new>

namespace oddsloom {

WebsocketTunnel::WebsocketTunnel(const std::string& proxy, const WebsocketAddress& to)
    : multi_(curl_multi_init()), easy_(curl_easy_init()) {
  if (!multi_ || !easy_) throw std::bad_alloc();
  const bool v6 = to.host.find(':') != std::string::npos;
  // Plain http whatever follows: TLS with the site is made on the socket that comes of it.
  const std::string url = v6 ? fmt::format("http://[{}]:{}", to.host, to.port)
                             : fmt::format("http://{}:{}", to.host, to.port);
  curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy_, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy_, CURLOPT_PROXY, proxy.c_str());
  curl_easy_setopt(easy_, CURLOPT_NOPROXY, "");  // unset, libcurl would read the environment
  curl_easy_setopt(easy_, CURLOPT_HTTPPROXYTUNNEL, 1L);
  curl_easy_setopt(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, 3'600'000L);  // the caller's is shorter
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);  // a name lookup that hangs holds nobody up
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_.data());
  curl_multi_add_handle(multi_, easy_);
}

WebsocketTunnel::~WebsocketTunnel() {
  curl_multi_remove_handle(multi_, easy_);
  curl_easy_cleanup(easy_);
  curl_multi_cleanup(multi_);
}

std::optional<Result<int>> WebsocketTunnel::turn() {
  int running = 0;
  curl_multi_perform(multi_, &running);
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(multi_, &left);
  if (!message) return std::nullopt;
  if (message->data.result != CURLE_OK)
    return fail(ErrorKind::Unavailable, "proxy",
                error_[0] != '\0' ? error_.data() : curl_easy_strerror(message->data.result));
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy_, CURLINFO_ACTIVESOCKET, &socket);
  // libcurl closes its own with its handles.
  const int own = socket == CURL_SOCKET_BAD ? -1 : fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (own < 0) return fail(ErrorKind::Unavailable, "proxy", "hung up on the tunnel it had made");
  return own;
}

}  // namespace oddsloom
