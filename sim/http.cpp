#include "sim/http.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace oddsloom::sim {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
        hex_digit(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

std::optional<std::string_view> Target::parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters)
    if (key == name) return value;
  return std::nullopt;
}

std::int64_t Target::number(std::string_view name, std::int64_t otherwise) const {
  const auto text = parameter(name);
  return text ? parse_int(*text).value_or(otherwise) : otherwise;
}

Target parse_target(std::string_view target) {
  Target out;
  const std::size_t question = target.find('?');
  out.path = percent_decode(target.substr(0, question));
  if (question == std::string_view::npos) return out;
  for (const std::string_view pair : split(target.substr(question + 1), '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    out.parameters.emplace_back(
        percent_decode(pair.substr(0, equals)),
        equals == std::string_view::npos ? "" : percent_decode(pair.substr(equals + 1)));
  }
  return out;
}

std::vector<std::int64_t> parse_ids(std::string_view text) {
  std::vector<std::int64_t> ids;
  for (const std::string_view piece : split(text, ','))
    if (const auto id = parse_int(trim(piece))) ids.push_back(*id);
  return ids;
}

bool names_events(std::string_view parameter) {
  constexpr std::array<std::string_view, 5> kNames{"games", "eventId", "gameId", "ids", "events"};
  return std::find(kNames.begin(), kNames.end(), parameter) != kNames.end();
}

std::vector<std::int64_t> asked_ids(const Target& target) {
  for (const auto& [name, value] : target.parameters)
    if (names_events(name)) return parse_ids(value);
  constexpr std::string_view kBefore = "/api/live/events/";
  constexpr std::string_view kAfter = "/details";
  const std::string_view path = target.path;
  if (path.starts_with(kBefore) && path.ends_with(kAfter) &&
      path.size() > kBefore.size() + kAfter.size())
    return parse_ids(path.substr(kBefore.size(), path.size() - kBefore.size() - kAfter.size()));
  return {};
}

Response json_response(int status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

Response not_found() { return json_response(404, R"({"error":"Not Found"})"); }

}  // namespace oddsloom::sim
