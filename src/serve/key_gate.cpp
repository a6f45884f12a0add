#include "serve/key_gate.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <cstring>

namespace oddsloom {
namespace {

// A table's lookup takes the same time for every digest that is not there, as far as anybody who
// cannot choose digests could tell; the rest is compared in constant time.
std::uint64_t first_bytes(const KeyDigest& digest) {
  std::uint64_t out = 0;
  std::memcpy(&out, digest.data(), sizeof out);
  return out;
}

KeyVerdict refused(std::string_view code, std::string_view message) {
  return {nullptr, code, message, Millis(0)};
}

}  // namespace

std::string usage_file(const std::string& keys_file) { return fmt::format("{}.usage", keys_file); }

KeyGate::KeyGate(std::string file, double rate)
    : file_(std::move(file)), rate_(rate), usage_(usage_file(file_)) {}

Result<std::unique_ptr<KeyGate>> KeyGate::open(std::string file, double rate) {
  std::unique_ptr<KeyGate> out(new KeyGate(std::move(file), rate));
  if (auto loaded = out->load(); !loaded) return tl::unexpected(loaded.error());
  return out;
}

Result<void> KeyGate::load() {
  stamp_ = file_stamp(file_);
  const auto keys = read_api_keys(file_);
  if (!keys) return tl::unexpected(keys.error());
  std::unordered_map<std::uint64_t, Known> fresh;
  for (const auto& key : *keys) {
    const auto before = keys_.find(first_bytes(key->digest));
    fresh[first_bytes(key->digest)] = {
        key, before == keys_.end() ? TokenBucket() : before->second.bucket};
  }
  keys_ = std::move(fresh);
  return {};
}

void KeyGate::look() {
  if (file_stamp(file_) == stamp_) return;
  const auto loaded = load();
  const std::string why = loaded ? "" : loaded.error().text();
  if (loaded)
    log::info("keys_reloaded", {log::kv("file", file_), log::kv("keys", keys_.size())});
  else if (why != failure_)
    log::error("keys_not_reloaded", {log::kv("why", why), log::kv("kept", "those before")});
  failure_ = why;
}

KeyVerdict KeyGate::admit(std::string_view shown, TokenBucket::Clock::time_point now) {
  if (shown.empty())
    return refused("MISSING_KEY", "API key is missing: send it as apiKey, X-Api-Key or Bearer");
  const KeyDigest digest = digest_of(shown);
  const auto known = keys_.find(first_bytes(digest));
  if (known == keys_.end() ||
      CRYPTO_memcmp(known->second.key->digest.data(), digest.data(), digest.size()) != 0)
    return refused("INVALID_KEY", "API key is not valid");
  const ApiKey& key = *known->second.key;
  if (!key.active) return refused("DEACTIVATED_KEY", "API key is deactivated");
  const double rate = key.rate ? static_cast<double>(*key.rate) : rate_;
  return {known->second.key, "", "", known->second.bucket.take(rate, now)};
}

bool KeyGate::charge(const ApiKey& key, std::uint64_t cost, UtcMillis now) {
  if (cost == 0) return true;
  const auto charged = usage_.charge(key.digest, cost, key.quota, now);
  if (charged) return *charged;
  if (const auto seen = usage_failures_.pass())
    log::error("usage_not_stored",
               {log::kv("why", charged.error().text()), log::kv("seen", *seen)});
  return !key.quota;
}

std::uint64_t KeyGate::used(const ApiKey& key, UtcMillis now) {
  return usage_.used(key.digest, now).value_or(0);
}

}  // namespace oddsloom
