#include "serve/gzip_cache.h"

#include <algorithm>

namespace oddsloom {
namespace {

SharedText compress(libdeflate_compressor* compressor, const std::string& text) {
  std::string out(libdeflate_gzip_compress_bound(compressor, text.size()), '\0');
  out.resize(
      libdeflate_gzip_compress(compressor, text.data(), text.size(), out.data(), out.size()));
  out.shrink_to_fit();
  return std::make_shared<const std::string>(std::move(out));
}

// The fastest level: it runs between two clients' answers.
constexpr int kLevelInPassing = 1;
constexpr int kLevelAhead = 6;

}  // namespace

SharedText gzip(const std::string& text) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(kLevelAhead), libdeflate_free_compressor);
  return compress(compressor.get(), text);
}

GzipCache::GzipCache()
    : compressor_(libdeflate_alloc_compressor(kLevelInPassing), libdeflate_free_compressor) {}

SharedText GzipCache::of(const SharedText& body) {
  if (!body || body->size() < kLeast || body->size() > kMost) return nullptr;
  std::erase_if(entries_, [](const Entry& entry) { return entry.body.expired(); });
  const auto known = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.address == body.get(); });
  if (known != entries_.end()) return known->gzip;
  SharedText small = compress(compressor_.get(), *body);
  if (small->size() >= body->size()) small = nullptr;
  if (entries_.size() >= kMostRemembered) entries_.pop_front();
  entries_.push_back({body, body.get(), small});
  return small;
}

}  // namespace oddsloom
