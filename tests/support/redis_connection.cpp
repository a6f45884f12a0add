#include "support/redis_connection.h"

#include <signal.h>
#include <sys/time.h>

#include <stdexcept>

namespace oddsloom::test {
namespace {

constexpr timeval kConnectTimeout{5, 0};
constexpr timeval kAnswerTimeout{30, 0};

// hiredis writes without MSG_NOSIGNAL: a server that has just died must not end the test, and the
// program under test must not profit from a signal ignored everywhere.
class NoBrokenPipes {
 public:
  NoBrokenPipes() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoBrokenPipes() {
    const timespec now{};
    while (sigtimedwait(&pipe_, nullptr, &now) == SIGPIPE) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoBrokenPipes(const NoBrokenPipes&) = delete;
  NoBrokenPipes& operator=(const NoBrokenPipes&) = delete;

 private:
  sigset_t pipe_{}, before_{};
};

std::string text_of(const redisReply& reply) {
  std::string out;
  switch (reply.type) {
    case REDIS_REPLY_INTEGER:
      return std::to_string(reply.integer);
    case REDIS_REPLY_NIL:
      return "(nil)";
    case REDIS_REPLY_ARRAY:
      for (std::size_t i = 0; i < reply.elements; ++i) {
        if (i > 0) out += '\n';
        out += text_of(*reply.element[i]);
      }
      return out;
    default:
      return {reply.str, reply.len};
  }
}

}  // namespace

RedisConnection RedisConnection::unix_socket(const std::string& path, const std::string& password) {
  return {redisConnectUnixWithTimeout(path.c_str(), kConnectTimeout), path, password};
}

RedisConnection RedisConnection::tcp(const std::string& host, std::uint16_t port,
                                     const std::string& password) {
  return {redisConnectWithTimeout(host.c_str(), port, kConnectTimeout),
          host + ":" + std::to_string(port), password};
}

RedisConnection::RedisConnection(redisContext* context, const std::string& where,
                                 const std::string& password)
    : context_(context), where_(where) {
  if (!context_ || context_->err)
    throw std::runtime_error("no redis-server at " + where_ + ": " +
                             (context_ ? context_->errstr : "no memory"));
  redisSetTimeout(context_.get(), kAnswerTimeout);
  if (password.empty()) return;
  const std::string answer = run({"AUTH", password});
  if (answer != "OK") throw std::runtime_error(where_ + ": AUTH: " + answer);
}

std::string RedisConnection::run(const std::vector<std::string>& words) {
  const NoBrokenPipes guard;
  std::vector<const char*> pointers;
  std::vector<std::size_t> lengths;
  for (const std::string& word : words) {
    pointers.push_back(word.data());
    lengths.push_back(word.size());
  }
  struct FreeReply {
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
  };
  const std::unique_ptr<redisReply, FreeReply> reply(static_cast<redisReply*>(redisCommandArgv(
      context_.get(), static_cast<int>(words.size()), pointers.data(), lengths.data())));
  if (!reply) throw std::runtime_error(where_ + ": " + words.at(0) + ": " + context_->errstr);
  return text_of(*reply);
}

std::string field_of(std::string_view lines, std::string_view name) {
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    std::string_view line = lines.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with(name) && line.substr(name.size()).starts_with(':'))
      return std::string(line.substr(name.size() + 1));
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
  }
  return {};
}

}  // namespace oddsloom::test
