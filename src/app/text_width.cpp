#include "app/text_width.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstdint>

namespace oddsloom {
namespace {

// The code point at `at`, which moves behind it; negative for bytes that are no UTF-8.
UChar32 next_code_point(std::string_view text, std::size_t& at) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  auto position = static_cast<std::int64_t>(at);
  const auto size = static_cast<std::int64_t>(text.size());
  UChar32 code = 0;
  U8_NEXT(bytes, position, size, code);
  at = static_cast<std::size_t>(position);
  return code;
}

std::size_t width_of(UChar32 code) {
  switch (u_charType(code)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
      return 0;
    default:
      break;
  }
  const auto width = u_getIntPropertyValue(code, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_FULLWIDTH || width == U_EA_WIDE ? 2 : 1;
}

bool is_control(UChar32 code) {
  // Format characters with direction (U+202A..) could turn a line around as well.
  const auto type = u_charType(code);
  return code < 0 || type == U_CONTROL_CHAR || type == U_LINE_SEPARATOR ||
         type == U_PARAGRAPH_SEPARATOR || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    if (is_control(next_code_point(text, at)))
      out += "?";
    else
      out += text.substr(from, at - from);
  }
  return out;
}

std::size_t text_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const UChar32 code = next_code_point(text, at);
    width += code < 0 ? 1 : width_of(code);
  }
  return width;
}

std::string fit(std::string_view text, std::size_t columns, Align align) {
  std::string out = printable(text);
  std::size_t width = text_width(out);
  if (width > columns) {
    std::size_t kept = 0, end = 0;
    for (std::size_t at = 0; at < out.size();) {
      const std::size_t next = width_of(next_code_point(out, at));
      if (kept + next + 1 > columns) break;
      kept += next;
      end = at;
    }
    out.resize(end);
    if (columns > 0) out += "…";
    width = kept + (columns > 0 ? 1 : 0);
  }
  const std::string padding(columns - width, ' ');
  return align == Align::Left ? out + padding : padding + out;
}

}  // namespace oddsloom
