// Decides about the key that a request shows: known, active, not too often, and within its quota.
// Keys come from the file of api_keys.h, read again when it changes; usage from key_usage.h beside
// it. Between http_dispatch and those files. I/O thread only.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/log.h"
#include "serve/api_keys.h"
#include "serve/client_limits.h"
#include "serve/file_stamp.h"
#include "serve/key_usage.h"

namespace oddsloom {

struct KeyVerdict {
  std::shared_ptr<const ApiKey> key;  // nullptr: refused, for this reason
  std::string_view code, message;
  Millis wait{0};  // until the next request; 0 = go ahead
};

class KeyGate {
 public:
  // `rate`: requests a second of keys that have none of their own. Errors: as read_api_keys.
  static Result<std::unique_ptr<KeyGate>> open(std::string file, double rate);

  KeyVerdict admit(std::string_view shown, TokenBucket::Clock::time_point now);
  // False: beyond its quota, nothing taken. Where usage cannot be stored, whoever has no quota is
  // served, and whoever has one is not.
  bool charge(const ApiKey& key, std::uint64_t cost, UtcMillis now);
  std::uint64_t used(const ApiKey& key, UtcMillis now);  // this month
  // Looks whether the file is another by now; one that cannot be read leaves the keys as they were.
  void look();
  std::size_t size() const { return keys_.size(); }

 private:
  KeyGate(std::string file, double rate);
  Result<void> load();

  struct Known {
    std::shared_ptr<const ApiKey> key;
    TokenBucket bucket;
  };
  std::string file_;
  double rate_;
  FileStamp stamp_;
  std::string failure_;                            // as logged last
  std::unordered_map<std::uint64_t, Known> keys_;  // by the digest's first eight bytes
  KeyUsage usage_;
  log::Sampler usage_failures_;
};

// Where usage is kept for a file of keys.
std::string usage_file(const std::string& keys_file);

}  // namespace oddsloom
