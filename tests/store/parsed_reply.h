// Bytes of RESP as replies, the way a connection makes them. And a command's words, which only its
// bytes show. Any thread.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "store/redis_command.h"
#include "store/redis_reply.h"

namespace oddsloom::test {

// Of one whole reply; see support/resp_double.h for how to write one.
inline Reply parsed_reply(std::string_view bytes) {
  ReplyReader reader;
  reader.feed(bytes);
  auto reply = reader.next();
  if (!reply || !*reply) throw std::runtime_error("no whole RESP reply: " + std::string(bytes));
  return std::move(**reply);
}

inline std::vector<std::string> words_of(const RedisCommand& command) {
  std::string bytes;
  command.append_to(bytes);
  const Reply reply = parsed_reply(bytes);
  std::vector<std::string> words;
  for (std::size_t i = 0; i < reply.view().size(); ++i) words.emplace_back(reply[i].text());
  return words;
}

}  // namespace oddsloom::test
