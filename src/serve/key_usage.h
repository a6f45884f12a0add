// How many credits each key has used this month, in a file beside the keys: servers of one machine
// share it, and it survives them however they end. A charge is a read and a write under a lock, a
// few microseconds; it is exact over processes. Not over machines: each counts for itself. After a
// loss of power the last seconds may be missing, for nothing waits for the disk. Any thread, one
// object per thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "serve/api_keys.h"

namespace oddsloom {

class KeyUsage {
 public:
  // Opened when first needed: a file that cannot be opened costs no start.
  explicit KeyUsage(std::string file) : file_(std::move(file)) {}
  ~KeyUsage();
  KeyUsage(const KeyUsage&) = delete;
  KeyUsage& operator=(const KeyUsage&) = delete;

  // In the month of `now` (UTC). Errors: Unavailable.
  Result<std::uint64_t> used(const KeyDigest& key, UtcMillis now);
  // Takes the credits, unless that is more than there are: then false, and nothing is taken.
  Result<bool> charge(const KeyDigest& key, std::uint64_t cost, std::optional<std::uint64_t> quota,
                      UtcMillis now);

 private:
  struct Row;
  class Locked;
  Result<void> open_file();
  Result<std::size_t> place_of(const KeyDigest& key);

  std::string file_;
  int fd_ = -1;
  std::map<KeyDigest, std::size_t> places_;  // of rows, as far as they were read
  std::size_t rows_read_ = 0;
};

}  // namespace oddsloom
