#include "base/text_pen.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/json_writer.h"

namespace oddsloom {
namespace {

TEST(TextPen, AppendsWhateverTheBufferHeld) {
  for (const std::size_t expected : {0U, 1U, 5U, 100U}) {
    std::string buffer(expected, '?');
    TextPen pen(buffer);
    std::string wanted;
    for (int i = 0; i < 50; ++i) {
      pen.put("ab").put(std::int64_t{i}).put(std::string_view()).json("c\"d");
      wanted += "ab" + std::to_string(i) + R"("c\"d")";
    }
    EXPECT_EQ(pen.size(), wanted.size());
    EXPECT_EQ(pen.text(), wanted);
  }
}

TEST(TextPen, WritesNumbersUpToTheirLimits) {
  std::string buffer;
  TextPen pen(buffer);
  pen.put(std::numeric_limits<std::int64_t>::min()).put(",").put(std::int64_t{0}).put(",");
  pen.put(std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(pen.text(), "-9223372036854775808,0,9223372036854775807");
}

// A text is plain when escaping it changes nothing; every byte at every place of eight and beside.
TEST(TextPen, FindsWhatToEscapeAtEveryPlace) {
  for (std::size_t length = 1; length <= 19; ++length)
    for (std::size_t at = 0; at < length; ++at)
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(length, 'a');
        text[at] = static_cast<char>(byte);
        const bool plain = byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
        ASSERT_EQ(is_plain_json(text), plain) << length << " " << at << " " << byte;
        std::string written;
        append_json_string(written, text);
        ASSERT_EQ(written == "\"" + text + "\"", plain) << length << " " << at << " " << byte;
        std::string buffer;
        TextPen pen(buffer);
        pen.json(text);
        ASSERT_EQ(pen.text(), written);
      }
}

}  // namespace
}  // namespace oddsloom
