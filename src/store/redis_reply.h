// One answer of a Redis server, as hiredis' reader built it (RESP2). Made by redis_link, read by
// the store's redis_* files. A Reply owns the whole tree, a ReplyView looks at one node of it and
// must not outlive it. One thread at a time.
#pragma once

#include <hiredis/hiredis.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace oddsloom {

class ReplyView {
 public:
  ReplyView() = default;  // nil
  explicit ReplyView(const redisReply* node) : node_(node) {}

  bool is_nil() const { return !node_ || node_->type == REDIS_REPLY_NIL; }
  bool is_error() const { return node_ && node_->type == REDIS_REPLY_ERROR; }
  bool is_list() const { return node_ && node_->type == REDIS_REPLY_ARRAY; }
  // Of a bulk string, a status or an error; "" of anything else.
  std::string_view text() const;
  // An integer, or text that is one.
  std::optional<std::int64_t> integer() const;
  std::size_t size() const { return is_list() ? node_->elements : 0; }  // elements of a list
  ReplyView operator[](std::size_t i) const;                            // nil beyond the end
  // Of a flat list of names and values ({"length", 3, "lag", 0, ..}): the value; nil if it is not
  // there.
  ReplyView member(std::string_view name) const;

 private:
  const redisReply* node_ = nullptr;
};

class Reply {
 public:
  Reply() = default;  // nil
  explicit Reply(redisReply* owned) : node_(owned) {}
  ReplyView view() const { return ReplyView(node_.get()); }
  ReplyView operator[](std::size_t i) const { return view()[i]; }
  std::string_view text() const { return view().text(); }

 private:
  struct Free {
    void operator()(redisReply* node) const { freeReplyObject(node); }
  };
  std::unique_ptr<redisReply, Free> node_;
};

}  // namespace oddsloom
