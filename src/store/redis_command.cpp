#include "store/redis_command.h"

#include <openssl/evp.h>

#include <array>
#include <charconv>

namespace oddsloom {
namespace {

constexpr std::string_view kEnd = "\r\n";

// A number written out.
class Digits {
 public:
  explicit Digits(std::int64_t number)
      : size_(static_cast<std::size_t>(
            std::to_chars(digits_.data(), digits_.data() + digits_.size(), number).ptr -
            digits_.data())) {}
  std::string_view text() const { return {digits_.data(), size_}; }

 private:
  std::array<char, 24> digits_;  // more than any 64-bit number has
  std::size_t size_;
};

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

RedisCommand& RedisCommand::add(std::initializer_list<std::string_view> pieces) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  // Ends the word before, or the number of words.
  std::array<char, 32> head{'\r', '\n', '$'};
  char* end = std::to_chars(head.data() + 3, head.data() + head.size(), size).ptr;
  end += kEnd.copy(end, kEnd.size());
  text_.append(head.data(), static_cast<std::size_t>(end - head.data()));
  for (const std::string_view piece : pieces) text_.append(piece);
  ++words_;
  return *this;
}

RedisCommand& RedisCommand::add(std::int64_t number) { return add(Digits(number).text()); }

RedisCommand& RedisCommand::add(const ContentHash& hash) {
  const auto digits = hash.digits();
  return add(std::string_view(digits.data(), digits.size()));
}

RedisCommand& RedisCommand::key(std::string_view key) { return at_node_of(key).add(key); }

RedisCommand& RedisCommand::at_node_of(std::string_view key) {
  if (routing_key_.empty()) routing_key_ = key;
  return *this;
}

std::string_view RedisCommand::name() const {
  const std::size_t begin = text_.find('\n', kEnd.size()) + 1;
  return std::string_view(text_).substr(begin, text_.find('\r', begin) - begin);
}

void RedisCommand::append_to(std::string& out) const {
  out.append(1, '*').append(Digits(words_).text()).append(text_).append(kEnd);
}

}  // namespace oddsloom
