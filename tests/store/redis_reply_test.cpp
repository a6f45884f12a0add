#include "store/redis_reply.h"

#include <gtest/gtest.h>

#include "store/parsed_reply.h"

namespace oddsloom::test {
namespace {

TEST(RedisReply, SaysWhatItIs) {
  const Reply reply =
      parsed_reply("*7\r\n$2\r\nab\r\n+OK\r\n-ERR no\r\n:-7\r\n$-1\r\n*-1\r\n$2\r\n42\r\n");
  ASSERT_TRUE(reply.view().is_list());
  ASSERT_EQ(reply.view().size(), 7u);
  EXPECT_EQ(reply[0].text(), "ab");
  EXPECT_EQ(reply[0].integer(), std::nullopt);
  EXPECT_EQ(reply[1].text(), "OK");
  EXPECT_TRUE(reply[2].is_error());
  EXPECT_EQ(reply[2].text(), "ERR no");
  EXPECT_EQ(reply[3].integer(), -7);
  EXPECT_EQ(reply[3].text(), "");
  EXPECT_TRUE(reply[4].is_nil());
  EXPECT_TRUE(reply[5].is_nil());
  EXPECT_EQ(reply[6].integer(), 42);
  EXPECT_TRUE(reply[7].is_nil()) << "beyond the end";
  EXPECT_TRUE(Reply().view().is_nil());
}

TEST(RedisReply, ListsHoldLists) {
  const Reply reply =
      parsed_reply("*2\r\n*2\r\n$1\r\na\r\n*0\r\n*1\r\n*4\r\n$1\r\nn\r\n:1\r\n$1\r\nm\r\n:2\r\n");
  EXPECT_EQ(reply[0][0].text(), "a");
  EXPECT_TRUE(reply[0][1].is_list());
  EXPECT_EQ(reply[0][1].size(), 0u);
  EXPECT_EQ(reply[1][0].member("m").integer(), 2);
  EXPECT_TRUE(reply[1][0].member("o").is_nil());
}

TEST(RedisReply, TextsAreWholeAndNeverWithoutAnAddress) {
  const std::string bytes("\0\r\n\xff", 4);
  const Reply reply = parsed_reply("*3\r\n$4\r\n" + bytes + "\r\n$0\r\n\r\n$-1\r\n");
  EXPECT_EQ(reply[0].text(), bytes);
  for (const ReplyView view : {reply[1], reply[2], reply.view(), ReplyView()}) {
    EXPECT_EQ(view.text(), "");
    EXPECT_NE(view.text().data(), nullptr);
  }
}

// More than one block of memory, in pieces of any size.
TEST(RedisReply, ComesInPieces) {
  std::string bytes = "*500\r\n";
  for (int i = 0; i < 500; ++i) {
    const std::string text(static_cast<std::size_t>(i), 'x');
    bytes += "*2\r\n:" + std::to_string(i) + "\r\n$" + std::to_string(i) + "\r\n" + text + "\r\n";
  }
  for (const std::size_t piece : {1, 7, 4'096}) {
    ReplyReader reader;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      const auto nothing_yet = reader.next();
      ASSERT_TRUE(nothing_yet);
      ASSERT_FALSE(*nothing_yet);
      reader.feed(std::string_view(bytes).substr(at, piece));
    }
    reader.feed("+next\r\n");
    const auto reply = reader.next(), next = reader.next(), none = reader.next();
    ASSERT_TRUE(reply && *reply);
    for (std::size_t i = 0; i < 500; ++i) {
      ASSERT_EQ((**reply)[i][0].integer(), static_cast<std::int64_t>(i));
      ASSERT_EQ((**reply)[i][1].text(), std::string(i, 'x'));
    }
    ASSERT_TRUE(next && *next);
    EXPECT_EQ((*next)->text(), "next");
    EXPECT_TRUE(none && !*none);
  }
}

TEST(RedisReply, OutlivesItsReader) {
  auto reader = std::make_unique<ReplyReader>();
  reader->feed("*1\r\n$4\r\ntext\r\n*2\r\n$4\r\nhalf\r\n");
  const auto reply = reader->next();
  ASSERT_TRUE(reader->next()) << "half an answer is none";
  reader.reset();
  ASSERT_TRUE(reply && *reply);
  EXPECT_EQ((**reply)[0].text(), "text");
}

TEST(RedisReply, WhatIsNoRespOrAnnouncesTooMuchIsRefusedForEver) {
  for (const std::string& bytes :
       {std::string("HTTP/1.1 400 Bad Request\r\n"), std::string("*1\r\n$1\r\na\r\n*1\r\n?\r\n"),
        std::string("*2000000000\r\n"), std::string("*2\r\n:1\r\n*2000000000\r\n")}) {
    ReplyReader reader;
    reader.feed(bytes);
    auto reply = reader.next();
    if (reply && *reply) reply = reader.next();
    ASSERT_FALSE(reply) << bytes;
    EXPECT_EQ(reply.error().kind, ErrorKind::Malformed);
    EXPECT_FALSE(reply.error().message.empty());
    EXPECT_FALSE(reader.next());
  }
}

}  // namespace
}  // namespace oddsloom::test
