#include "store/redis_topology.h"

#include <gtest/gtest.h>

#include "store/parsed_reply.h"

namespace oddsloom::test {
namespace {

Reply reply(const std::string& resp) { return parsed_reply(resp); }

std::string text(const std::string& word) {
  return "$" + std::to_string(word.size()) + "\r\n" + word + "\r\n";
}
std::string number(std::int64_t value) { return ":" + std::to_string(value) + "\r\n"; }
std::string node(const std::string& host, std::int64_t port) {
  return "*3\r\n" + text(host) + number(port) + text("id");
}

RedisAddress address(const std::string& host, std::uint16_t port) {
  RedisAddress made;
  made.host = host;
  made.port = port;
  return made;
}

const RedisAddress kAsked = address("seed", 7000);

TEST(RedisTopology, HashSlotsAreThoseOfRedis) {
  EXPECT_EQ(hash_slot("123456789"), 0x31C3);  // the specification's check value
  EXPECT_EQ(hash_slot("foo"), 12182);         // as CLUSTER KEYSLOT says
  EXPECT_EQ(hash_slot("bar"), 5061);
  EXPECT_EQ(hash_slot(""), 0);
}

TEST(RedisTopology, OnlyTheHashTagCounts) {
  EXPECT_EQ(hash_slot("{user1000}.following"), hash_slot("user1000"));
  EXPECT_EQ(hash_slot("a{bar}b"), hash_slot("bar"));
  EXPECT_EQ(hash_slot("foo{bar}{zap}"), hash_slot("bar"));
  EXPECT_EQ(hash_slot("foo{{bar}}zap"), hash_slot("{bar"));
  EXPECT_NE(hash_slot("foo{}{bar}"), hash_slot("bar"));  // an empty tag: the whole key
  EXPECT_NE(hash_slot("foo{bar"), hash_slot("bar"));
}

TEST(RedisTopology, SlotTableOfACluster) {
  const Reply answer = reply(
      "*3\r\n"
      "*4\r\n" +
      number(0) + number(5460) + node("10.0.0.1", 6379) + node("10.0.0.4", 6379) + "*3\r\n" +
      number(5461) + number(5461) + node("10.0.0.2", 6379) + "*3\r\n" + number(5462) +
      number(16383) + node("10.0.0.1", 6379));
  const auto table = parse_slots(answer.view(), kAsked);
  ASSERT_TRUE(table) << table.error().text();
  ASSERT_EQ(table->primaries.size(), 2U);
  ASSERT_EQ(table->replicas.size(), 1U);
  EXPECT_EQ(table->primary_of(0)->text(), "10.0.0.1:6379");
  EXPECT_EQ(table->primary_of(5461)->text(), "10.0.0.2:6379");
  EXPECT_EQ(table->primary_of(16383)->text(), "10.0.0.1:6379");
  EXPECT_EQ(table->a_slot_of(0), 0);
  EXPECT_EQ(table->a_slot_of(1), 5461);
}

TEST(RedisTopology, AHostThatIsNotToldIsTheOneAsked) {
  const Reply answer = reply(
      "*3\r\n"
      "*3\r\n" +
      number(0) + number(1) + node("", 1) + "*3\r\n" + number(2) + number(3) + node("?", 2) +
      "*3\r\n" + number(4) + number(5) + "*2\r\n$-1\r\n" + number(3));
  const auto table = parse_slots(answer.view(), kAsked);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->primary_of(0)->text(), "seed:1");
  EXPECT_EQ(table->primary_of(2)->text(), "seed:2");
  EXPECT_EQ(table->primary_of(4)->text(), "seed:3");
  EXPECT_EQ(table->primary_of(6), nullptr);
}

TEST(RedisTopology, AMovedSlotIsNoted) {
  SlotTable table;
  table.assign(7, address("a", 1));
  table.assign(8, address("b", 1));
  table.assign(7, address("b", 1));
  EXPECT_EQ(table.primary_of(7)->text(), "b:1");
  EXPECT_EQ(table.primaries.size(), 2U);
  EXPECT_EQ(table.a_slot_of(0), std::nullopt);
}

TEST(RedisTopology, BrokenSlotTablesAreErrors) {
  for (const std::string& wrong :
       {number(1), "*1\r\n" + number(1), "*1\r\n*3\r\n" + number(5) + number(4) + node("h", 1),
        "*1\r\n*3\r\n" + number(0) + number(16384) + node("h", 1),
        "*1\r\n*3\r\n" + number(-1) + number(1) + node("h", 1),
        "*1\r\n*3\r\n" + number(0) + number(1) + node("h", 70000)}) {
    const auto table = parse_slots(reply(wrong).view(), kAsked);
    ASSERT_FALSE(table) << wrong;
    EXPECT_EQ(table.error().kind, ErrorKind::Malformed);
  }
}

TEST(RedisTopology, Redirects) {
  const auto moved = parse_redirect("MOVED 3999 127.0.0.1:6381", kAsked);
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->slot, 3999);
  EXPECT_EQ(moved->address.text(), "127.0.0.1:6381");
  EXPECT_EQ(parse_redirect("ASK 0 ::1:6381", kAsked)->address.text(), "[::1]:6381");
  EXPECT_EQ(parse_redirect("MOVED 1 :6381", kAsked)->address.text(), "seed:6381");
  for (const char* wrong : {"MOVED", "MOVED x h:1", "MOVED 16384 h:1", "MOVED 1 h", "MOVED 1 h:0",
                            "ERR 1 h:1", "MOVED 1 h:99999"})
    EXPECT_FALSE(parse_redirect(wrong, kAsked)) << wrong;
}

TEST(RedisTopology, SentinelAnswers) {
  EXPECT_EQ(parse_sentinel_answer(reply("*2\r\n" + text("10.0.0.1") + text("6379")).view())->text(),
            "10.0.0.1:6379");
  EXPECT_FALSE(parse_sentinel_answer(reply("*-1\r\n").view()));
  EXPECT_FALSE(parse_sentinel_answer(reply("-ERR no\r\n").view()));
  EXPECT_FALSE(parse_sentinel_answer(reply("*2\r\n" + text("h") + text("x")).view()));
}

TEST(RedisTopology, ErrorsAreToldApart) {
  const std::vector<std::pair<std::string, ErrorClass>> cases{
      {"NOSCRIPT No matching script. Please use EVAL.", ErrorClass::LoadScript},
      {"LOADING Redis is loading the dataset in memory", ErrorClass::Later},
      {"BUSY Redis is busy running a script.", ErrorClass::Later},
      {"OOM command not allowed when used memory > 'maxmemory'.", ErrorClass::Later},
      {"TRYAGAIN Multiple keys request during rehashing of slot", ErrorClass::Later},
      {"NOREPLICAS Not enough good replicas to write.", ErrorClass::Later},
      {"MISCONF Redis is configured to save RDB snapshots", ErrorClass::Later},
      {"READONLY You can't write against a read only replica.", ErrorClass::FindPrimary},
      {"MASTERDOWN Link with MASTER is down", ErrorClass::FindPrimary},
      {"MOVED 1 h:1", ErrorClass::Moved},
      {"ASK 1 h:1", ErrorClass::Ask},
      {"CLUSTERDOWN The cluster is down", ErrorClass::ClusterDown},
      {"NOAUTH Authentication required.", ErrorClass::Refused},
      {"WRONGPASS invalid username-password pair", ErrorClass::Refused},
      {"NOPERM this user has no permissions to run the 'set' command", ErrorClass::Own},
      {"BUSYGROUP Consumer Group name already exists", ErrorClass::Own},
      {"CROSSSLOT Keys in request don't hash to the same slot", ErrorClass::Own},
      {"WRONGTYPE Operation against a key", ErrorClass::Own},
      {"ERR unknown command", ErrorClass::Own},
      {"", ErrorClass::Own},
      {"ERR Error running script (call to f_1): @user_script:1: @user_script: 1: -OOM command not "
       "allowed when used memory > 'maxmemory'.",
       ErrorClass::Later},
      {"ERR Error running script (call to f_1): @user_script:1: -READONLY You can't write against "
       "a read only replica.",
       ErrorClass::FindPrimary}};
  for (const auto& [error, kind] : cases) EXPECT_EQ(classify_error(error), kind) << error;
}

TEST(RedisTopology, OutOfMemoryIsExplained) {
  EXPECT_EQ(explain_error("OOM command not allowed"), "the server's maxmemory is reached (OOM)");
  EXPECT_EQ(explain_error("CLUSTERDOWN x"), "CLUSTERDOWN x");
}

}  // namespace
}  // namespace oddsloom::test
