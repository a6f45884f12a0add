#include "bookmaker/url_pattern.h"

#include <fmt/format.h>

#include <algorithm>

namespace oddsloom {
namespace {

constexpr std::size_t kLongestUrl = 16'384;  // a longer one is nobody's answer
constexpr std::string_view kSportId = "{sport_id}";
constexpr std::string_view kWordEnds = "/?&#=";

}  // namespace

// One match, with what was already tried without success, so that no URL takes long.
struct UrlPattern::Walk {
  const std::vector<Part>& parts;
  std::string_view text;
  std::string& sport_id;
  std::vector<bool> failed;

  bool from(std::size_t part, std::size_t at) {
    const std::size_t state = part * (text.size() + 1) + at;
    if (failed[state]) return false;
    failed[state] = !step(part, at);
    return !failed[state];
  }

  bool step(std::size_t part, std::size_t at) {
    if (part == parts.size()) return at == text.size();
    const Part& wanted = parts[part];
    switch (wanted.kind) {
      case Part::Kind::Literal:
        return text.substr(at).starts_with(wanted.text) && from(part + 1, at + wanted.text.size());
      case Part::Kind::SportId: {
        const std::size_t end = std::min(text.find_first_of(kWordEnds, at), text.size());
        if (end == at || !from(part + 1, end)) return false;
        sport_id = text.substr(at, end - at);
        return true;
      }
      case Part::Kind::Any:
        for (std::size_t end = at; end <= text.size(); ++end)
          if (from(part + 1, end)) return true;
        return false;
    }
    return false;
  }
};

Result<UrlPattern> UrlPattern::compile(std::string_view text) {
  UrlPattern out;
  out.text_ = text;
  out.of_base_ = text.starts_with('/');
  if (!out.of_base_ && !text.starts_with('*') && text.find("://") == std::string_view::npos)
    return fail(ErrorKind::Invalid, "",
                fmt::format("'{}' begins neither with '/' nor with a scheme or '*'", text));
  while (!text.empty()) {
    if (text.front() == '*') {
      if (out.parts_.empty() || out.parts_.back().kind != Part::Kind::Any)
        out.parts_.push_back({Part::Kind::Any, {}});
      text.remove_prefix(1);
    } else if (text.starts_with(kSportId)) {
      out.parts_.push_back({Part::Kind::SportId, {}});
      text.remove_prefix(kSportId.size());
    } else if (text.front() == '{') {
      return fail(
          ErrorKind::Invalid, "",
          fmt::format("unknown '{}'; known is {}", text.substr(0, text.find('}') + 1), kSportId));
    } else {
      const std::size_t end = std::min(text.find_first_of("*{"), text.size());
      out.parts_.push_back({Part::Kind::Literal, std::string(text.substr(0, end))});
      text.remove_prefix(end);
    }
  }
  return out;
}

bool UrlPattern::matches(std::string_view url, std::string_view base_url,
                         std::string& sport_id) const {
  sport_id.clear();
  url = url.substr(0, url.find('#'));
  if (url.size() > kLongestUrl) return false;
  if (of_base_) {
    if (base_url.empty() || !url.starts_with(base_url)) return false;
    url.remove_prefix(base_url.size());
    if (!url.starts_with('/')) return false;
  }
  return Walk{parts_, url, sport_id, std::vector<bool>((parts_.size() + 1) * (url.size() + 1))}
      .from(0, 0);
}

}  // namespace oddsloom
