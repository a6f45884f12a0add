// One command for a Redis server, and the scripts a command may run. Built by the store's redis_*
// files, sent by redis_client. Values; any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/hash.h"

namespace oddsloom {

// A Lua script, run by its SHA-1 and loaded where a server does not know it (yet, or any more).
struct RedisScript {
  std::string name;  // for messages: "commit"
  std::string text;
  std::string sha;  // 40 lower-case hexadecimal digits
};

// With its sha worked out, as SCRIPT LOAD would answer it.
RedisScript make_script(std::string name, std::string text);

class RedisCommand {
 public:
  // {"XACK", stream, group, ..}
  explicit RedisCommand(std::string_view name) { add(name); }
  // EVALSHA of a script that outlives the command; `keys` must be followed by that many add()s of
  // keys.
  RedisCommand(const RedisScript& script, int keys);

  RedisCommand& add(std::string_view word) { return add({word}); }
  // One word, in pieces.
  RedisCommand& add(std::initializer_list<std::string_view> pieces);
  RedisCommand& add(std::int64_t number);
  RedisCommand& add(const ContentHash& hash);
  // A word that is a key; the first one decides the node in a cluster.
  RedisCommand& key(std::string_view key);
  // No word: the command goes to the node that serves this key (SCAN, INFO ..).
  RedisCommand& at_node_of(std::string_view key);

  // Room for that many more bytes, where a command is long.
  void reserve(std::size_t bytes) { text_.reserve(text_.size() + bytes); }

  const RedisScript* script() const { return script_; }
  const std::string& routing_key() const { return routing_key_; }  // "" = any node will do
  std::string_view name() const;  // the first word, for messages ("EVALSHA commit" says its script)
  // As RESP.
  void append_to(std::string& out) const;

 private:
  std::string text_;  // the words as RESP has them, without their number and the last line end
  std::int64_t words_ = 0;
  std::string routing_key_;
  const RedisScript* script_ = nullptr;
};

}  // namespace oddsloom
