#include "base/text_pen.h"

#include "base/json_writer.h"

namespace oddsloom {

TextPen& TextPen::json(std::string_view text) {
  if (is_plain_json(text)) {
    make_room(text.size() + 2);
    char* const at = buffer_.data() + size_;
    *at = '"';
    text.copy(at + 1, text.size());
    at[text.size() + 1] = '"';
    size_ += text.size() + 2;
    return *this;
  }
  std::string escaped;
  append_json_string(escaped, text);
  return put(escaped);
}

}  // namespace oddsloom
