// The API keys of a server, as a file that only its owner reads: one line a key, with the key's
// SHA-256 and never the key. A key is 256 bits from the system's generator, so there is nothing to
// guess and no dictionary to try: a plain hash hides it as well as a slow one would, and costs a
// microsecond a request. The file is replaced whole, so a reader finds the old or the new; writers
// take turns by a lock beside it. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace oddsloom {

using KeyDigest = std::array<unsigned char, 32>;

struct ApiKey {
  std::string name;  // [A-Za-z0-9_.-], at most 64
  KeyDigest digest{};
  bool active = true;
  UtcMillis created;
  std::optional<std::uint64_t> quota;  // credits a month; nothing = no end
  std::optional<std::uint32_t> rate;   // requests a second; nothing = the server's
};

using ApiKeys = std::vector<std::shared_ptr<const ApiKey>>;

KeyDigest digest_of(std::string_view key);

// Errors: Malformed, with "FILE:LINE"; Unavailable. A file that is not there holds no keys.
Result<ApiKeys> read_api_keys(const std::string& file);

// Makes a key and gives its text, which is stored nowhere. Errors: Invalid (the name), Conflict
// (it is taken, also by a revoked one), Unavailable.
struct NewKey {
  std::string name;
  std::optional<std::uint64_t> quota;
  std::optional<std::uint32_t> rate;
};
Result<std::string> add_api_key(const std::string& file, const NewKey& key, UtcMillis now);

// It is refused from now on, and remembered, so that its client learns why. Errors: NotFound,
// Unavailable.
Result<void> revoke_api_key(const std::string& file, const std::string& name);

}  // namespace oddsloom
