#include "serve/http_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/status.hpp>

#include "base/text.h"

namespace oddsloom {
namespace {

std::string_view reason(int status) {
  // Beast of Boost 1.81 does not know it by this name.
  if (status == 413) return "Content Too Large";
  const auto text = boost::beast::http::obsolete_reason(
      static_cast<boost::beast::http::status>(static_cast<unsigned>(status)));
  return {text.data(), text.size()};
}

// A header that a handler made of what a client said must not become two headers.
bool is_header_text(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7F; });
}

class Head {
 public:
  Head(int status, UtcMillis now) {
    text_.reserve(1024);
    text_ += fmt::format("HTTP/1.1 {} {}\r\n", status, reason(status));
    add("Date", http_date(now));
  }
  void add(std::string_view name, std::string_view value) {
    if (!is_header_text(name) || !is_header_text(value)) return;
    text_.append(name).append(": ").append(value).append("\r\n");
  }
  void add(const Headers& headers) {
    for (const auto& [name, value] : headers) add(name, value);
  }
  std::string end() && { return std::move(text_ += "\r\n"); }

 private:
  std::string text_;
};

bool holds(const Headers& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(), [&](const auto& header) {
    return equals_ignore_case_ascii(header.first, name);
  });
}

bool is_text(std::string_view content_type) {
  for (const std::string_view kind : {"json", "text/", "javascript", "xml", "svg", "yaml"})
    if (content_type.find(kind) != std::string_view::npos) return true;
  return false;
}

// The same content in another coding is another thing to a strong ETag.
std::string gzip_etag(const std::string& etag) {
  if (etag.size() < 2 || etag.back() != '"') return etag;
  return etag.substr(0, etag.size() - 1) + "-gz\"";
}

std::string_view without_weak(std::string_view etag) {
  etag = trim(etag);
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  return etag;
}

// The ETag that the client named, where what it has is what it would get; "" = it is not.
std::string known_etag(const std::string& if_none_match, const std::string& etag) {
  if (if_none_match.empty() || etag.empty()) return "";
  std::string coded = gzip_etag(etag);
  for (const std::string_view piece : split(if_none_match, ',')) {
    const std::string_view known = without_weak(piece);
    if (known == "*" || known == without_weak(etag)) return etag;
    if (known == without_weak(coded)) return coded;
  }
  return "";
}

void add_protection(Head& head, const Headers& given, const Headers& more) {
  const auto unless_given = [&](std::string_view name, std::string_view value) {
    if (!holds(given, name)) head.add(name, value);
  };
  unless_given("X-Content-Type-Options", "nosniff");
  unless_given("Referrer-Policy", "no-referrer");
  unless_given("X-Frame-Options", "DENY");
  unless_given("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  if (!holds(more, "Access-Control-Allow-Origin"))
    unless_given("Cross-Origin-Resource-Policy", "same-origin");
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  bool any = false;
  for (const std::string_view piece : split(accept_encoding, ',')) {
    const auto parts = split(piece, ';');
    const std::string_view coding = trim(parts[0]);
    bool wanted = true;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      std::string_view quality = trim(parts[i]);
      if (quality.size() < 2 || (quality[0] != 'q' && quality[0] != 'Q') || quality[1] != '=')
        continue;
      quality = trim(quality.substr(2));
      wanted = quality.find_first_of("123456789") != std::string_view::npos;
    }
    if (equals_ignore_case_ascii(coding, "gzip") || equals_ignore_case_ascii(coding, "x-gzip"))
      return wanted;
    if (coding == "*") any = wanted;
  }
  return any;
}

bool is_known(const std::string& if_none_match, const std::string& etag) {
  return !known_etag(if_none_match, etag).empty();
}

std::string http_date(UtcMillis time) {
  namespace chr = std::chrono;
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const chr::sys_seconds at{chr::seconds(time.seconds())};
  const auto day = chr::floor<chr::days>(at);
  const chr::year_month_day date(day);
  const chr::hh_mm_ss clock(at - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kDays[chr::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

WireAnswer compose_answer(const WebResponse& response, const AnswerWishes& wishes,
                          const Headers& more, UtcMillis now, GzipCache& cache) {
  WireAnswer out;
  out.status = response.status;
  const bool may_code = response.gzip || is_text(response.content_type);
  SharedText body = response.body, coded;
  std::string etag = response.etag;
  if (response.status == 200)
    if (const auto known = known_etag(wishes.if_none_match, etag); !known.empty()) {
      out.status = 304;
      etag = known;
    }
  const bool bodiless = out.status == 304 || out.status == 204;
  if (bodiless)
    body = nullptr;
  else if (wishes.gzip && may_code)
    coded = response.gzip ? response.gzip : cache.of(body);
  if (coded) {
    body = coded;
    if (!etag.empty()) etag = gzip_etag(etag);
  }

  Head head(out.status, now);
  if (!bodiless) {
    head.add("Content-Type", response.content_type);
    head.add("Content-Length", fmt::format_int(body ? body->size() : 0).c_str());
  }
  if (coded) head.add("Content-Encoding", "gzip");
  if (!etag.empty()) head.add("ETag", etag);
  if (may_code) head.add("Vary", "Accept-Encoding");
  if (!holds(response.headers, "Cache-Control")) head.add("Cache-Control", "no-cache");
  add_protection(head, response.headers, more);
  head.add(response.headers);
  head.add(more);
  if (!wishes.keep_alive)
    head.add("Connection", "close");
  else if (wishes.http10)
    head.add("Connection", "keep-alive");
  out.head = std::move(head).end();
  if (!wishes.head_only) out.body = std::move(body);
  return out;
}

std::string event_stream_head(const Headers& more, UtcMillis now) {
  Head head(200, now);
  head.add("Content-Type", "text/event-stream");
  head.add("Cache-Control", "no-cache, no-transform");
  head.add("X-Accel-Buffering", "no");  // or nginx, as a proxy, waits until it has some
  head.add("Connection", "close");
  add_protection(head, {}, more);
  head.add(more);
  return std::move(head).end();
}

std::string websocket_head(std::string_view accept_key, const Headers& more, UtcMillis now) {
  Head head(101, now);
  head.add("Upgrade", "websocket");
  head.add("Connection", "Upgrade");
  head.add("Sec-WebSocket-Accept", accept_key);
  head.add(more);
  return std::move(head).end();
}

}  // namespace oddsloom
