#include "store/redis_packed.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/redis_client.h"
#include "store/store_under_test.h"
#include "support/redis_server.h"

namespace oddsloom::test {
namespace {

// What a real server packs, at both sides of every length at which the form changes.
class RedisPacked : public testing::Test {
 protected:
  Reply packed(const std::string& lua) {
    RedisCommand eval("EVAL");
    eval.add("return cmsgpack.pack(" + lua + ")").add("0");
    return must(client_->ask(std::move(eval), Millis(5'000)));
  }

  RedisServer server_;
  std::unique_ptr<RedisClient> client_ =
      must(RedisClient::connect(must(parse_redis_url(server_.url())), {}, Millis(5'000)));
};

TEST_F(RedisPacked, TextsOfEveryLengthComeOutAsTheyWere) {
  for (const std::size_t size : {0U, 1U, 31U, 32U, 255U, 256U, 65'535U, 65'536U, 200'000U}) {
    const Reply reply = packed(fmt::format("string.rep('x', {})", size));
    PackedReader reader(reply.text());
    EXPECT_EQ(reader.text(), std::string(size, 'x'));
    EXPECT_TRUE(reader.at_end());
  }
  const Reply reply = packed("'a\\0\\255\\r\\nb'");
  EXPECT_EQ(PackedReader(reply.text()).text(), std::string_view("a\0\xFF\r\nb", 6));
}

TEST_F(RedisPacked, ListsOfEveryLengthAreWalkedThrough) {
  for (const std::size_t size : {1U, 15U, 16U, 300U, 65'535U, 65'536U}) {
    const Reply reply =
        packed(fmt::format("(function() local t = {{}} for i = 1, {} do t[i] = {{'id' .. i, "
                           "{{'k'}}}} end return t end)()",
                           size));
    PackedReader reader(reply.text());
    ASSERT_EQ(reader.list(), size);
    for (std::size_t i = 1; i <= size; ++i) {
      ASSERT_EQ(reader.list(), 2u);
      ASSERT_EQ(reader.text(), fmt::format("id{}", i));
      ASSERT_EQ(reader.list(), 1u);
      ASSERT_EQ(reader.text(), "k");
    }
    EXPECT_TRUE(reader.at_end());
  }
}

TEST(PackedReader, WhatIsSomethingElseOrEndsEarlyIsNothing) {
  for (const std::string_view bytes :
       {"", "\xA2x", "\xD9", "\xD9\x02x", "\xDA\x01", "\x01", "\xC0"})
    EXPECT_EQ(PackedReader(bytes).text(), std::nullopt);
  for (const std::string_view bytes : {"", "\xDC\x01", "\xDD\x01\x01\x01", "\xA1x", "\x80"})
    EXPECT_EQ(PackedReader(bytes).list(), std::nullopt);
  EXPECT_EQ(PackedReader("\x91\xA1x").text(), std::nullopt);
  EXPECT_EQ(PackedReader("\x91\xA1x").list(), 1u);
}

}  // namespace
}  // namespace oddsloom::test
