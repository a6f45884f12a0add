#include "transport/websocket_address.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace oddsloom {
namespace {

constexpr std::int64_t kMostPort = 65'535;

struct Authority {
  std::string user, host, port;
};

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < ' ' || byte == 0x7F;
  });
}

// "[user@]host[:port]", an IPv6 address in brackets.
std::optional<Authority> parse_authority(std::string_view text) {
  Authority out;
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    out.user = text.substr(0, at);
    text.remove_prefix(at + 1);
  }
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    out.host = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
  } else {
    out.host = text.substr(0, text.find(':'));
    text.remove_prefix(out.host.size());
  }
  if (out.host.empty() || out.host.find_first_of(" \t") != std::string::npos) return std::nullopt;
  if (text.empty()) return out;
  const auto port = parse_int(text.substr(1));
  if (text.front() != ':' || !port || *port < 1 || *port > kMostPort) return std::nullopt;
  out.port = text.substr(1);
  return out;
}

std::string base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr std::uint32_t kSix = 0x3F;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const std::size_t bytes = std::min<std::size_t>(3, text.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = (group << 8U) | (j < bytes ? static_cast<unsigned char>(text[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      out +=
          j <= bytes ? kDigits[(group >> (18U - 6U * static_cast<std::uint32_t>(j))) & kSix] : '=';
  }
  return out;
}

std::string percent_decoded(std::string_view text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 &&
        digit(text[i + 2]) >= 0) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

Result<WebsocketAddress> parse_websocket_url(std::string_view url) {
  const auto bad = [](std::string message) {
    return fail(ErrorKind::Invalid, "websocket URL", std::move(message));
  };
  WebsocketAddress out;
  if (has_control(url)) return bad("holds a control character");
  const auto scheme_end = url.find("://");
  const std::string scheme =
      scheme_end == std::string_view::npos ? "" : to_lower_ascii(url.substr(0, scheme_end));
  if (scheme != "ws" && scheme != "wss") return bad("does not begin with ws:// or wss://");
  out.tls = scheme == "wss";
  std::string_view rest = url.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find('#'));
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  const auto parsed = parse_authority(authority);
  if (!parsed) return bad("has no host, or a port that is none");
  if (!parsed->user.empty()) return bad("names a user; say it in a header instead");
  out.host = parsed->host;
  out.port = !parsed->port.empty() ? parsed->port : out.tls ? "443" : "80";
  out.host_header = authority;
  out.target = rest.substr(authority.size());
  if (!out.target.starts_with('/')) out.target.insert(0, 1, '/');
  if (out.target.find(' ') != std::string::npos) return bad("holds a space");
  return out;
}

Result<ProxyAddress> parse_websocket_proxy(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!to_lower_ascii(url.substr(0, kScheme.size())).starts_with(kScheme))
    return fail(ErrorKind::Invalid, "websocket proxy",
                "a websocket goes through proxies of the kind http://host:port only");
  std::string_view rest = url.substr(kScheme.size());
  const auto parsed = parse_authority(rest.substr(0, rest.find('/')));
  if (!parsed || parsed->port.empty() || has_control(url))
    return fail(ErrorKind::Invalid, "websocket proxy", "not a URL like http://host:port");
  ProxyAddress out{parsed->host, parsed->port, ""};
  if (!parsed->user.empty()) out.authorization = "Basic " + base64(percent_decoded(parsed->user));
  return out;
}

Result<std::pair<std::string, std::string>> parse_header(std::string_view header) {
  const auto colon = header.find(':');
  const std::string_view name = trim(header.substr(0, colon));
  if (colon == std::string_view::npos || name.empty() || has_control(header) ||
      name.find(' ') != std::string_view::npos)
    return fail(ErrorKind::Invalid, "header", "not of the form 'Name: value'");
  return std::pair<std::string, std::string>(name, trim(header.substr(colon + 1)));
}

}  // namespace oddsloom
