#include "bookmaker/url_template.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace oddsloom {

Result<UrlTemplate> UrlTemplate::compile(std::string_view text,
                                         const std::vector<std::string>& places) {
  UrlTemplate out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    if (open != 0) out.parts_.push_back({false, std::string(text.substr(0, open))});
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) return fail(ErrorKind::Invalid, "", "'}' is missing");
    const std::string place(text.substr(open + 1, close - open - 1));
    if (std::find(places.begin(), places.end(), place) == places.end()) {
      const auto near = nearest(place, places);
      return fail(ErrorKind::Invalid, "",
                  fmt::format("unknown '{{{}}}'{}", place,
                              near ? fmt::format("; did you mean '{{{}}}'?", *near)
                                   : fmt::format("; known are {}", fmt::join(places, ", "))));
    }
    out.parts_.push_back({true, place});
    text.remove_prefix(close + 1);
  }
  return out;
}

bool UrlTemplate::uses(std::string_view place) const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [&](const Part& part) { return part.is_place && part.text == place; });
}

std::string UrlTemplate::fill(const Values& values) const {
  std::string out;
  for (const Part& part : parts_) {
    if (!part.is_place) {
      out += part.text;
      continue;
    }
    for (const auto& [place, list] : values) {
      if (place != part.text) continue;
      for (std::size_t i = 0; i < list.size(); ++i) {
        if (i > 0) out += ',';
        out += percent_encode(list[i]);
      }
    }
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain)
      out += c;
    else
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace oddsloom
