#include "serve/api_keys.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <unordered_map>

#include "base/text.h"
#include "serve/file_lock.h"

namespace oddsloom {
namespace {

constexpr std::string_view kIntroduction =
    "# API keys of oddsloom, one a line; made by `oddsloom key`, read again by servers when it "
    "changes.\n"
    "# NAME SHA256-OF-THE-KEY active|revoked CREATED CREDITS-A-MONTH REQUESTS-A-SECOND  (- = no "
    "limit of its own)\n";
constexpr std::uint64_t kMostQuota = 1'000'000'000'000;
constexpr std::uint32_t kMostRate = 1'000'000;
constexpr std::size_t kMostName = 64;
constexpr std::uintmax_t kMostFile = std::uintmax_t{64} << 20U;

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kMostName &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-' || c == '.';
         });
}

std::string to_hex(const KeyDigest& digest) {
  std::string out;
  for (const unsigned char byte : digest) out += fmt::format("{:02x}", byte);
  return out;
}

std::optional<KeyDigest> from_hex(std::string_view text) {
  KeyDigest out{};
  if (text.size() != 2 * out.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = std::string_view("0123456789abcdef").find(text[i]);
    if (digit == std::string_view::npos) return std::nullopt;
    out[i / 2] = static_cast<unsigned char>(out[i / 2] << 4U | digit);
  }
  return out;
}

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> out;
  for (const std::string_view word : split(line, ' '))
    if (!trim(word).empty()) out.push_back(trim(word));
  return out;
}

// False: neither "-" nor a number within the limit.
template <class Number>
bool parse_limit(std::string_view text, Number most, std::optional<Number>& out) {
  if (text == "-") return true;
  const auto number = parse_int(text);
  if (!number || *number < 0 || static_cast<std::uint64_t>(*number) > most) return false;
  out = static_cast<Number>(*number);
  return true;
}

Result<ApiKey> parse_line(std::string_view line) {
  const auto bad = [](std::string message) {
    return fail(ErrorKind::Malformed, "", std::move(message));
  };
  const auto word = words(line);
  if (word.size() != 6) return bad("expected six words: name, hash, state, time, credits, rate");
  ApiKey key;
  key.name = word[0];
  if (!is_name(key.name)) return bad("the name holds other than letters, digits, '_', '-' and '.'");
  const auto digest = from_hex(word[1]);
  if (!digest) return bad("the hash is not 64 hexadecimal digits in lower case");
  key.digest = *digest;
  if (word[2] != "active" && word[2] != "revoked") return bad("expected active or revoked");
  key.active = word[2] == "active";
  const auto created = parse_iso8601(word[3]);
  if (!created) return bad(created.error().message);
  key.created = *created;
  if (!parse_limit(word[4], kMostQuota, key.quota) || !parse_limit(word[5], kMostRate, key.rate) ||
      key.rate == 0U)
    return bad(
        fmt::format("expected '-' or numbers up to {} and from 1 to {}", kMostQuota, kMostRate));
  return key;
}

std::string to_line(const ApiKey& key) {
  const auto limit = [](const auto& number) {
    return number ? fmt::format("{}", *number) : std::string("-");
  };
  return fmt::format("{} {} {} {} {} {}\n", key.name, to_hex(key.digest),
                     key.active ? "active" : "revoked", to_iso8601(key.created), limit(key.quota),
                     limit(key.rate));
}

tl::unexpected<Error> cannot(const std::string& file, const char* what) {
  return fail(ErrorKind::Unavailable, file, fmt::format("{}: {}", what, std::strerror(errno)));
}

Result<void> replace(const std::string& file, const ApiKeys& keys) {
  std::string text(kIntroduction);
  for (const auto& key : keys) text += to_line(*key);
  const std::string fresh = fmt::format("{}.new", file);
  unlink(fresh.c_str());
  const int fd = open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return cannot(fresh, "cannot be made");
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  const bool written = done == text.size() && fsync(fd) == 0;
  close(fd);
  if (!written) return cannot(fresh, "cannot be written");
  if (rename(fresh.c_str(), file.c_str()) != 0) return cannot(file, "cannot be replaced");
  return {};
}

// Reads, changes and writes while no other writer does.
template <class Change>
Result<void> change(const std::string& file, Change&& how) {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::absolute(file).parent_path(), ignored);
  const FileLock lock(fmt::format("{}.lock", file));
  if (!lock.is_held()) return cannot(fmt::format("{}.lock", file), "cannot be locked");
  auto keys = read_api_keys(file);
  if (!keys) return tl::unexpected(keys.error());
  if (Result<void> changed = how(*keys); !changed) return changed;
  return replace(file, *keys);
}

auto find(ApiKeys& keys, const std::string& name) {
  return std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return key->name == name; });
}

// 256 bits as 43 characters that need no encoding in a URL.
Result<std::string> make_key() {
  std::array<unsigned char, 32> bits{};
  if (RAND_bytes(bits.data(), static_cast<int>(bits.size())) != 1)
    return fail(ErrorKind::Unavailable, "", "the system gives no random bits");
  std::array<unsigned char, 45> text{};
  EVP_EncodeBlock(text.data(), bits.data(), static_cast<int>(bits.size()));
  std::string out(reinterpret_cast<const char*>(text.data()), 43);
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return fmt::format("olk_{}", out);
}

}  // namespace

KeyDigest digest_of(std::string_view key) {
  KeyDigest out{};
  SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), out.data());
  return out;
}

Result<ApiKeys> read_api_keys(const std::string& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return ApiKeys();
  if (std::filesystem::file_size(file, error) > kMostFile)
    return fail(ErrorKind::OutOfRange, file, "is larger than 64 MB");
  std::ifstream in(file, std::ios::binary);
  if (!in) return cannot(file, "cannot be read");
  ApiKeys keys;
  std::unordered_map<std::string, std::size_t> names, digests;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    const std::string_view text = trim(line);
    if (text.empty() || text[0] == '#') continue;
    const std::string where = fmt::format("{}:{}", file, number);
    auto key = parse_line(text);
    if (!key) return fail(ErrorKind::Malformed, where, key.error().message);
    for (const auto& [known, what] :
         {std::pair(names.emplace(key->name, number), "name"),
          std::pair(digests.emplace(to_hex(key->digest), number), "key")})
      if (!known.second)
        return fail(ErrorKind::Malformed, where,
                    fmt::format("has the {} of line {}", what, known.first->second));
    keys.push_back(std::make_shared<const ApiKey>(*std::move(key)));
  }
  return keys;
}

Result<std::string> add_api_key(const std::string& file, const NewKey& key, UtcMillis now) {
  if (!is_name(key.name))
    return fail(ErrorKind::Invalid, key.name,
                fmt::format("a name has up to {} letters, digits, '_', '-' and '.'", kMostName));
  if ((key.quota && *key.quota > kMostQuota) ||
      (key.rate && (*key.rate > kMostRate || *key.rate == 0)))
    return fail(ErrorKind::OutOfRange, key.name,
                fmt::format("at most {} credits a month, and from 1 to {} requests a second",
                            kMostQuota, kMostRate));
  auto text = make_key();
  if (!text) return text;
  auto changed = change(file, [&](ApiKeys& keys) -> Result<void> {
    if (const auto known = find(keys, key.name); known != keys.end())
      return fail(ErrorKind::Conflict, key.name,
                  (*known)->active ? "there is a key of this name"
                                   : "there was a key of this name; it is revoked");
    keys.push_back(std::make_shared<const ApiKey>(
        ApiKey{key.name, digest_of(*text), true, now, key.quota, key.rate}));
    return {};
  });
  if (!changed) return tl::unexpected(changed.error());
  return text;
}

Result<void> revoke_api_key(const std::string& file, const std::string& name) {
  return change(file, [&](ApiKeys& keys) -> Result<void> {
    const auto known = find(keys, name);
    if (known == keys.end()) {
      std::vector<std::string> names;
      for (const auto& key : keys) names.push_back(key->name);
      const auto meant = nearest(name, names);
      return fail(ErrorKind::NotFound, name,
                  meant ? fmt::format("no such key; did you mean {}?", *meant) : "no such key");
    }
    ApiKey revoked = **known;
    revoked.active = false;
    *known = std::make_shared<const ApiKey>(std::move(revoked));
    return {};
  });
}

}  // namespace oddsloom
