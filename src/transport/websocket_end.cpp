#include "transport/websocket_client.h"

namespace oddsloom {

std::string_view to_string(WebsocketEnd end) {
  switch (end) {
    case WebsocketEnd::Asked:
      return "asked";
    case WebsocketEnd::ClosedByPeer:
      return "closed_by_peer";
    case WebsocketEnd::Lost:
      return "lost";
    case WebsocketEnd::Silent:
      return "silent";
    case WebsocketEnd::TooLarge:
      return "too_large";
    case WebsocketEnd::BrokenFrames:
      return "broken_frames";
    case WebsocketEnd::Refused:
      return "refused";
    case WebsocketEnd::ResolveFailed:
      return "resolve_failed";
    case WebsocketEnd::ConnectFailed:
      return "connect_failed";
    case WebsocketEnd::ProxyFailed:
      return "proxy_failed";
    case WebsocketEnd::TlsFailed:
      return "tls_failed";
    case WebsocketEnd::TimedOut:
      return "timed_out";
  }
  return "lost";
}

}  // namespace oddsloom
