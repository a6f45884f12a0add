// One blocking connection of a test to a Redis server: a command, its answer as text. For what a
// test itself asks or sets; the program under test has a client of its own. One thread at a time.
#pragma once

#include <hiredis/hiredis.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace oddsloom::test {

class RedisConnection {
 public:
  // Throw std::runtime_error when nobody answers.
  static RedisConnection unix_socket(const std::string& path, const std::string& password = "");
  static RedisConnection tcp(const std::string& host, std::uint16_t port,
                             const std::string& password = "");

  // The answer as `redis-cli` would print it to a file: texts as they are, numbers as digits, the
  // elements of a list on lines of their own, an error's words ("ERR ..", "WRONGTYPE .."); nil is
  // "(nil)". Throws when the connection is lost or the answer takes longer than half a minute.
  std::string run(const std::vector<std::string>& words);

 private:
  struct Free {
    void operator()(redisContext* context) const { redisFree(context); }
  };
  RedisConnection(redisContext* context, const std::string& where, const std::string& password);

  std::unique_ptr<redisContext, Free> context_;
  std::string where_;
};

// Of an answer with lines like "cluster_state:ok" (INFO, CLUSTER INFO): the value of one; "" when
// it is not there.
std::string field_of(std::string_view lines, std::string_view name);

}  // namespace oddsloom::test
