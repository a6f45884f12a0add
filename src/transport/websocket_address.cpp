#include "transport/websocket_address.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/text.h"

namespace oddsloom {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct FreeText {
  void operator()(char* text) const { curl_free(text); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

// Taken apart by libcurl, as the HTTP client's are; null when it is no URL.
Url parse_url(std::string_view text) {
  Url url(curl_url());
  constexpr unsigned kFlags = CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS;
  // A zero would end it early.
  if (!url || text.find('\0') != std::string_view::npos ||
      curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), kFlags) != CURLUE_OK)
    return nullptr;
  return url;
}

// "" = the URL does not have it.
std::string part(const Url& url, CURLUPart which, unsigned flags = 0) {
  char* raw = nullptr;
  if (curl_url_get(url.get(), which, &raw, flags) != CURLUE_OK) return {};
  return std::unique_ptr<char, FreeText>(raw).get();
}

std::string without_brackets(const std::string& host) {
  return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

}  // namespace

Result<WebsocketAddress> parse_websocket_url(std::string_view text) {
  const auto bad = [](std::string message) {
    return fail(ErrorKind::Invalid, "websocket URL", std::move(message));
  };
  const std::string lower = to_lower_ascii(text.substr(0, 6));
  if (!lower.starts_with("ws://") && !lower.starts_with("wss://"))
    return bad("does not begin with ws:// or wss://");
  const Url url = parse_url(text);
  if (!url) return bad("has no host, or a port or a character that is none");
  if (!part(url, CURLUPART_USER).empty() || !part(url, CURLUPART_PASSWORD).empty())
    return bad("names a user; say it in a header instead");
  WebsocketAddress out;
  out.tls = lower.starts_with("wss:");
  const std::string host = part(url, CURLUPART_HOST), port = part(url, CURLUPART_PORT);
  if (port == "0") return bad("has a port that is none");
  out.host = without_brackets(host);
  out.port = !port.empty() ? port : out.tls ? "443" : "80";
  out.host_header = port.empty() ? host : host + ":" + port;
  out.target = part(url, CURLUPART_PATH);
  if (const std::string query = part(url, CURLUPART_QUERY); !query.empty())
    out.target.append("?").append(query);
  return out;
}

Result<void> check_websocket_proxy(std::string_view text) {
  const auto bad = [](std::string message) {
    return fail(ErrorKind::Invalid, "websocket proxy", std::move(message));
  };
  const Url url = parse_url(text);
  const std::string scheme = url ? part(url, CURLUPART_SCHEME) : "";
  if (scheme == "https")
    return bad("a websocket goes through http:// and SOCKS proxies, not through https:// ones");
  constexpr std::array<std::string_view, 5> kSchemes{"http", "socks4", "socks4a", "socks5",
                                                     "socks5h"};
  const std::string port = url ? part(url, CURLUPART_PORT) : "";
  if (std::find(kSchemes.begin(), kSchemes.end(), scheme) == kSchemes.end() || port.empty() ||
      port == "0")
    return bad("not a URL like http://host:port or socks5h://host:port");
  return {};
}

Result<std::pair<std::string, std::string>> parse_header(std::string_view header) {
  const auto colon = header.find(':');
  const std::string_view name = trim(header.substr(0, colon));
  const bool has_control = std::any_of(header.begin(), header.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < ' ' || byte == 0x7F;
  });
  if (colon == std::string_view::npos || name.empty() || has_control ||
      name.find(' ') != std::string_view::npos)
    return fail(ErrorKind::Invalid, "header", "not of the form 'Name: value'");
  return std::pair<std::string, std::string>(name, trim(header.substr(colon + 1)));
}

}  // namespace oddsloom
