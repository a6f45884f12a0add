// One command for a Redis server, and the scripts a command may run. Built by the store's redis_*
// files, sent by redis_client. Values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

  RedisCommand& add(std::string_view word);
  RedisCommand& add(std::int64_t number);
  // A word that is a key; the first one decides the node in a cluster.
  RedisCommand& key(std::string_view key);
  // No word: the command goes to the node that serves this key (SCAN, INFO ..).
  RedisCommand& at_node_of(std::string_view key);

  const RedisScript* script() const { return script_; }
  const std::string& routing_key() const { return routing_key_; }  // "" = any node will do
  std::string_view name() const;  // the first word, for messages ("EVALSHA commit" says its script)
  // As RESP, by hiredis' formatter.
  void append_to(std::string& out) const;

 private:
  std::string words_;              // one after the other
  std::vector<std::size_t> ends_;  // of each within words_
  std::string routing_key_;
  const RedisScript* script_ = nullptr;
};

}  // namespace oddsloom
