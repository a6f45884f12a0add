#include "store/redis_client.h"

#include <utility>

#include "store/redis_engine.h"

namespace oddsloom {
namespace {

constexpr Millis kLongestTurn{60'000};

}  // namespace

Result<std::unique_ptr<RedisClient>> RedisClient::connect(
    const RedisTarget& target, const std::vector<const RedisScript*>& scripts, Millis deadline) {
  if (target.addresses.empty())
    return fail(ErrorKind::Invalid, "store.url", "no address of a Redis server");
  auto nodes = RedisNodes::create(target, scripts);
  if (!nodes) return tl::unexpected(std::move(nodes.error()));
  auto engine = std::make_unique<Engine>(std::move(*nodes));
  if (auto connected = engine->connect(deadline); !connected)
    return tl::unexpected(std::move(connected.error()));
  return std::unique_ptr<RedisClient>(new RedisClient(std::move(engine)));
}

RedisClient::RedisClient(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
RedisClient::~RedisClient() = default;

bool RedisClient::is_cluster() const { return engine_->is_cluster(); }

Result<std::vector<Reply>> RedisClient::run(std::vector<RedisCommand> commands, Millis deadline) {
  start(std::move(commands), deadline);
  while (!advance(kLongestTurn)) {
  }
  return take();
}

Result<Reply> RedisClient::ask(RedisCommand command, Millis deadline) {
  std::string name(command.name());
  if (command.script()) name += " " + command.script()->name;
  std::vector<RedisCommand> commands;
  commands.push_back(std::move(command));
  auto replies = run(std::move(commands), deadline);
  if (!replies) return tl::unexpected(std::move(replies.error()));
  Reply reply = std::move(replies->front());
  if (reply.view().is_error())
    return fail(ErrorKind::Internal, std::move(name), std::string(reply.text()));
  return reply;
}

Result<std::vector<Reply>> RedisClient::ask_all(const RedisCommand& command, Millis deadline) {
  engine_->start_everywhere(command, deadline);
  while (!advance(kLongestTurn)) {
  }
  return take();
}

void RedisClient::start(std::vector<RedisCommand> commands, Millis deadline) {
  engine_->start(std::move(commands), deadline);
}

bool RedisClient::under_way() const { return engine_->under_way(); }
bool RedisClient::advance(Millis wait) { return engine_->advance(wait); }
Result<std::vector<Reply>> RedisClient::take() { return engine_->take(); }

}  // namespace oddsloom
