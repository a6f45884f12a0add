#include "transport/http_transfer.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "base/text.h"
#include "transport/transfer_end.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostTrusted = 1U << 20U;  // of what Content-Length or an old body suggests
constexpr std::int64_t kLongestRetryAfterSeconds = 366 * 86'400;
constexpr long kDnsCacheSeconds = 60;
constexpr std::string_view kLineBreaks{"\r\n\0", 3};
constexpr unsigned kMostUses = 4;  // of a handle between resets, see may_go_on()

// gzip first: it is the fastest to decode here.
constexpr const char* kAcceptEncoding = "Accept-Encoding: gzip, br;q=0.9, zstd;q=0.8";

bool has_name(std::string_view header, std::string_view name) {
  return equals_ignore_case_ascii(trim(header.substr(0, header.find_first_of(":;"))), name);
}

bool has_scheme(std::string_view url, std::string_view scheme) {
  return equals_ignore_case_ascii(url.substr(0, scheme.size()), scheme);
}

bool has_line_break(std::string_view text) {
  return std::any_of(kLineBreaks.begin(), kLineBreaks.end(),
                     [&](char c) { return text.find(c) != std::string_view::npos; });
}

bool is_plain_get(const HttpRequest& request) {
  return request.method == "GET" && request.body.empty();
}

tl::unexpected<Error> invalid(std::string message) {
  return fail(ErrorKind::Invalid, "", std::move(message));
}

std::optional<Millis> parse_retry_after(const std::string& text, UtcMillis now) {
  if (text.empty()) return std::nullopt;
  std::int64_t seconds = 0;
  if (const auto number = parse_int(text)) {
    seconds = *number;
  } else {
    const time_t date = curl_getdate(text.c_str(), nullptr);
    if (date == -1) return std::nullopt;
    const Millis left = UtcMillis{std::int64_t{date} * 1000} - now;
    return std::clamp(left, Millis(0), Millis(kLongestRetryAfterSeconds * 1000));
  }
  return Millis(std::clamp<std::int64_t>(seconds, 0, kLongestRetryAfterSeconds) * 1000);
}

}  // namespace

HttpTransfer::HttpTransfer(const HttpClientConfig& config, CurlLoop& loop)
    : config_(config), loop_(loop), easy_(curl_easy_init()) {
  if (!easy_) throw std::bad_alloc();
}

void HttpTransfer::set_constant_options() {
  CURL* easy = easy_.get();
  loop_.adopt(easy);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_.data());
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &HttpTransfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &HttpTransfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);

  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(easy, CURLOPT_MAXREDIRS, static_cast<long>(config_.most_redirects));
  curl_easy_setopt(
      easy, CURLOPT_HTTP_VERSION,
      static_cast<long>(config_.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, kDnsCacheSeconds);

  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // Without it, ending a transfer whose name lookup hangs would hang this thread with it.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  const auto millis = [](Millis span) {
    return static_cast<long>(std::max(span.count(), Millis::rep{1}));
  };
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, millis(config_.connect_timeout));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, millis(config_.total_timeout));
  // Not one byte in half the time allowed: the rest of it will not help.
  const auto total = std::chrono::ceil<std::chrono::seconds>(config_.total_timeout);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
                   static_cast<long>(std::max<std::int64_t>(1, total.count() / 2)));

  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
  if (!config_.ca_file.empty()) {
    // The directory too, or the system's authorities would still be trusted.
    curl_easy_setopt(easy, CURLOPT_CAINFO, config_.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, config_.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, nullptr);
  }
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");  // unset, libcurl would read the environment
}

Result<void> HttpTransfer::prepare(HttpRequest request, UtcMillis now) {
  const bool same_but_for_url = may_go_on_ && is_plain_get(request) && is_plain_get(request_) &&
                                proxy_of(request) == proxy_of(request_) &&
                                request.headers == request_.headers;
  request_ = std::move(request);
  sent_at_ = now;
  error_[0] = '\0';
  wire_.clear();
  if (wire_.capacity() > kMostTrusted) std::string().swap(wire_);
  content_type_.clear();
  content_range_.clear();
  content_encoding_.clear();
  retry_after_.clear();
  announced_ = 0;
  body_began_ = too_large_ = may_go_on_ = false;

  if (!has_scheme(request_.url, "http://") && !has_scheme(request_.url, "https://"))
    return invalid("not an http or https URL");
  if (has_line_break(request_.url)) return invalid("line break in the URL");
  if (!same_but_for_url)
    if (auto set = set_all(); !set) return set;
  curl_easy_setopt(easy_.get(), CURLOPT_URL, request_.url.c_str());
  return {};
}

const std::string* HttpTransfer::proxy_of(const HttpRequest& request) const {
  if (config_.proxies.empty()) return nullptr;
  return &config_.proxies[request.attempt % config_.proxies.size()];
}

Result<void> HttpTransfer::set_all() {
  if (request_.method.empty() || request_.method.find_first_of(" \t\r\n") != std::string::npos ||
      request_.method.find('\0') != std::string::npos)
    return invalid("impossible method");
  for (const std::string& header : request_.headers)
    if (has_line_break(header)) return invalid("line break in a header");
  curl_easy_reset(easy_.get());
  uses_ = 0;
  set_constant_options();
  const std::string* proxy = proxy_of(request_);
  proxied_ = proxy != nullptr;
  // "" is said outright: left unset, libcurl would take a proxy from the environment.
  curl_easy_setopt(easy_.get(), CURLOPT_PROXY, proxied_ ? proxy->c_str() : "");
  set_method();
  set_headers();
  return {};
}

void HttpTransfer::set_method() {
  CURL* easy = easy_.get();
  if (request_.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  const bool post = request_.method == "POST";
  if (post || !request_.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request_.body.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request_.body.size()));
  }
  if (!post && (request_.method != "GET" || !request_.body.empty()))
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void HttpTransfer::set_headers() {
  curl_slist* list = nullptr;
  const auto add = [&](const char* line) {
    curl_slist* longer = curl_slist_append(list, line);
    if (!longer) throw std::bad_alloc();
    list = longer;
  };
  bool accept_encoding = false;
  bool expect = false;
  for (const std::string& header : request_.headers) {
    add(header.c_str());
    accept_encoding = accept_encoding || has_name(header, "Accept-Encoding");
    expect = expect || has_name(header, "Expect");
  }
  if (!accept_encoding) add(kAcceptEncoding);
  // libcurl would ask before a long POST and wait a second for servers that never answer that.
  if (!expect) add("Expect:");
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, list);
  headers_.reset(list);
}

std::size_t HttpTransfer::on_header(char* data, std::size_t size, std::size_t count,
                                    void* transfer) {
  static_cast<HttpTransfer*>(transfer)->read_header({data, size * count});
  return size * count;
}

std::size_t HttpTransfer::on_body(char* data, std::size_t size, std::size_t count, void* transfer) {
  return static_cast<HttpTransfer*>(transfer)->take_body({data, size * count}) ? size * count : 0;
}

void HttpTransfer::read_header(std::string_view line) {
  if (body_began_) return;
  if (line.starts_with("HTTP/")) {  // a new answer: after a redirect, or after 100 Continue
    content_type_.clear();
    content_range_.clear();
    content_encoding_.clear();
    retry_after_.clear();
    announced_ = 0;
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view name = trim(line.substr(0, colon));
  const std::string_view value = trim(line.substr(colon + 1));
  const auto is = [&](std::string_view other) { return equals_ignore_case_ascii(name, other); };
  if (is("Content-Type")) {
    content_type_ = value;
  } else if (is("Content-Range")) {
    content_range_ = value;
  } else if (is("Retry-After")) {
    retry_after_ = value;
  } else if (is("Content-Encoding")) {
    if (!content_encoding_.empty()) content_encoding_ += ',';
    content_encoding_ += value;
  } else if (is("Content-Length")) {
    const auto length = parse_int(value);
    announced_ = length && *length > 0 ? static_cast<std::size_t>(*length) : 0;
  }
}

bool HttpTransfer::take_body(std::string_view piece) {
  body_began_ = true;
  const std::size_t size = wire_.size() + piece.size();
  if (std::max(size, announced_) > config_.most_body_bytes) {
    too_large_ = true;
    return false;
  }
  if (size + kBodyPadding > wire_.capacity())
    wire_.reserve(std::max({size, std::min(announced_, kMostTrusted), wire_.capacity() * 2}) +
                  kBodyPadding);
  wire_.append(piece);
  return true;
}

// libcurl counts retries on connections that turned out dead over all of a handle's transfers and
// gives up at the sixth, unless the handle is reset. One that opened no connection hardly had any.
bool HttpTransfer::may_go_on(CURLcode code) {
  long connects = 1;
  return code == CURLE_OK && ++uses_ < kMostUses &&
         curl_easy_getinfo(easy_.get(), CURLINFO_NUM_CONNECTS, &connects) == CURLE_OK &&
         connects == 0;
}

HttpResponse HttpTransfer::finish(CURLcode code, UtcMillis now, BodyDecoder& decoder) {
  may_go_on_ = may_go_on(code);
  HttpResponse response;
  response.tag = request_.tag;
  response.end = classify_end(easy_.get(), code, proxied_);
  if (too_large_) response.end = TransferEnd::TooLarge;
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  response.content_type = content_type_;
  response.content_range = content_range_;
  response.sent_at = sent_at_;
  response.received_at = now;
  response.retry_after = parse_retry_after(retry_after_, now);
  response.wire_bytes = wire_.size();
  if (response.end == TransferEnd::Done) {
    take_body_into(response, decoder);
  } else if (too_large_) {
    response.message = fmt::format("body is longer than {} bytes", config_.most_body_bytes);
  } else if (code == CURLE_OK) {
    response.message = fmt::format("proxy answered {}", status);
  } else {
    response.message = error_[0] != '\0' ? error_.data() : curl_easy_strerror(code);
  }
  if (!response.message.empty())
    response.message = fmt::format("{}: {}", redact_url(request_.url), response.message);
  return response;
}

void HttpTransfer::take_body_into(HttpResponse& response, BodyDecoder& decoder) {
  if (content_encoding_.empty() || wire_.empty()) {
    response.body = std::move(wire_);
    response.body.reserve(response.body.size() + kBodyPadding);
    wire_.clear();
    return;
  }
  Decoded decoded =
      decoder.decode(content_encoding_, wire_, config_.most_body_bytes, response.body);
  response.end = decoded.end;
  response.message = std::move(decoded.message);
}

HttpResponse HttpTransfer::refuse(std::string_view why, UtcMillis now) {
  HttpResponse response;
  response.tag = request_.tag;
  response.end = TransferEnd::Failed;
  response.message = why;  // without the URL: what has no proper shape cannot be redacted
  response.sent_at = sent_at_;
  response.received_at = now;
  return response;
}

}  // namespace oddsloom
