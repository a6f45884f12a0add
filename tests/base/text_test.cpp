#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace oddsloom {
namespace {

using testing::ElementsAre;

TEST(Trim, TakesAsciiWhiteSpaceOffBothEndsOnly) {
  EXPECT_EQ(trim("  a b \t\r\n\f\v"), "a b");
  EXPECT_EQ(trim("a"), "a");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim(" \n "), "");
  EXPECT_EQ(trim("\xC2\xA0x"), "\xC2\xA0x");
}

TEST(Split, KeepsEmptyPieces) {
  EXPECT_THAT(split("a,b,c", ','), ElementsAre("a", "b", "c"));
  EXPECT_THAT(split(",a,,", ','), ElementsAre("", "a", "", ""));
  EXPECT_THAT(split("abc", ','), ElementsAre("abc"));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(AsciiCase, LeavesOtherBytesAlone) {
  EXPECT_EQ(to_lower_ascii("BookieDelta_9 \xC3\x84"), "bookiedelta_9 \xC3\x84");
  EXPECT_TRUE(equals_ignore_case_ascii("Content-TYPE", "content-type"));
  EXPECT_FALSE(equals_ignore_case_ascii("abc", "abcd"));
  EXPECT_FALSE(equals_ignore_case_ascii("[", "{"));
  EXPECT_TRUE(contains_ignore_case_ascii("Access Denied", "DENIED"));
  EXPECT_TRUE(contains_ignore_case_ascii("x", ""));
  EXPECT_FALSE(contains_ignore_case_ascii("ab", "abc"));
}

TEST(FoldToAscii, TakesAccentsOffLatinLetters) {
  EXPECT_EQ(fold_to_ascii("Bodø"), "Bodo");
  EXPECT_EQ(fold_to_ascii("Skövde"), "Skovde");
  EXPECT_EQ(fold_to_ascii("München"), "Munchen");
  EXPECT_EQ(fold_to_ascii("Łódź"), "Lodz");
  EXPECT_EQ(fold_to_ascii("Çaykent Gücü"), "Caykent Gucu");
  EXPECT_EQ(fold_to_ascii("São João d'Óbidos"), "Sao Joao d'Obidos");
  EXPECT_EQ(fold_to_ascii("Straßenbahn Ærø"), "Strassenbahn AEro");
}

TEST(FoldToAscii, FoldsAnAccentWrittenAsItsOwnCharacterLikeTheLetterInOne) {
  EXPECT_EQ(fold_to_ascii("Sko\xCC\x88vde"), fold_to_ascii("Skövde"));
}

TEST(FoldToAscii, SpellsOtherScriptsInLatinLetters) {
  EXPECT_EQ(fold_to_ascii("Звезда"), "Zvezda");
  EXPECT_EQ(fold_to_ascii("Αστέρας"), "Asteras");
  EXPECT_FALSE(fold_to_ascii("東京").empty());
}

TEST(FoldToAscii, RemovesQuestionMarksOfEveryKind) {
  EXPECT_EQ(fold_to_ascii("Bod?"), "Bod");
  EXPECT_EQ(fold_to_ascii("??"), "");
  EXPECT_EQ(fold_to_ascii("¿Bodø？"), "Bodo");
}

TEST(FoldToAscii, ReturnsAsciiAsItIs) {
  std::string all;
  for (char c = 1; c < 127; ++c) all.push_back(c);
  std::string expected = all;
  std::erase(expected, '?');
  EXPECT_EQ(fold_to_ascii(all), expected);
  EXPECT_EQ(fold_to_ascii("  1. FC  Nowhere (W) "), "  1. FC  Nowhere (W) ");
  EXPECT_EQ(fold_to_ascii(""), "");
}

TEST(FoldToAscii, AlwaysGivesAsciiAlsoForBytesThatAreNotUtf8) {
  for (int first = 0x80; first < 0x100; ++first)
    for (const char* rest : {"", "a", "\x80", "\xBF\xBF", "\xFF"}) {
      const std::string folded = fold_to_ascii(static_cast<char>(first) + std::string(rest));
      for (const char c : folded) EXPECT_LT(static_cast<unsigned char>(c), 0x80) << first;
    }
  EXPECT_EQ(fold_to_ascii("Ros\xFFtown"), "Rostown");
}

TEST(FoldToAscii, MayBeCalledFromSeveralThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::vector<std::string> folded(4);
  for (std::string& out : folded)
    threads.emplace_back([&out] {
      for (int i = 0; i < 200; ++i) out = fold_to_ascii("Łódź Звезда");
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& out : folded) EXPECT_EQ(out, "Lodz Zvezda");
}

TEST(ParseInt, ReadsTheWholeTextOrNothing) {
  EXPECT_EQ(parse_int("0"), 0);
  EXPECT_EQ(parse_int("-17"), -17);
  EXPECT_EQ(parse_int("9223372036854775807"), 9223372036854775807);
  EXPECT_EQ(parse_int("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  for (const char* text : {"", "+5", " 5", "5 ", "5.0", "5e3", "0x5", "-", "--5", "five",
                           "9223372036854775808", "-9223372036854775809"})
    EXPECT_EQ(parse_int(text), std::nullopt) << text;
  EXPECT_EQ(parse_int(std::string_view("5\0", 2)), std::nullopt);
}

TEST(Nearest, FindsWhatWasProbablyMeant) {
  const std::vector<std::string> words{"three_way", "btts", "double_chance", "totals"};
  EXPECT_EQ(nearest("thre_way", words), "three_way");
  EXPECT_EQ(nearest("THREE_WAY", words), "three_way");
  EXPECT_EQ(nearest("bts", words), "btts");
  EXPECT_EQ(nearest("doublechance", words), "double_chance");
  EXPECT_EQ(nearest("btts", words), "btts");
}

TEST(Nearest, PrefersTheClosestAndThenTheFirst) {
  EXPECT_EQ(nearest("batch", {"hatched", "batches", "batch_"}), "batch_");
  EXPECT_EQ(nearest("cat", {"bat", "car"}), "bat");
}

TEST(Nearest, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(nearest("corners", {"three_way", "btts"}), std::nullopt);
  EXPECT_EQ(nearest("btts", {}), std::nullopt);
}

TEST(RedactUrl, LeavesAUrlWithoutSecretsAsItIs) {
  for (const char* url :
       {"https://api.example.test/live?sportId=1&hours=24#top", "http://127.0.0.1:8080/",
        "https://example.test/a@b?mail=c@d", "no url at all", "", "?", "a?b&c", "://"})
    EXPECT_EQ(redact_url(url), url);
}

TEST(RedactUrl, HidesUserAndPassword) {
  EXPECT_EQ(redact_url("http://user:pw@proxy.test:3128"), "http://***@proxy.test:3128");
  EXPECT_EQ(redact_url("http://user@proxy.test/x"), "http://***@proxy.test/x");
  EXPECT_EQ(redact_url("http://u:p@ss@proxy.test/x"), "http://***@proxy.test/x");
  EXPECT_EQ(redact_url("socks5h://u:p@[::1]:1080"), "socks5h://***@[::1]:1080");
}

TEST(RedactUrl, HidesValuesOfParametersThatSayTheyAreSecret) {
  EXPECT_EQ(redact_url("https://a.test/x?apiKey=abc&q=1"), "https://a.test/x?apiKey=***&q=1");
  EXPECT_EQ(redact_url("https://a.test/x?q=1&access_token=abc"),
            "https://a.test/x?q=1&access_token=***");
  EXPECT_EQ(redact_url("https://a.test/?client_SECRET=a&PASSWORD=b&x=c"),
            "https://a.test/?client_SECRET=***&PASSWORD=***&x=c");
  EXPECT_EQ(redact_url("https://a.test/?token=a=b=c#part"), "https://a.test/?token=***#part");
  EXPECT_EQ(redact_url("https://a.test/?token=&x=1"), "https://a.test/?token=***&x=1");
  EXPECT_EQ(redact_url("https://a.test/?token=1&token=22&token=333"),
            "https://a.test/?token=***&token=***&token=***");
}

TEST(RedactUrl, HidesOnlyTheSecretBesideAParameterWithoutAValue) {
  EXPECT_EQ(redact_url("https://a.test/?live&apikey=abc"), "https://a.test/?live&apikey=***");
  EXPECT_EQ(redact_url("https://a.test/?key&team=Rostown"), "https://a.test/?key&team=Rostown");
}

TEST(RedactUrl, HidesSecretsInTheFragment) {
  EXPECT_EQ(redact_url("https://a.test/cb#access_token=abc&x=1"),
            "https://a.test/cb#access_token=***&x=1");
  EXPECT_EQ(redact_url("https://a.test/cb?x=1#token=abc"), "https://a.test/cb?x=1#token=***");
}

}  // namespace
}  // namespace oddsloom
