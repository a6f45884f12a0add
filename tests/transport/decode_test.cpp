#include "transport/decode.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include <functional>
#include <memory>
#include <string>

#include "tests/transport/client_helpers.h"
#include "tests/transport/compress.h"

namespace oddsloom {

namespace {

constexpr std::size_t kCap = 1U << 20U;

std::string markets(std::size_t size) {
  std::string text = "[";
  for (std::size_t i = 0; text.size() < size; ++i)
    text += R"({"game":)" + std::to_string(700'000 + i * 37) + R"(,"price":"1.)" +
            std::to_string(i * 7'919 % 89 + 10) + R"("},)";
  text.resize(size);
  return text;
}

struct Coding {
  const char* name;
  std::function<std::string(std::string_view)> encode;
  bool tells_cut_from_broken;
};

class EveryCoding : public testing::TestWithParam<Coding> {
 protected:
  Decoded decode(std::string_view wire, std::size_t most = kCap) {
    return decoder_.decode(GetParam().name, wire, most, out_);
  }
  BodyDecoder decoder_;
  std::string out_;
};

TEST_P(EveryCoding, GivesBackWhatWasEncodedWithRoomForThePadding) {
  for (const std::size_t size : {1U, 17U, 4'096U, 65'536U, 70'000U, 1'000'000U}) {
    const std::string plain = markets(size);
    const Decoded decoded = decode(GetParam().encode(plain));
    ASSERT_EQ(decoded.end, TransferEnd::Done) << decoded.message;
    ASSERT_EQ(out_, plain) << size;
    EXPECT_GE(out_.capacity(), out_.size() + kBodyPadding);
  }
}

TEST_P(EveryCoding, AllowsExactlyTheCapAndNotOneByteMore) {
  const std::string wire = GetParam().encode(markets(50'000));
  EXPECT_EQ(decode(wire, 50'000).end, TransferEnd::Done);
  EXPECT_EQ(out_.size(), 50'000U);
  EXPECT_EQ(decode(wire, 49'999).end, TransferEnd::TooLarge);
  EXPECT_TRUE(out_.empty());
}

TEST_P(EveryCoding, NeverTakesACutBodyForAWholeOne) {
  const std::string wire = GetParam().encode(markets(3'000));
  for (std::size_t size = 1; size < wire.size(); ++size) {
    const TransferEnd end = decode(wire.substr(0, size)).end;
    if (GetParam().tells_cut_from_broken)
      ASSERT_EQ(end, TransferEnd::Truncated) << size;
    else
      ASSERT_TRUE(end == TransferEnd::Truncated || end == TransferEnd::BadEncoding) << size;
    ASSERT_TRUE(out_.empty());
  }
}

TEST_P(EveryCoding, SurvivesEveryFlippedByte) {
  const std::string wire = GetParam().encode(markets(600));
  for (std::size_t i = 0; i < wire.size(); ++i) {
    std::string broken = wire;
    broken[i] = static_cast<char>(broken[i] ^ 0x5A);
    const TransferEnd end = decode(broken).end;
    EXPECT_NE(end, TransferEnd::Failed);
    EXPECT_LE(out_.size(), kCap);
  }
}

TEST_P(EveryCoding, RefusesBytesAfterTheEnd) {
  EXPECT_EQ(decode(GetParam().encode(markets(500)) + "what is this doing here?").end,
            TransferEnd::BadEncoding);
}

TEST_P(EveryCoding, CanBeUsedAgainAfterABrokenBody) {
  ASSERT_NE(decode("this was never compressed").end, TransferEnd::Done);
  EXPECT_EQ(decode(GetParam().encode("fine")).end, TransferEnd::Done);
  EXPECT_EQ(out_, "fine");
}

INSTANTIATE_TEST_SUITE_P(
    Decode, EveryCoding,
    testing::Values(Coding{"gzip", gzip, false}, Coding{"deflate", zlib_deflate, false},
                    Coding{"br", brotli_stored, true}, Coding{"zstd", zstd, true}),
    [](const testing::TestParamInfo<Coding>& coding) { return std::string(coding.param.name); });

class Decode : public testing::Test {
 protected:
  Decoded decode(std::string_view encoding, std::string_view wire, std::size_t most = kCap) {
    return decoder_.decode(encoding, wire, most, out_);
  }
  BodyDecoder decoder_;
  std::string out_;
};

TEST_F(Decode, StopsBombsAtTheCap) {
  constexpr std::size_t kBomb = 64U << 20U;
  const std::string zeros(kBomb, '\0');
  EXPECT_EQ(decode("gzip", gzip(zeros)).end, TransferEnd::TooLarge);
  EXPECT_EQ(decode("deflate", zlib_deflate(zeros)).end, TransferEnd::TooLarge);
  EXPECT_EQ(decode("zstd", zstd(zeros)).end, TransferEnd::TooLarge);
  EXPECT_EQ(decode("br", brotli_bomb(8)).end, TransferEnd::TooLarge);
  EXPECT_LE(out_.capacity(), 3 * kCap) << "memory beyond the cap was taken";
}

TEST_F(Decode, TheBrotliBombIsARealOne) {
  ASSERT_EQ(decode("br", brotli_bomb(1), 8U << 20U).end, TransferEnd::Done);
  EXPECT_EQ(out_, std::string(8U << 20U, 'a'));
}

TEST_F(Decode, AGzipSizeThatLiesTakesNoMemoryAndIsRefused) {
  std::string wire = gzip("a small body");
  for (const char* claim : {"\xFF\xFF\xFF\xFF", "\x01\x00\x00\x00"}) {
    wire.replace(wire.size() - 4, 4, claim, 4);
    EXPECT_EQ(decode("gzip", wire, 1U << 30U).end, TransferEnd::BadEncoding);
    EXPECT_LT(out_.capacity(), 1U << 20U);
  }
}

TEST_F(Decode, JoinsTheMembersOfAGzipBody) {
  const std::string first = markets(20'000), second = markets(90);
  ASSERT_EQ(decode("gzip", gzip(first) + gzip(second) + gzip("")).end, TransferEnd::Done);
  EXPECT_EQ(out_, first + second);
}

TEST_F(Decode, ManyGzipMembersAreTooLargeTogether) {
  std::string wire;
  for (int i = 0; i < 30; ++i) wire += gzip(std::string(100'000, 'x'));
  EXPECT_EQ(decode("gzip", wire).end, TransferEnd::TooLarge);
}

TEST_F(Decode, ReadsBareDeflateAsSomeServersSendIt) {
  const std::string plain = markets(30'000);
  ASSERT_EQ(decode("deflate", bare_deflate(plain)).end, TransferEnd::Done);
  EXPECT_EQ(out_, plain);
}

TEST_F(Decode, JoinsTheFramesOfAZstdBody) {
  ASSERT_EQ(decode("zstd", zstd("one ") + zstd("two")).end, TransferEnd::Done);
  EXPECT_EQ(out_, "one two");
}

TEST_F(Decode, RefusesAZstdWindowThatHttpDoesNotAllow) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                     &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, 27);
  // A streaming frame, which unlike a one-shot one does not shrink its window to the content.
  std::string wire(1'000, '\0');
  ZSTD_inBuffer in{"odds", 4, 0};
  ZSTD_outBuffer out{wire.data(), wire.size(), 0};
  ZSTD_compressStream2(context.get(), &out, &in, ZSTD_e_flush);
  ASSERT_EQ(ZSTD_compressStream2(context.get(), &out, &in, ZSTD_e_end), 0U);
  wire.resize(out.pos);
  EXPECT_EQ(decode("zstd", wire).end, TransferEnd::BadEncoding);
}

TEST_F(Decode, UndoesSeveralCodingsFromTheRight) {
  const std::string plain = markets(5'000);
  ASSERT_EQ(decode("br, gzip", gzip(brotli_stored(plain))).end, TransferEnd::Done);
  EXPECT_EQ(out_, plain);
  EXPECT_EQ(decode("gzip, gzip, gzip, gzip", "x").end, TransferEnd::BadEncoding);
}

TEST_F(Decode, NamesAreReadWithoutRegardToCaseAndIdentityIsNothing) {
  EXPECT_EQ(decode("GZip", gzip("a")).end, TransferEnd::Done);
  EXPECT_EQ(decode("x-gzip", gzip("a")).end, TransferEnd::Done);
  EXPECT_EQ(decode(" identity , ", "plain").end, TransferEnd::Done);
  EXPECT_EQ(out_, "plain");
}

TEST_F(Decode, RefusesAnEncodingItDoesNotKnowAndNamesIt) {
  const Decoded decoded = decode("compress", "plain");
  EXPECT_EQ(decoded.end, TransferEnd::BadEncoding);
  EXPECT_NE(decoded.message.find("compress"), std::string::npos);
}

TEST_F(Decode, AnEmptyBodyIsEmptyWhateverItsHeaderSays) {
  EXPECT_EQ(decode("gzip", "").end, TransferEnd::Done);
  EXPECT_TRUE(out_.empty());
}

}  // namespace
}  // namespace oddsloom
