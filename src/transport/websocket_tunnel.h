// Asks a proxy for a way to a host and hands over the connected socket; what is said on it then is
// the caller's. libcurl below, so that a websocket goes through the proxies that polls go through:
// http (by CONNECT), socks4, socks4a, socks5 and socks5h. Not through https ones: what is inside
// their TLS cannot be handed over as a socket. Private to transport/. One thread.
#pragma once

#include <curl/curl.h>

#include <array>
#include <optional>
#include <string>

#include "base/result.h"
#include "transport/websocket_address.h"

namespace oddsloom {

class WebsocketTunnel {
 public:
  // Begins. `proxy` as check_websocket_proxy() accepts it.
  WebsocketTunnel(const std::string& proxy, const WebsocketAddress& to);
  ~WebsocketTunnel();
  WebsocketTunnel(const WebsocketTunnel&) = delete;
  WebsocketTunnel& operator=(const WebsocketTunnel&) = delete;

  // Does what can be done now, without waiting; nothing = not there yet, call again in a few
  // milliseconds. Gives a descriptor that is the caller's to close. Errors: Unavailable, saying
  // what the proxy did; never with its password.
  std::optional<Result<int>> turn();

 private:
  std::array<char, CURL_ERROR_SIZE> error_{};
  CURLM* multi_ = nullptr;
  CURL* easy_ = nullptr;
};

}  // namespace oddsloom
