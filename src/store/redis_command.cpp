#include "store/redis_command.h"

#include <hiredis/hiredis.h>
#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <new>

namespace oddsloom {
namespace {

constexpr std::size_t kManyDigits = 24;  // more than any 64-bit number has

}  // namespace

RedisScript make_script(std::string name, std::string text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  RedisScript script{std::move(name), std::move(text), ""};
  // Fails only where OpenSSL has no SHA-1 at all; the client reports a sha that the server does not
  // confirm.
  if (EVP_Digest(script.text.data(), script.text.size(), digest.data(), &size, EVP_sha1(),
                 nullptr) != 1)
    size = 0;
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (unsigned i = 0; i < size; ++i) {
    script.sha += kDigits[digest[i] >> 4U];
    script.sha += kDigits[digest[i] & 15U];
  }
  return script;
}

RedisCommand::RedisCommand(const RedisScript& script, int keys) : script_(&script) {
  add("EVALSHA").add(script.sha).add(static_cast<std::int64_t>(keys));
}

RedisCommand& RedisCommand::add(std::string_view word) {
  words_ += word;
  ends_.push_back(words_.size());
  return *this;
}

RedisCommand& RedisCommand::add(std::int64_t number) {
  std::array<char, kManyDigits> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return add(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

RedisCommand& RedisCommand::key(std::string_view key) { return at_node_of(key).add(key); }

RedisCommand& RedisCommand::at_node_of(std::string_view key) {
  if (routing_key_.empty()) routing_key_ = key;
  return *this;
}

std::string_view RedisCommand::name() const {
  return std::string_view(words_).substr(0, ends_.front());
}

void RedisCommand::append_to(std::string& out) const {
  // Kept between calls: a pipeline formats thousands of commands.
  thread_local std::vector<const char*> words;
  thread_local std::vector<std::size_t> sizes;
  words.clear();
  sizes.clear();
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    words.push_back(words_.data() + begin);
    sizes.push_back(end - begin);
    begin = end;
  }
  char* formatted = nullptr;
  const int size = redisFormatCommandArgv(&formatted, static_cast<int>(words.size()), words.data(),
                                          sizes.data());
  if (size < 0) throw std::bad_alloc();  // its only failure
  try {
    out.append(formatted, static_cast<std::size_t>(size));
  } catch (...) {
    redisFreeCommand(formatted);
    throw;
  }
  redisFreeCommand(formatted);
}

}  // namespace oddsloom
