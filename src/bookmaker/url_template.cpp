#include "bookmaker/url_template.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_writer.h"
#include "base/text.h"

namespace oddsloom {

namespace {

// The length of "{word}" at the beginning of the text, 0 = there is none.
std::size_t place_length(std::string_view text) {
  const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", 1);
  return end != std::string_view::npos && end > 1 && text[end] == '}' ? end + 1 : 0;
}

std::string json_escape(std::string_view text) {
  std::string quoted;
  append_json_string(quoted, text);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

Result<UrlTemplate> UrlTemplate::compile(std::string_view text,
                                         const std::vector<std::string>& places) {
  UrlTemplate out;
  std::string plain;
  const auto end_plain = [&] {
    if (!plain.empty()) out.parts_.push_back({false, std::exchange(plain, {})});
  };
  while (!text.empty()) {
    const std::size_t length = text.front() == '{' ? place_length(text) : 0;
    if (length == 0) {
      plain += text.front();
      text.remove_prefix(1);
      continue;
    }
    const std::string place(text.substr(1, length - 2));
    if (std::find(places.begin(), places.end(), place) == places.end()) {
      const auto near = nearest(place, places);
      return fail(ErrorKind::Invalid, "",
                  fmt::format("unknown '{{{}}}'{}", place,
                              near ? fmt::format("; did you mean '{{{}}}'?", *near)
                                   : fmt::format("; known are {}", fmt::join(places, ", "))));
    }
    end_plain();
    out.parts_.push_back({true, place});
    text.remove_prefix(length);
  }
  end_plain();
  return out;
}

bool UrlTemplate::uses(std::string_view place) const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [&](const Part& part) { return part.is_place && part.text == place; });
}

std::string UrlTemplate::fill(const Values& values, Escape escape) const {
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
        out += escape == Escape::Url ? percent_encode(list[i]) : json_escape(list[i]);
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
