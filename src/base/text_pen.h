// Appends to a text that is written piece by piece and often: what `+=` does, without a call per
// piece. For texts of a fixed form whose constant parts stand in the code, as a record's JSON; for
// JSON of any form see json_writer.h. Not thread-safe; one pen, one text.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace oddsloom {

class TextPen {
 public:
  // `expected` bytes are written without the text having to grow.
  explicit TextPen(std::size_t expected) : text_(expected, '\0') {}

  TextPen& put(std::string_view piece) {
    make_room(piece.size());
    std::memcpy(text_.data() + size_, piece.data(), piece.size());
    size_ += piece.size();
    return *this;
  }
  TextPen& put(std::int64_t number) {
    constexpr std::size_t kLongest = 20;  // "-9223372036854775808"
    make_room(kLongest);
    char* const at = text_.data() + size_;
    size_ += static_cast<std::size_t>(std::to_chars(at, at + kLongest, number).ptr - at);
    return *this;
  }
  // As a JSON string, quotes included; see append_json_string.
  TextPen& json(std::string_view text);

  std::size_t size() const { return size_; }
  std::string take() && {
    text_.resize(size_);
    return std::move(text_);
  }

 private:
  void make_room(std::size_t more) {
    if (text_.size() - size_ < more) text_.resize(2 * text_.size() + more);
  }

  std::string text_;  // its first `size_` bytes are written
  std::size_t size_ = 0;
};

}  // namespace oddsloom
