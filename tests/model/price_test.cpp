#include "model/price.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>

namespace oddsloom {
namespace {

struct Reading {
  const char* text;
  std::int32_t thousandths;
};

TEST(ParsePrice, ReadsDecimalText) {
  for (const Reading& reading : {Reading{"2.06", 2060},
                                 {"16.50", 16'500},
                                 {"100.00", 100'000},
                                 {"3", 3000},
                                 {"1.925", 1925},
                                 {"1.9250000", 1925},
                                 {"0", 0},
                                 {"0.00", 0},
                                 {"1.001", 1001},
                                 {"007.5", 7500},
                                 {"100000", 100'000'000}}) {
    const auto price = parse_price(reading.text);
    ASSERT_TRUE(price.has_value()) << reading.text << ": " << price.error().text();
    EXPECT_EQ(price->thousandths, reading.thousandths) << reading.text;
  }
}

// With an exponent a number is read digit by digit, without one in one go where it is short.
TEST(ParsePrice, ShortNumbersAreReadAsLongOnesAre) {
  std::mt19937 random(7);
  const auto same = [](const std::string& text) {
    const auto price = parse_price(text), long_price = parse_price(text + "e0");
    ASSERT_EQ(price.has_value(), long_price.has_value()) << text;
    if (price) {
      EXPECT_EQ(price->thousandths, long_price->thousandths) << text;
    } else {
      EXPECT_EQ(price.error().kind, long_price.error().kind) << text;
    }
    const auto line = parse_line(text), long_line = parse_line(text + "e0");
    ASSERT_EQ(line.has_value(), long_line.has_value()) << text;
    if (line) {
      EXPECT_EQ(line->thousandths, long_line->thousandths) << text;
    }
  };
  for (const char* text : {"10000", "10000.001", "99999.999", "99999.9999", "100000", "100000.001",
                           "00000.5", "000001", "1.", "1.0000", "0.000", "9999.9990", "1..5", "1x"})
    same(text);
  constexpr std::string_view kAlphabet = "0123456789....";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto size = random() % 10 + 1; size > 0; --size)
      text += kAlphabet[random() % kAlphabet.size()];
    same(text);
  }
}

TEST(ParsePrice, TakesBinaryNoiseAsTheThousandthItIsBeside) {
  for (const Reading& reading : {Reading{"1.7999999999999998", 1800},
                                 {"1.8000000000000003", 1800},
                                 {"2.0600000000000005", 2060},
                                 {"1.800000001", 1800},
                                 {"1.799999999", 1800},
                                 {"0.99999999999999", 1000},
                                 {"0.0000000001", 0}}) {
    const auto price = parse_price(reading.text);
    ASSERT_TRUE(price.has_value()) << reading.text << ": " << price.error().text();
    EXPECT_EQ(price->thousandths, reading.thousandths) << reading.text;
  }
}

TEST(ParsePrice, RefusesToRoundToAPriceNobodyOffered) {
  for (const char* text :
       {"1.2345", "1.8004999", "1.8005", "1.80000001", "1.79999999", "1.8000000011",
        "1.80000000199999", "1.7999999989", "0.0001", "5e-4", "1.00049"}) {
    const auto price = parse_price(text);
    ASSERT_FALSE(price.has_value()) << text << " became " << to_text(*price);
    EXPECT_EQ(price.error().kind, ErrorKind::OutOfRange) << text;
    EXPECT_NE(price.error().message.find(text), std::string::npos) << "the message quotes it";
  }
}

TEST(ParsePrice, ReadsExponentsAsJsonWritesThem) {
  for (const Reading& reading : {Reading{"1.8e0", 1800},
                                 {"18e-1", 1800},
                                 {"0.18E+1", 1800},
                                 {"1800e-3", 1800},
                                 {"1e3", 1'000'000},
                                 {"1e05", 100'000'000},
                                 {"0e999", 0},
                                 {"0.00000000000018e13", 1800}}) {
    const auto price = parse_price(reading.text);
    ASSERT_TRUE(price.has_value()) << reading.text << ": " << price.error().text();
    EXPECT_EQ(price->thousandths, reading.thousandths) << reading.text;
  }
}

TEST(ParsePrice, CallsImpossiblePricesOutOfRange) {
  for (const char* text : {"-1.50", "-0", "-0.00", "100000.001", "100001", "1e6", "1e999",
                           "99999999999999999999", "9999999999999999999999999999999999999999"}) {
    const auto price = parse_price(text);
    ASSERT_FALSE(price.has_value()) << text;
    EXPECT_EQ(price.error().kind, ErrorKind::OutOfRange) << text;
  }
}

TEST(ParsePrice, CallsWhatIsNoNumberMalformed) {
  for (const char* text : {"",
                           "abc",
                           "1,85",
                           "+2",
                           " 2",
                           "2 ",
                           "NaN",
                           "nan",
                           "inf",
                           "-",
                           ".",
                           ".5",
                           "2.",
                           "2..0",
                           "2.0.0",
                           "--2",
                           "1/2",
                           "0x2",
                           "1e",
                           "1e+",
                           "e3",
                           "1e9999",
                           "1.5e1.5",
                           "1.5f",
                           "２",
                           "1 000",
                           "1'000",
                           "EVS",
                           "null",
                           "2\n",
                           "99999999999999999999999999999999999999999"}) {
    const auto price = parse_price(text);
    ASSERT_FALSE(price.has_value()) << text << " became " << to_text(*price);
    EXPECT_EQ(price.error().kind, ErrorKind::Malformed) << text;
  }
  EXPECT_FALSE(parse_price(std::string_view("2\0", 2)).has_value());
  EXPECT_FALSE(parse_price({}).has_value());
}

TEST(ParsePrice, AMessageNeverRepeatsALongText) {
  EXPECT_LT(parse_price(std::string(100'000, 'x')).error().message.size(), 100U);
  EXPECT_LT(parse_price(std::string(100'000, '9')).error().message.size(), 100U);
}

TEST(PriceText, HasTwoDecimalsAndAThirdWhenItIsNotZero) {
  EXPECT_EQ(to_text(Price{2060}), "2.06");
  EXPECT_EQ(to_text(Price{16'500}), "16.50");
  EXPECT_EQ(to_text(Price{100'000}), "100.00");
  EXPECT_EQ(to_text(Price{1925}), "1.925");
  EXPECT_EQ(to_text(Price{1001}), "1.001");
  EXPECT_EQ(to_text(Price{1010}), "1.01");
  EXPECT_EQ(to_text(Price{0}), "0.00");
  EXPECT_EQ(to_text(kHighestPrice), "100000.00");
}

TEST(PriceText, EveryThousandthIsReadBackExactly) {
  for (std::int32_t thousandths = 0; thousandths <= 200'000; ++thousandths) {
    const auto back = parse_price(to_text(Price{thousandths}));
    ASSERT_TRUE(back.has_value()) << thousandths;
    ASSERT_EQ(back->thousandths, thousandths);
  }
}

// A feed writes its prices as doubles: whatever a thousandth becomes there, it comes back as
// itself.
TEST(PriceText, EveryThousandthSurvivesBinaryFloatingPoint) {
  for (std::int32_t thousandths = 0; thousandths <= 200'000; ++thousandths) {
    char text[40];
    std::snprintf(text, sizeof text, "%.15f", thousandths / 1000.0);
    const auto back = parse_price(text);
    ASSERT_TRUE(back.has_value()) << text;
    ASSERT_EQ(back->thousandths, thousandths) << text;
  }
}

// What a text is worth, read by somebody else.
void expect_same_value(const std::string& text) {
  const auto price = parse_price(text);
  const auto line = parse_line(text);
  const long double value = std::strtold(text.c_str(), nullptr);
  if (price) {
    ASSERT_GE(price->thousandths, 0) << text;
    ASSERT_LE(price->thousandths, kHighestPrice.thousandths) << text;
    ASSERT_NEAR(static_cast<double>(value - price->thousandths / 1000.0L), 0.0, 1.001e-9) << text;
  }
  if (line) {
    ASSERT_NEAR(static_cast<double>(value - line->thousandths / 1000.0L), 0.0, 1.001e-9) << text;
  }
}

TEST(ParsePrice, GarbageNeverBecomesAnotherValue) {
  std::mt19937_64 random(41);
  constexpr std::string_view kLikely("0123456789.-+eE0123456789.., xN\xC2\xFF");
  std::uniform_int_distribution<std::size_t> any(0, kLikely.size() - 1), length(0, 14);
  for (int i = 0; i < 300'000; ++i) {
    std::string text;
    for (std::size_t left = length(random); left > 0; --left) text += kLikely[any(random)];
    ASSERT_NO_FATAL_FAILURE(expect_same_value(text));
  }
}

TEST(ParsePrice, ManyDecimalsNeverBecomeAnotherValue) {
  std::mt19937_64 random(43);
  std::uniform_int_distribution<int> whole(0, 50), part(0, 999), tail(0, 9999), sign(0, 1);
  for (int i = 0; i < 100'000; ++i) {
    char text[64];
    std::snprintf(text, sizeof text, "%d.%03d%s%04d", whole(random), part(random),
                  sign(random) != 0 ? "00000" : "99999", tail(random));
    ASSERT_NO_FATAL_FAILURE(expect_same_value(text));
  }
}

TEST(ParsePrice, AnyBytesAreSurvived) {
  std::mt19937_64 random(47);
  std::uniform_int_distribution<int> any(0, 255), length(0, 60);
  for (int i = 0; i < 50'000; ++i) {
    std::string text;
    for (int left = length(random); left > 0; --left) text += static_cast<char>(any(random));
    if (const auto price = parse_price(text)) {
      const auto again = parse_price(to_text(*price));
      ASSERT_TRUE(again.has_value());
      ASSERT_EQ(*again, *price) << text;
    }
  }
}

TEST(IsBettable, EvenMoneyBackIsNoBet) {
  EXPECT_FALSE(is_bettable(Price{0}));
  EXPECT_FALSE(is_bettable(Price{1000}));
  EXPECT_TRUE(is_bettable(Price{1001}));
}

TEST(LineText, IsAsShortAsTheLineAllows) {
  EXPECT_EQ(to_text(Line{2500}), "2.5");
  EXPECT_EQ(to_text(Line{-250}), "-0.25");
  EXPECT_EQ(to_text(Line{3000}), "3");
  EXPECT_EQ(to_text(Line{0}), "0");
  EXPECT_EQ(to_text(Line{-1000}), "-1");
  EXPECT_EQ(to_text(Line{10'000}), "10");
  EXPECT_EQ(to_text(Line{-1}), "-0.001");
}

TEST(LineText, EveryThousandthIsReadBackExactly) {
  for (std::int32_t thousandths = -200'000; thousandths <= 200'000; ++thousandths) {
    const auto back = parse_line(to_text(Line{thousandths}));
    ASSERT_TRUE(back.has_value()) << thousandths;
    ASSERT_EQ(back->thousandths, thousandths);
  }
}

TEST(ParseLine, ReadsASignOfEitherKindButOnlyOne) {
  EXPECT_EQ(parse_line("-0.25")->thousandths, -250);
  EXPECT_EQ(parse_line("+1.5")->thousandths, 1500);
  EXPECT_EQ(parse_line("-0"), Line{0}) << "no second zero: lines are part of an identity";
  EXPECT_EQ(parse_line("2.50"), Line{2500});
  for (const char* text : {"+-1", "++1", "-+1", "--1", "+", "-", "", " 1", "+ 1", "1,5", "2.5/3"}) {
    const auto line = parse_line(text);
    ASSERT_FALSE(line.has_value()) << text << " became " << to_text(*line);
    EXPECT_EQ(line.error().kind, ErrorKind::Malformed) << text;
  }
}

TEST(ParseLine, FollowsThePricesRuleForDecimalsAndHasItsOwnBounds) {
  EXPECT_EQ(parse_line("2.4999999999999996")->thousandths, 2500);
  EXPECT_EQ(parse_line("-2.4999999999999996")->thousandths, -2500);
  EXPECT_EQ(parse_line("10000")->thousandths, 10'000'000);
  EXPECT_EQ(parse_line("-10000")->thousandths, -10'000'000);
  for (const char* text : {"2.5001", "-2.5001", "10000.5", "-10000.5", "1e9"})
    EXPECT_EQ(parse_line(text).error().kind, ErrorKind::OutOfRange) << text;
}

}  // namespace
}  // namespace oddsloom
