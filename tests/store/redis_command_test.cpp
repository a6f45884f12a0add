#include "store/redis_command.h"

#include <gtest/gtest.h>

#include <limits>

namespace oddsloom::test {
namespace {

std::string resp(const RedisCommand& command) {
  std::string out;
  command.append_to(out);
  return out;
}

TEST(RedisCommand, IsFormattedAsResp) {
  EXPECT_EQ(resp(RedisCommand("PING")), "*1\r\n$4\r\nPING\r\n");
  EXPECT_EQ(resp(RedisCommand("XACK").key("s").add("g").add("")),
            "*4\r\n$4\r\nXACK\r\n$1\r\ns\r\n$1\r\ng\r\n$0\r\n\r\n");
}

TEST(RedisCommand, BytesPassUnchanged) {
  const std::string bytes("\0\r\n$\xff", 5);
  EXPECT_EQ(resp(RedisCommand("SET").key("k").add(bytes)),
            "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\n" + bytes + "\r\n");
}

TEST(RedisCommand, NumbersBecomeDecimalText) {
  EXPECT_EQ(resp(RedisCommand("X").add(std::int64_t{0})), "*2\r\n$1\r\nX\r\n$1\r\n0\r\n");
  EXPECT_EQ(resp(RedisCommand("X").add(std::numeric_limits<std::int64_t>::min())),
            "*2\r\n$1\r\nX\r\n$20\r\n-9223372036854775808\r\n");
}

TEST(RedisCommand, IsAppendedToWhatIsThere) {
  std::string out = "before";
  RedisCommand("PING").append_to(out);
  RedisCommand("PING").append_to(out);
  EXPECT_EQ(out, "before*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPING\r\n");
}

TEST(RedisCommand, TheFirstKeyDecidesTheNode) {
  RedisCommand command("XREADGROUP");
  EXPECT_EQ(command.routing_key(), "");
  command.add("STREAMS").key("{a}1").key("{b}2");
  EXPECT_EQ(command.routing_key(), "{a}1");
  EXPECT_EQ(command.name(), "XREADGROUP");
  EXPECT_EQ(command.script(), nullptr);
}

TEST(RedisCommand, AScriptIsRunByItsSha) {
  // What `SCRIPT LOAD "return 1"` answers.
  const RedisScript script = make_script("one", "return 1");
  EXPECT_EQ(script.sha, "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
  RedisCommand command(script, 2);
  command.key("k1").key("k2").add("arg");
  EXPECT_EQ(resp(command), "*6\r\n$7\r\nEVALSHA\r\n$40\r\n" + script.sha +
                               "\r\n$1\r\n2\r\n$2\r\nk1\r\n$2\r\nk2\r\n$3\r\narg\r\n");
  EXPECT_EQ(command.script(), &script);
  EXPECT_EQ(command.routing_key(), "k1");
  EXPECT_EQ(command.name(), "EVALSHA");
}

}  // namespace
}  // namespace oddsloom::test
