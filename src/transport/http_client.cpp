#include "transport/http_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/text.h"
#include "transport/curl_loop.h"
#include "transport/decode.h"
#include "transport/http_transfer.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostIdleHandles = 256;
constexpr Millis kLongestPoll{3'600'000};
constexpr std::array<std::string_view, 6> kProxySchemes{"http",    "https",  "socks4",
                                                        "socks4a", "socks5", "socks5h"};

bool is_proxy_url(const std::string& text) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), &curl_url_cleanup);
  if (!url ||
      curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return false;
  char* raw = nullptr;
  if (curl_url_get(url.get(), CURLUPART_SCHEME, &raw, 0) != CURLUE_OK) return false;
  const std::unique_ptr<char, decltype(&curl_free)> scheme(raw, &curl_free);
  return std::find(kProxySchemes.begin(), kProxySchemes.end(), scheme.get()) != kProxySchemes.end();
}

Result<void> check(const HttpClientConfig& config) {
  for (std::size_t i = 0; i < config.proxies.size(); ++i)
    if (!is_proxy_url(config.proxies[i]))
      return fail(ErrorKind::Invalid, fmt::format("proxies[{}]", i),
                  "not a URL like http://host:port or socks5://host:port");
  if (!config.ca_file.empty()) {
    std::ifstream file(config.ca_file, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (text.str().find("-----BEGIN ") == std::string::npos)
      return fail(ErrorKind::Invalid, config.ca_file,
                  "cannot be read as a PEM file of certificate authorities");
  }
  return {};
}

}  // namespace

struct HttpClient::Impl {
  Impl(HttpClientConfig config_in, Clock clock_in, std::unique_ptr<CurlLoop> loop_in)
      : config(std::move(config_in)), clock(std::move(clock_in)), loop(std::move(loop_in)) {}
  ~Impl() { abort_all(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void start(HttpRequest request);
  void abort_all();
  void collect();
  std::unique_ptr<HttpTransfer> idle_transfer();
  void keep(std::unique_ptr<HttpTransfer> transfer);

  const HttpClientConfig config;
  const Clock clock;
  BodyDecoder decoder;
  std::unique_ptr<CurlLoop> loop;  // before the transfers: their handles go first
  std::vector<std::unique_ptr<HttpTransfer>> running;
  std::vector<std::unique_ptr<HttpTransfer>> idle;
  std::vector<HttpResponse> ended;  // not yet reported
};

std::unique_ptr<HttpTransfer> HttpClient::Impl::idle_transfer() {
  if (idle.empty()) return std::make_unique<HttpTransfer>(config, *loop);
  auto transfer = std::move(idle.back());
  idle.pop_back();
  return transfer;
}

void HttpClient::Impl::keep(std::unique_ptr<HttpTransfer> transfer) {
  if (idle.size() < kMostIdleHandles) idle.push_back(std::move(transfer));
}

void HttpClient::Impl::start(HttpRequest request) {
  auto transfer = idle_transfer();
  const UtcMillis now = clock();
  if (const auto ready = transfer->prepare(std::move(request), now); !ready) {
    ended.push_back(transfer->refuse(ready.error().message, now));
    keep(std::move(transfer));
    return;
  }
  if (const CURLMcode code = curl_multi_add_handle(loop->multi(), transfer->handle());
      code != CURLM_OK) {
    ended.push_back(transfer->refuse(curl_multi_strerror(code), now));
    return;
  }
  transfer->place = running.size();
  running.push_back(std::move(transfer));
}

void HttpClient::Impl::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(loop->multi(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* easy = message->easy_handle;
    const CURLcode code = message->data.result;
    char* owner = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner);
    auto* done = reinterpret_cast<HttpTransfer*>(owner);
    curl_multi_remove_handle(loop->multi(), easy);  // ends the life of *message
    ended.push_back(done->finish(code, clock(), decoder));
    std::swap(running[done->place], running.back());
    running[done->place]->place = done->place;
    keep(std::move(running.back()));
    running.pop_back();
  }
}

void HttpClient::Impl::abort_all() {
  for (auto& transfer : running) {
    curl_multi_remove_handle(loop->multi(), transfer->handle());
    keep(std::move(transfer));
  }
  running.clear();
  ended.clear();
}

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::~HttpClient() = default;

Result<std::unique_ptr<HttpClient>> HttpClient::create(HttpClientConfig config, Clock clock) {
  auto loop = CurlLoop::create(config.most_connections_per_host);
  if (!loop) return tl::unexpected(loop.error());
  if (auto checked = check(config); !checked) return tl::unexpected(checked.error());
  return std::unique_ptr<HttpClient>(new HttpClient(
      std::make_unique<Impl>(std::move(config), std::move(clock), std::move(*loop))));
}

void HttpClient::start(HttpRequest request) { impl_->start(std::move(request)); }

std::vector<HttpResponse> HttpClient::poll(Millis wait) {
  using Steady = std::chrono::steady_clock;
  const auto until = Steady::now() + std::clamp(wait, Millis(0), kLongestPoll);
  for (;;) {
    const auto left = std::chrono::ceil<Millis>(until - Steady::now());
    const bool woken = impl_->loop->turn(impl_->ended.empty() ? left : Millis(0));
    impl_->collect();
    if (!impl_->ended.empty() || woken || Steady::now() >= until) break;
  }
  return std::exchange(impl_->ended, {});
}

void HttpClient::abort_all() { impl_->abort_all(); }

std::size_t HttpClient::in_flight() const { return impl_->running.size() + impl_->ended.size(); }

void HttpClient::wake() { impl_->loop->wake(); }

}  // namespace oddsloom
