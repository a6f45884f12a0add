#include "transport/decode.h"

#include <brotli/decode.h>
#include <fmt/format.h>
#include <libdeflate.h>
#include <zstd.h>

#include <algorithm>
#include <limits>
#include <new>

#include "base/text.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostCodings = 3;
constexpr std::size_t kLeastGzip = 18;      // header and trailer of a member
constexpr std::size_t kMostDeflate = 1032;  // no deflate stream grows more than this
constexpr std::size_t kFirstRoom = 16 * 1024;
constexpr int kMostZstdWindowLog = 23;  // 8 MiB, what RFC 9659 allows in HTTP

using Inflate = libdeflate_result (*)(libdeflate_decompressor*, const void*, std::size_t, void*,
                                      std::size_t, std::size_t*, std::size_t*);

Decoded ended(TransferEnd end, std::string message) { return {end, std::move(message)}; }
Decoded too_large(std::size_t most) {
  return ended(TransferEnd::TooLarge, fmt::format("decoded body is longer than {} bytes", most));
}

void set_size(std::string& out, std::size_t size) {
  out.reserve(size + kBodyPadding);
  out.resize(size);
}

// One deflate stream from the front of `wire` to out[filled..]; takes off what it read.
Decoded inflate_one(Inflate inflate, libdeflate_decompressor* state, std::string_view& wire,
                    std::size_t most, std::string& out, std::size_t& filled) {
  for (;;) {
    std::size_t read = 0;
    std::size_t made = 0;
    switch (inflate(state, wire.data(), wire.size(), out.data() + filled, out.size() - filled,
                    &read, &made)) {
      case LIBDEFLATE_SUCCESS:
        filled += made;
        wire.remove_prefix(read);
        return {};
      case LIBDEFLATE_INSUFFICIENT_SPACE:
        if (out.size() >= most) return too_large(most);
        set_size(out, std::min(most, std::max(out.size() * 2, wire.size() * 4)));
        break;
      case LIBDEFLATE_BAD_DATA:
      default:
        return ended(TransferEnd::BadEncoding, "compressed body is broken or cut short");
    }
  }
}

Decoded decode_gzip(libdeflate_decompressor* state, std::string_view wire, std::size_t most,
                    std::string& out) {
  if (wire.size() < kLeastGzip)
    return ended(TransferEnd::Truncated, "gzip body ends inside its header");
  std::size_t claimed = 0;  // ISIZE, the last four bytes, little-endian
  for (std::size_t i = 1; i <= 4; ++i)
    claimed = claimed << 8U | static_cast<unsigned char>(wire[wire.size() - i]);
  set_size(out, std::min({claimed, wire.size() * kMostDeflate, most}));
  std::size_t filled = 0;
  while (!wire.empty()) {
    Decoded one = inflate_one(libdeflate_gzip_decompress_ex, state, wire, most, out, filled);
    if (one.end != TransferEnd::Done) return one;
  }
  set_size(out, filled);
  return {};
}

// "deflate" means zlib's wrapping, yet some servers send the bare stream.
Decoded decode_deflate(libdeflate_decompressor* state, std::string_view wire, std::size_t most,
                       std::string& out) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(wire[i]); };
  const bool wrapped =
      wire.size() >= 2 && (byte(0) & 0x0FU) == 8 && (byte(0) * 256U + byte(1)) % 31 == 0;
  set_size(out, std::min(most, std::max(kFirstRoom, wire.size() * 4)));
  std::size_t filled = 0;
  Decoded one =
      inflate_one(wrapped ? libdeflate_zlib_decompress_ex : libdeflate_deflate_decompress_ex, state,
                  wire, most, out, filled);
  if (one.end != TransferEnd::Done) return one;
  if (!wire.empty()) return ended(TransferEnd::BadEncoding, "bytes after the deflate body");
  set_size(out, filled);
  return {};
}

// The streaming decoders may fill one byte beyond the cap, which tells "full" from "too large".
bool more_room(std::string& out, std::size_t most) {
  if (out.size() > most) return false;
  set_size(out, std::min(most + 1, std::max(out.size() * 2, kFirstRoom)));
  return true;
}

Decoded finished(std::string& out, std::size_t filled, std::size_t most) {
  if (filled > most) return too_large(most);
  set_size(out, filled);
  return {};
}

Decoded decode_brotli(std::string_view wire, std::size_t most, std::string& out) {
  struct Free {
    void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
  };
  const std::unique_ptr<BrotliDecoderState, Free> state(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
  if (!state) throw std::bad_alloc();
  const auto* in = reinterpret_cast<const std::uint8_t*>(wire.data());
  std::size_t in_left = wire.size();
  std::size_t filled = 0;
  for (;;) {
    if (filled == out.size() && !more_room(out, most)) return too_large(most);
    auto* to = reinterpret_cast<std::uint8_t*>(out.data() + filled);
    std::size_t room = out.size() - filled;
    const auto result =
        BrotliDecoderDecompressStream(state.get(), &in_left, &in, &room, &to, nullptr);
    filled = out.size() - room;
    switch (result) {
      case BROTLI_DECODER_RESULT_SUCCESS:
        if (in_left > 0) return ended(TransferEnd::BadEncoding, "bytes after the br body");
        return finished(out, filled, most);
      case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT:
        return ended(TransferEnd::Truncated, "br body is cut short");
      case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT:
        break;
      case BROTLI_DECODER_RESULT_ERROR:
      default:
        return ended(TransferEnd::BadEncoding, "br body is broken");
    }
  }
}

Decoded decode_zstd(ZSTD_DCtx* context, std::string_view wire, std::size_t most, std::string& out) {
  ZSTD_DCtx_reset(context, ZSTD_reset_session_only);
  ZSTD_inBuffer in{wire.data(), wire.size(), 0};
  std::size_t filled = 0;
  for (;;) {
    if (filled == out.size() && !more_room(out, most)) return too_large(most);
    ZSTD_outBuffer to{out.data(), out.size(), filled};
    const std::size_t left = ZSTD_decompressStream(context, &to, &in);
    if (ZSTD_isError(left))
      return ended(TransferEnd::BadEncoding,
                   fmt::format("zstd body is broken: {}", ZSTD_getErrorName(left)));
    filled = to.pos;
    if (in.pos < in.size || (left > 0 && filled == out.size())) continue;
    if (left == 0) return finished(out, filled, most);
    return ended(TransferEnd::Truncated, "zstd body is cut short");
  }
}

}  // namespace

void BodyDecoder::FreeInflate::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
}
void BodyDecoder::FreeZstd::operator()(ZSTD_DCtx_s* context) const { ZSTD_freeDCtx(context); }

BodyDecoder::BodyDecoder() : inflate_(libdeflate_alloc_decompressor()) {
  if (!inflate_) throw std::bad_alloc();
}

Decoded BodyDecoder::decode(std::string_view content_encoding, std::string_view wire,
                            std::size_t most_bytes, std::string& out) {
  const std::size_t most = std::min(most_bytes, std::numeric_limits<std::size_t>::max() / 4);
  out.clear();
  std::vector<std::string_view> codings;
  for (std::string_view coding : split(content_encoding, ',')) {
    coding = trim(coding);
    if (!coding.empty() && !equals_ignore_case_ascii(coding, "identity")) codings.push_back(coding);
  }
  if (codings.size() > kMostCodings)
    return ended(TransferEnd::BadEncoding, fmt::format("{} content codings", codings.size()));
  if (codings.empty() || wire.empty()) {  // an empty body stays one, whatever its header says
    if (wire.size() > most) return too_large(most);
    out.reserve(wire.size() + kBodyPadding);
    out.assign(wire);
    return {};
  }
  std::string inner;
  for (auto coding = codings.rbegin(); coding != codings.rend(); ++coding) {
    if (coding != codings.rbegin()) {
      inner.swap(out);
      wire = inner;
    }
    out.clear();
    Decoded one = decode_one(*coding, wire, most, out);
    if (one.end != TransferEnd::Done) {
      out.clear();
      return one;
    }
  }
  return {};
}

Decoded BodyDecoder::decode_one(std::string_view coding, std::string_view wire, std::size_t most,
                                std::string& out) {
  if (equals_ignore_case_ascii(coding, "gzip") || equals_ignore_case_ascii(coding, "x-gzip"))
    return decode_gzip(inflate_.get(), wire, most, out);
  if (equals_ignore_case_ascii(coding, "deflate"))
    return decode_deflate(inflate_.get(), wire, most, out);
  if (equals_ignore_case_ascii(coding, "br")) return decode_brotli(wire, most, out);
  if (equals_ignore_case_ascii(coding, "zstd")) {
    if (!zstd_) {
      zstd_.reset(ZSTD_createDCtx());
      if (!zstd_) throw std::bad_alloc();
      ZSTD_DCtx_setParameter(zstd_.get(), ZSTD_d_windowLogMax, kMostZstdWindowLog);
    }
    return decode_zstd(zstd_.get(), wire, most, out);
  }
  constexpr std::size_t kShown = 40;
  return ended(TransferEnd::BadEncoding,
               fmt::format("Content-Encoding '{}' is not one we read", coding.substr(0, kShown)));
}

}  // namespace oddsloom
