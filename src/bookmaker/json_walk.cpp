#include "bookmaker/json_walk.h"

#include <algorithm>
#include <cstring>

namespace oddsloom {
namespace {

constexpr int kDeepest = 48;  // of a value that is checked: one bit each

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool ends_scalar(char c) {
  return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// An integer or a decimal fraction that is in every parser's range. The text ends with a bracket,
// so no end needs to be looked for.
bool is_plain_number(const char* at) {
  constexpr std::ptrdiff_t kMostDigits = 18;
  if (*at == '-') ++at;
  const char* const first = at;
  while (is_digit(*at)) ++at;
  if (at == first || (*first == '0' && at - first > 1)) return false;
  if (*at == '.') {
    const char* const point = at++;
    while (is_digit(*at)) ++at;
    if (at - point == 1) return false;
  }
  return at - first <= kMostDigits && ends_scalar(*at);
}

// At a number or a word; the text goes on to `end`.
bool is_plain_scalar(const char* at, const char* end) {
  const auto is = [&](std::string_view word) {
    const auto size = static_cast<std::ptrdiff_t>(word.size());
    return end - at >= size && std::string_view(at, word.size()) == word && ends_scalar(at[size]);
  };
  return is_plain_number(at) || is("true") || is("false") || is("null");
}

// Of two tokens: places are followed by some that are the text's end, where there is neither.
bool is_member_name(const char* text, const std::uint32_t* at) {
  return text[at[0]] == '"' && text[at[1]] == ':';
}

}  // namespace

bool JsonWalk::start(std::string_view text) {
  constexpr std::size_t kRoom = 16'384;
  if (text.empty() || (text.back() != '}' && text.back() != ']')) return false;
  if (!indexer_ || indexer_->capacity() < text.size()) {
    const std::size_t room = std::max(text.size(), kRoom);
    const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
        room, simdjson::DEFAULT_MAX_DEPTH, indexer_);
    if (error != simdjson::SUCCESS) return false;
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  if (indexer_->stage1(bytes, text.size(), simdjson::stage1_mode::regular) != simdjson::SUCCESS)
    return false;
  text_ = text;
  places_ = indexer_->structural_indexes.get();
  at_ = 0;
  end_ = indexer_->n_structural_indexes;
  // A closing bracket inside a text would not be the last token.
  return end_ > 0 && places_[end_ - 1] == text.size() - 1;
}

std::optional<std::string_view> JsonWalk::key() {
  const std::uint32_t* const name = places_ + at_;
  if (end_ - at_ < 3 || !is_member_name(text_.data(), name)) return std::nullopt;
  at_ += 2;
  std::size_t last = name[1] - 1;  // white space may stand before the colon
  while (text_[last] != '"') --last;
  return text_.substr(name[0] + 1, last - name[0] - 1);
}

bool JsonWalk::skip() {
  std::size_t depth = 0;
  do {
    const char c = token();
    if (c == '\0') return false;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && depth-- == 0) return false;
    next();
  } while (depth > 0);
  return true;
}

// Every token of what is left out passes through here, so its state is kept in registers, and the
// end of the text is looked for only where it can be met: its last token is a closing bracket,
// which is no value, no comma and no name.
bool JsonWalk::skip_checked() {
  if (at_ >= end_) return false;
  const char* const text = text_.data();
  const std::uint32_t* at = places_ + at_;
  const std::uint32_t* const last = places_ + end_ - 1;
  std::uint64_t objects = 0;  // its lowest bit: whether the innermost bracket is an object's
  int depth = 0;
  for (;;) {
    const char c = text[*at++];
    if (c == '{' || c == '[') {
      if (++depth > kDeepest) return false;
      objects = objects << 1U | (c == '{' ? 1U : 0U);
      if (text[*at] != (c == '{' ? '}' : ']')) {
        if (c == '[') continue;
        if (!is_member_name(text, at)) return false;
        at += 2;
        continue;
      }
    } else if (c != '"' && !is_plain_scalar(text + at[-1], text + *last)) {
      return false;
    }
    // Behind a value, or before the end of a bracket that holds nothing.
    while (depth > 0) {
      const char behind = text[*at++];
      const bool in_object = (objects & 1U) != 0;
      if (behind == ',') {
        if (!in_object) break;
        if (!is_member_name(text, at)) return false;
        at += 2;
        break;
      }
      if (behind != (in_object ? '}' : ']')) return false;
      objects >>= 1U;
      if (--depth > 0 && at > last) return false;
    }
    if (depth == 0) break;
  }
  at_ = static_cast<std::uint32_t>(at - places_);
  return true;
}

bool has_plain_escapes(std::string_view json) {
  for (std::size_t at = json.find('\\'); at != std::string_view::npos; at = json.find('\\', at)) {
    if (json.size() - at < 6) return false;  // too near to the end to be inside an object
    if (json[at + 1] != 'u') {
      if (!std::strchr("\"\\/bfnrt", json[at + 1])) return false;
      at += 2;
      continue;
    }
    const std::string_view digits = json.substr(at + 2, 4);
    const bool hex = std::all_of(digits.begin(), digits.end(), [](char c) {
      return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
    const bool surrogate = (digits[0] == 'd' || digits[0] == 'D') && digits[1] > '7';
    // Nobody writes 'A' like that; who did might write a name we look for.
    const bool letter = digits.starts_with("00") && digits[2] >= '3' && digits[2] <= '7';
    if (!hex || surrogate || letter) return false;
    at += 6;
  }
  return true;
}

}  // namespace oddsloom
