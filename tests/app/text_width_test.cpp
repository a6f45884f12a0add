#include "app/text_width.h"

#include <gtest/gtest.h>

#include "app/table.h"

namespace oddsloom {
namespace {

TEST(TextWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(text_width("Bodø"), 4U);
  EXPECT_EQ(text_width("e\xCC\x81"), 1U) << "a combining accent takes no column";
  EXPECT_EQ(text_width("東京"), 4U);
}

TEST(TextWidth, FittingIsExactlyAsWideAsAsked) {
  EXPECT_EQ(fit("abc", 5), "abc  ");
  EXPECT_EQ(fit("abc", 5, Align::Right), "  abc");
  EXPECT_EQ(fit("abcdef", 4), "abc…");
  EXPECT_EQ(fit("東京都", 4), "東… ") << "half a wide letter cannot be shown";
  EXPECT_EQ(fit("abc", 0), "");
}

TEST(TextWidth, NamesCannotSendControlSequences) {
  EXPECT_EQ(printable("A\x1b[2JB\nC"), "A?[2JB?C");
  EXPECT_EQ(printable("bad \xff byte"), "bad ? byte");
  EXPECT_EQ(printable("turned \xE2\x80\xAE around"), "turned ? around");
}

TEST(Table, ColumnsAreAsWideAsTheirContentUpToTheirLimit) {
  EXPECT_EQ(to_text({{"NAME", Align::Left, 6}, {"N", Align::Right}},
                    {{"a", "1"}, {"longer name", "200"}}),
            "NAME      N\n"
            "a         1\n"
            "longe…  200\n");
}

}  // namespace
}  // namespace oddsloom
