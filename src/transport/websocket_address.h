// What a websocket's URL, its headers and its proxy say, taken apart and judged before anything is
// opened. Private to transport/. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace oddsloom {

struct WebsocketAddress {
  bool tls = false;
  std::string host;         // without the brackets of an IPv6 address
  std::string port;         // 80 and 443 where the URL names none
  std::string target;       // path and query, at least "/"
  std::string host_header;  // as the URL has it
};

// Errors: Invalid, saying what is wrong with it; never with the query in it.
Result<WebsocketAddress> parse_websocket_url(std::string_view url);

// Errors: Invalid; a kind of proxy that a websocket cannot use is one. Never with the password.
Result<void> check_websocket_proxy(std::string_view url);

// "Name: value". Errors: Invalid (no colon, an empty name, a line break).
Result<std::pair<std::string, std::string>> parse_header(std::string_view header);

}  // namespace oddsloom
