// "127.0.0.1:8090", "[::1]:0", "localhost:8090": where to listen. Pure; any thread.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "base/result.h"

namespace oddsloom {

// Errors: Invalid. Names are not looked up, but for localhost, which is 127.0.0.1.
Result<boost::asio::ip::tcp::endpoint> parse_listen_address(const std::string& text);

// "127.0.0.1:8090", "[::1]:8090"
std::string to_text(const boost::asio::ip::tcp::endpoint& endpoint);

}  // namespace oddsloom
