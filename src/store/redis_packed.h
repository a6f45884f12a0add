// Reads what a script put into one text with cmsgpack.pack(): texts and lists of them, as
// MessagePack. A server hands over one text for far less than the many texts and lists in it would
// cost it. Views into the given bytes; any thread.
// Source: the MessagePack specification; older forms than it has (text up to 255 bytes in the form
// for longer ones) are read too.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace oddsloom {

class PackedReader {
 public:
  explicit PackedReader(std::string_view bytes) : left_(bytes) {}

  // What comes next, if it is that: how many elements of a list follow; a text. Nothing where it
  // is something else or ends early.
  std::optional<std::size_t> list();
  std::optional<std::string_view> text();
  bool at_end() const { return left_.empty(); }

 private:
  std::optional<std::uint64_t> number(std::size_t bytes);
  std::string_view left_;
};

}  // namespace oddsloom
