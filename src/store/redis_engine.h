// What RedisClient does: works on one pipeline in steps (route, connect, write, poll, read, judge
// the answers) until every command has its answer or the deadline is over. Between redis_client.cpp
// and redis_nodes. One thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/redis_client.h"
#include "store/redis_nodes.h"
#include "store/redis_pipeline.h"

namespace oddsloom {

class RedisClient::Engine {
 public:
  using Steady = RedisNodes::Steady;

  explicit Engine(std::unique_ptr<RedisNodes> nodes) : nodes_(std::move(nodes)) {}

  Result<void> connect(Millis deadline);
  bool is_cluster() const { return nodes_->is_cluster(); }
  void start(std::vector<RedisCommand> commands, Millis deadline);
  void start_everywhere(const RedisCommand& command, Millis deadline);
  bool under_way() const { return under_way_; }
  bool advance(Millis wait);
  Result<std::vector<Reply>> take();

 private:
  void begin(Millis deadline);
  void send(Steady::time_point now);
  void judge(RedisLink::Answer answer, Steady::time_point now);
  void judge_error(RedisLink::Answer answer, Steady::time_point now);
  void judge_script(const RedisLink::Answer& answer);
  void redirect(RedisLink::Answer answer, ErrorClass kind, Steady::time_point now);
  void later(const RedisLink::Answer& answer, Millis pause, Steady::time_point now);
  bool settled(Steady::time_point now);
  void expire(Steady::time_point now);
  void end(std::optional<Error> error, Steady::time_point now);
  Millis patience(Steady::time_point until, Steady::time_point now) const;

  std::unique_ptr<RedisNodes> nodes_;
  RedisPipeline pipeline_;
  std::vector<RedisLink::Answer> answers_;
  Steady::time_point deadline_{};
  Millis allowed_{0};
  bool under_way_ = false;
  std::optional<Error> failed_;   // why the pipeline ended without all answers
  std::optional<Error> refused_;  // by an answer: ends the pipeline
  std::string trouble_;           // the last answer that made a command wait
};

}  // namespace oddsloom
