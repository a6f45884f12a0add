#include "serve/listen_address.h"

#include <fmt/format.h>

#include "base/text.h"

namespace oddsloom {

Result<boost::asio::ip::tcp::endpoint> parse_listen_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  std::string host = text.substr(0, colon);
  const std::int64_t port =
      colon == std::string::npos ? -1 : parse_int(text.substr(colon + 1)).value_or(-1);
  if (host == "localhost") host = "127.0.0.1";
  const bool brackets = host.starts_with('[') && host.ends_with(']');
  if (brackets) host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  const auto ip = boost::asio::ip::make_address(host, error);
  if (error || ip.is_v6() != brackets || port < 0 || port > 65'535)
    return fail(ErrorKind::Invalid, text,
                "expected an IP address and a port, such as 127.0.0.1:8090 or [::1]:8090");
  return boost::asio::ip::tcp::endpoint(ip, static_cast<std::uint16_t>(port));
}

std::string to_text(const boost::asio::ip::tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  return fmt::format("{}:{}", endpoint.address().is_v6() ? fmt::format("[{}]", host) : host,
                     endpoint.port());
}

}  // namespace oddsloom
