#include "discover/devtools_socket.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <chrono>

#include "transport/http_client.h"
#include "transport/websocket_client.h"

namespace oddsloom {
namespace {

constexpr Millis kTurn{50};
constexpr Millis kQuiet{600'000};  // the listener asks for signs of life more often than that

class DevToolsSocket : public DevToolsLink {
 public:
  WebsocketClient client;
  Error lost{ErrorKind::Unavailable, "browser", ""};

  void send(std::string_view json) override {
    if (auto sent = client.send(std::string(json)); !sent) lost.message = sent.error().message;
  }

  Result<std::vector<std::string>> receive(Millis wait) override {
    std::vector<std::string> out;
    for (WebsocketEvent& event : client.poll(wait)) {
      if (event.kind == WebsocketEvent::Kind::Text) out.push_back(std::move(event.text));
      if (event.kind == WebsocketEvent::Kind::Closed)
        lost.message = fmt::format("{}: {}", to_string(event.end), event.message);
    }
    if (out.empty() && !lost.message.empty()) return tl::unexpected(lost);
    return out;
  }
};

tl::unexpected<Error> no_browser(const std::string& address, const std::string& why) {
  return fail(
      ErrorKind::Unavailable, address,
      fmt::format("no browser's DevTools: {}; start one with --remote-debugging-port", why));
}

// What the browser at an HTTP address says of where its DevTools are.
Result<std::string> ask_for_socket(const std::string& address, Millis deadline) {
  HttpClientConfig config;
  config.connect_timeout = config.total_timeout = deadline;
  config.most_body_bytes = 64U << 10U;
  auto client = HttpClient::create(config);
  if (!client) return tl::unexpected(client.error());
  HttpRequest request;
  request.url = address + "/json/version";
  (*client)->start(std::move(request));
  while ((*client)->in_flight() > 0)
    for (const HttpResponse& answer : (*client)->poll(kTurn)) {
      if (answer.end != TransferEnd::Done)
        return no_browser(address, fmt::format("{}: {}", to_string(answer.end), answer.message));
      simdjson::dom::parser parser;
      simdjson::dom::element root;
      std::string_view url;
      if (parser.parse(answer.body).get(root) != simdjson::SUCCESS ||
          root["webSocketDebuggerUrl"].get(url) != simdjson::SUCCESS)
        return no_browser(address, fmt::format("HTTP {} without its address", answer.status));
      return std::string(url);
    }
  return no_browser(address, "no answer");
}

}  // namespace

Result<std::unique_ptr<DevToolsLink>> connect_devtools(const std::string& address,
                                                       Millis deadline) {
  std::string url = address;
  if (!url.starts_with("ws://") && !url.starts_with("wss://")) {
    if (url.find("://") == std::string::npos) url.insert(0, "http://");
    if (!url.starts_with("http://") && !url.starts_with("https://"))
      return fail(ErrorKind::Invalid, address, "expected host:port, http://.. or ws://..");
    while (url.ends_with('/')) url.pop_back();
    auto told = ask_for_socket(url, deadline);
    if (!told) return tl::unexpected(told.error());
    url = *std::move(told);
  }
  auto out = std::make_unique<DevToolsSocket>();
  WebsocketConfig config;
  config.url = url;
  config.connect_timeout = deadline;
  config.idle_timeout = kQuiet;
  config.most_message_bytes = kMostDevToolsBytes;
  if (auto started = out->client.start(std::move(config)); !started)
    return tl::unexpected(started.error());
  const auto end = std::chrono::steady_clock::now() + 2 * deadline;
  while (std::chrono::steady_clock::now() < end)
    for (const WebsocketEvent& event : out->client.poll(kTurn)) {
      if (event.kind == WebsocketEvent::Kind::Opened) return out;
      if (event.kind == WebsocketEvent::Kind::Closed) return no_browser(address, event.message);
    }
  return no_browser(address, "no answer");
}

}  // namespace oddsloom
