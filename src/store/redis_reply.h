// One answer of a Redis server (RESP2), and the reader that makes them of what came from it, by
// hiredis' parser. Read by redis_link; answers go to the store's redis_* files. A Reply owns its
// nodes and texts, which lie in few blocks of memory together: an answer to a claim has a thousand
// of them. A ReplyView looks at one node and must not outlive its Reply. One thread at a time.
#pragma once

#include <hiredis/read.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace oddsloom {

struct ReplyTree;  // what a Reply owns

struct ReplyNode {
  int type = REDIS_REPLY_NIL;
  std::int64_t integer = 0;
  std::string_view text;  // of a bulk string, a status or an error
  ReplyNode* elements = nullptr;
  std::size_t size = 0;  // of `elements`
};

class ReplyView {
 public:
  ReplyView() = default;  // nil
  explicit ReplyView(const ReplyNode* node) : node_(node) {}

  bool is_nil() const { return !node_ || node_->type == REDIS_REPLY_NIL; }
  bool is_error() const { return node_ && node_->type == REDIS_REPLY_ERROR; }
  bool is_list() const { return node_ && node_->type == REDIS_REPLY_ARRAY; }
  // Of a bulk string, a status or an error; "" of anything else, and never without an address:
  // parsers copy from it.
  std::string_view text() const { return node_ && node_->text.data() ? node_->text : ""; }
  // An integer, or text that is one.
  std::optional<std::int64_t> integer() const;
  std::size_t size() const { return node_ ? node_->size : 0; }  // elements of a list
  ReplyView operator[](std::size_t i) const {                   // nil beyond the end
    return i < size() ? ReplyView(&node_->elements[i]) : ReplyView();
  }
  // Of a flat list of names and values ({"length", 3, "lag", 0, ..}): the value; nil if it is not
  // there.
  ReplyView member(std::string_view name) const;

 private:
  const ReplyNode* node_ = nullptr;
};

class Reply {
 public:
  Reply();  // nil
  explicit Reply(std::unique_ptr<ReplyTree> tree);
  Reply(Reply&&) noexcept;
  Reply& operator=(Reply&&) noexcept;
  ~Reply();
  ReplyView view() const;
  ReplyView operator[](std::size_t i) const { return view()[i]; }
  std::string_view text() const { return view().text(); }

 private:
  std::unique_ptr<ReplyTree> tree_;
};

class ReplyReader {
 public:
  ReplyReader();
  ~ReplyReader();
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;

  void feed(std::string_view bytes);
  // The next answer, if all of it is there. Errors: Malformed, from then on for ever.
  Result<std::optional<Reply>> next();

 private:
  struct Free {
    void operator()(redisReader* reader) const { redisReaderFree(reader); }
  };
  std::unique_ptr<ReplyTree> tree_;  // of the answer that is being read
  std::unique_ptr<redisReader, Free> reader_;
};

}  // namespace oddsloom
