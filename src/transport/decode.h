// Undoes Content-Encoding once a whole body has come: gzip and deflate (libdeflate), br, zstd.
// Between a finished transfer and the HttpResponse handed out; private to transport/. Sizes a body
// claims about itself are hints, the cap is the rule. Belongs to one thread (its decoders keep
// state between calls).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "transport/http_client.h"

struct libdeflate_decompressor;
struct ZSTD_DCtx_s;

namespace oddsloom {

// Spare bytes behind every body, so that simdjson can parse it where it lies.
inline constexpr std::size_t kBodyPadding = 64;

struct Decoded {
  TransferEnd end = TransferEnd::Done;  // Done, Truncated, TooLarge or BadEncoding
  std::string message;                  // when not Done
};

class BodyDecoder {
 public:
  BodyDecoder();

  // content_encoding as sent: "", "gzip", "br, gzip" (applied left to right, so undone from the
  // right). `out` becomes the plain body, at most most_bytes long, with kBodyPadding to spare; when
  // the end is not Done it is empty.
  Decoded decode(std::string_view content_encoding, std::string_view wire, std::size_t most_bytes,
                 std::string& out);

 private:
  Decoded decode_one(std::string_view coding, std::string_view wire, std::size_t most,
                     std::string& out);

  struct FreeInflate {
    void operator()(libdeflate_decompressor* decompressor) const;
  };
  struct FreeZstd {
    void operator()(ZSTD_DCtx_s* context) const;
  };
  std::unique_ptr<libdeflate_decompressor, FreeInflate> inflate_;
  std::unique_ptr<ZSTD_DCtx_s, FreeZstd> zstd_;  // made when first needed
};

}  // namespace oddsloom
