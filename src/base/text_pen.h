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
  // Writes into `buffer`, over what it holds. One that is used again and again has room already.
  explicit TextPen(std::string& buffer) : buffer_(buffer) {}

  TextPen& put(std::string_view piece) {
    make_room(piece.size());
    piece.copy(buffer_.data() + size_, piece.size());
    size_ += piece.size();
    return *this;
  }
  // Of a constant the length is known when this is compiled.
  template <std::size_t Size>
  TextPen& put(const char (&constant)[Size]) {
    make_room(Size);
    std::memcpy(buffer_.data() + size_, constant, Size - 1);
    size_ += Size - 1;
    return *this;
  }
  TextPen& put(std::int64_t number) {
    constexpr std::size_t kLongest = 20;  // "-9223372036854775808"
    return put(kLongest,
               [number](char* at) { return std::to_chars(at, at + kLongest, number).ptr; });
  }
  // What `write(at)` writes there, `most` bytes at most; it returns its end.
  template <class Write>
  TextPen& put(std::size_t most, Write write) {
    make_room(most);
    char* const at = buffer_.data() + size_;
    size_ += static_cast<std::size_t>(write(at) - at);
    return *this;
  }
  // A piece of what was written.
  TextPen& put_again(std::size_t from, std::size_t size) {
    make_room(size);
    std::memcpy(buffer_.data() + size_, buffer_.data() + from, size);
    size_ += size;
    return *this;
  }
  // As a JSON string, quotes included; see append_json_string.
  TextPen& json(std::string_view text);

  std::size_t size() const { return size_; }
  // What was written; valid until more is, or the buffer is used for something else.
  std::string_view text() const { return {buffer_.data(), size_}; }

 private:
  void make_room(std::size_t more) {
    if (buffer_.size() - size_ < more) buffer_.resize(2 * buffer_.size() + more);
  }

  std::string& buffer_;  // its first `size_` bytes are written
  std::size_t size_ = 0;
};

}  // namespace oddsloom
