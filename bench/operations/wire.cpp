#include <libdeflate.h>

#include "bench/operations/inputs.h"
#include "bench/operations/operation.h"
#include "transport/decode.h"

namespace oddsloom::bench {
namespace {

std::string gzip(std::string_view text) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
      libdeflate_alloc_compressor(6), libdeflate_free_compressor);
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), text.size()), '\0');
  out.resize(
      libdeflate_gzip_compress(compressor.get(), text.data(), text.size(), out.data(), out.size()));
  return out;
}

Operation decoding(const std::string& name, const std::string& body) {
  return {"gzip/" + name, "body", 1,
          [decoder = std::make_shared<BodyDecoder>(), wire = gzip(body), size = body.size()] {
            std::string plain;
            const Decoded decoded = decoder->decode("gzip", wire, 32U << 20U, plain);
            expect(decoded.end == TransferEnd::Done && plain.size() == size,
                   "a body was not decoded");
          }};
}

}  // namespace

std::vector<Operation> wire_operations() {
  return {decoding("12-KB", upcoming_answer(12 * 1024)),
          decoding("60-KB", upcoming_answer(60 * 1024)),
          decoding("50-events", upcoming_answers(50))};
}

}  // namespace oddsloom::bench
