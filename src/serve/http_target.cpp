#include "serve/http_target.h"

#include <simdjson.h>

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace oddsloom {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Nothing where a percent sign is not followed by two hexadecimal digits.
std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(16 * high + low));
      i += 2;
    } else {
      out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

bool is_clean(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; }) &&
         simdjson::validate_utf8(text.data(), text.size());
}

tl::unexpected<Error> bad(std::string_view what) {
  return fail(ErrorKind::Malformed, "", std::string(what));
}

Result<std::string> decode_path(std::string_view path) {
  const auto decoded = decode(path, false);
  if (!decoded) return bad("the path holds a '%' without two hexadecimal digits");
  if (!is_clean(*decoded))
    return bad("the path holds control characters or bytes that are no UTF-8");
  // No name here holds a slash, so one that is hidden, or turned round, is somebody's attempt.
  if (std::count(decoded->begin(), decoded->end(), '/') !=
          std::count(path.begin(), path.end(), '/') ||
      decoded->find('\\') != std::string::npos)
    return bad("the path holds an encoded slash or a backslash");
  for (const std::string_view step : split(*decoded, '/'))
    if (step == "." || step == "..") return bad("the path holds '.' or '..'");
  return *decoded;
}

}  // namespace

Result<HttpTarget> parse_target(std::string_view target) {
  // What a client sends that takes us for a proxy; RFC 9112 section 3.2.2 demands to accept it.
  for (const std::string_view scheme : {"http://", "https://"})
    if (target.size() >= scheme.size() &&
        equals_ignore_case_ascii(target.substr(0, scheme.size()), scheme)) {
      target.remove_prefix(scheme.size());
      target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
      break;
    }
  const std::size_t mark = target.find('?');
  std::string_view path = target.substr(0, mark);
  if (path.empty() && mark != std::string_view::npos) path = "/";
  if (path.empty() || path[0] != '/') return bad("the request target is no path");
  if (target.find('#') != std::string_view::npos) return bad("the request target holds a '#'");
  auto decoded = decode_path(path);
  if (!decoded) return tl::unexpected(decoded.error());
  HttpTarget out{*std::move(decoded), {}};
  if (mark == std::string_view::npos) return out;
  for (const std::string_view piece : split(target.substr(mark + 1), '&')) {
    if (piece.empty()) continue;
    const std::size_t equals = piece.find('=');
    auto name = decode(piece.substr(0, equals), true);
    auto value =
        equals == std::string_view::npos ? std::string() : decode(piece.substr(equals + 1), true);
    if (!name || !value) return bad("a parameter holds a '%' without two hexadecimal digits");
    if (!is_clean(*name) || !is_clean(*value))
      return bad("a parameter holds control characters or bytes that are no UTF-8");
    out.query.emplace_back(*std::move(name), *std::move(value));
  }
  return out;
}

}  // namespace oddsloom
