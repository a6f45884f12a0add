#include "base/text_pen.h"

#include "base/json_writer.h"

namespace oddsloom {

TextPen& TextPen::json(std::string_view text) {
  make_room(text.size() + 2);
  char* const at = buffer_.data() + size_;
  const bool plain = scan_plain_json(text, [at](auto word, std::size_t place) {
    std::memcpy(at + 1 + place, &word, sizeof word);
  });
  if (!plain) {
    std::string escaped;
    append_json_string(escaped, text);
    return put(escaped);
  }
  at[0] = at[text.size() + 1] = '"';
  size_ += text.size() + 2;
  return *this;
}

}  // namespace oddsloom
