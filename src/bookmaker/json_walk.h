// Walks over a JSON text without making anything of it: simdjson's first stage says where its
// tokens begin (brackets, colons, commas, texts, other values), and this goes from one to the next.
// For what is only looked at in passing, see excerpt.h. One text, one thread.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace oddsloom {

class JsonWalk {
 public:
  // False: no JSON for certain (bytes that are not UTF-8, a text that does not end), or none that
  // is worth walking over. The text must outlive the walk.
  bool start(std::string_view text);

  // The present token: its first byte ('\0' behind the last), and where that is.
  char token() const { return at_ < end_ ? text_[places_[at_]] : '\0'; }
  std::size_t place() const { return places_[at_]; }
  void next() { ++at_; }
  // Where the token before the present one begins.
  std::size_t place_before() const { return places_[at_ - 1]; }

  std::uint32_t mark() const { return at_; }
  void back_to(std::uint32_t mark) { at_ = mark; }

  // Over a key and its colon: what stands between its quotes, escapes as they are. Nothing: there
  // is no key here.
  std::optional<std::string_view> key();
  // Over a value, by its brackets alone. False: the text ends before it does.
  bool skip();
  // Over a value that is JSON to the last byte, so that a parser would take it as well. False: not
  // for certain, for instance a number of more digits than anybody needs; where the walk stands
  // then is of no meaning. Escapes inside texts are not looked at, see has_plain_escapes().
  bool skip_checked();

 private:
  std::string_view text_;
  const std::uint32_t* places_ = nullptr;
  std::uint32_t at_ = 0, end_ = 0;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> indexer_;  // kept for its memory
};

// Whether every escape in this piece of JSON is one that any parser takes; none of a surrogate, and
// none that stands for a letter or a digit.
bool has_plain_escapes(std::string_view json);

}  // namespace oddsloom
