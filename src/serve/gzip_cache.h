// Answers' bodies compressed, each body once: handlers that give the same body to many clients need
// not compress it themselves. Remembers a bounded number of them, and none longer than somebody
// holds the body. I/O thread only.
#pragma once

#include <libdeflate.h>

#include <deque>
#include <memory>
#include <string>

namespace oddsloom {

using SharedText = std::shared_ptr<const std::string>;

// The whole as gzip, level 6; for what is made once and sent often. Any thread.
SharedText gzip(const std::string& text);

class GzipCache {
 public:
  GzipCache();
  // nullptr: better sent as it is: too small, or so large that the I/O thread would stand still.
  SharedText of(const SharedText& body);

  static constexpr std::size_t kLeast = 1024;
  static constexpr std::size_t kMost = std::size_t{1} << 20U;
  static constexpr std::size_t kMostRemembered = 64;

 private:
  struct Entry {
    std::weak_ptr<const std::string> body;
    const std::string* address;
    SharedText gzip;
  };
  std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor_;
  std::deque<Entry> entries_;
};

}  // namespace oddsloom
