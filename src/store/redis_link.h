// One connection to one Redis server, kept up: connects, introduces itself (AUTH, SELECT, name,
// scripts), sends commands in order and matches the answers to them. Between redis_nodes /
// redis_sentinels, which own links, and redis_socket. Never waits: the owner polls, calls ready()
// and tend(), and asks lost() after either. One thread at a time.
//
// Bounds: an attempt to connect takes at most 10 s; the next one comes after 50 ms, doubling to 2
// s, with jitter; commands without an answer make a link that is silent for 12 s lost (a blocking
// read waits 2 s at most); an answer has at most 512 MiB.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "store/redis_command.h"
#include "store/redis_reply.h"
#include "store/redis_socket.h"

namespace oddsloom {

// How links introduce themselves; one for all servers of a kind, outlives them.
struct RedisIntroduction {
  const RedisTls* tls = nullptr;  // null = plain
  std::string user, password;     // "" = none
  int database = 0;
  bool must_be_primary = false;               // asks ROLE: what Sentinel names may be out of date
  std::vector<const RedisScript*> scripts{};  // loaded at once
};

class RedisLink {
 public:
  using Steady = std::chrono::steady_clock;
  enum class Use { Command, Topology, Script };

  struct Answer {
    RedisLink* link = nullptr;
    Use use = Use::Command;
    std::uint32_t token = 0;              // of a command
    const RedisScript* script = nullptr;  // of Use::Script: an answer to load()
    Reply reply;
  };
  // Why the connection is gone, and which commands will get no answer. Invalid = do not try again.
  struct Loss {
    Error error;
    bool was_ready = false;
    bool topology = false;  // a Use::Topology was among what was not answered
    std::vector<std::uint32_t> unanswered;
  };

  RedisLink(RedisAddress address, const RedisIntroduction& introduction);
  ~RedisLink() = default;
  RedisLink(const RedisLink&) = delete;
  RedisLink& operator=(const RedisLink&) = delete;

  const RedisAddress& address() const { return address_; }
  const std::string& name() const { return name_; }  // "redis://host:port"
  bool is_ready() const { return state_ == State::Ready; }
  bool has_been_ready() const { return ready_times_ > 0; }
  // To commands, or to a load() for their sake.
  bool owes_answers() const { return unanswered_commands_ > 0 || !loading_.empty(); }
  bool is_idle() const { return head_ == awaited_.size(); }

  // To be connected; tend() sees to it.
  void want() { wanted_ = true; }
  // For a link that is ready; flush() sends what was queued.
  void send(const RedisCommand& command, std::uint32_t token);
  void send_asking();  // the next command may go to a slot that is still moving here
  void ask_topology(const RedisCommand& command);
  void load(const RedisScript& script);  // unless that is under way

  void tend(Steady::time_point now);  // connects, if it is wanted and time
  void flush();
  // After reading: whether the server is silent for too long.
  void check_silence(Steady::time_point now);
  // poll() said so of fd(). Reads a bounded amount; has_more() if there may be more.
  void ready(Steady::time_point now, std::vector<Answer>& answers);
  bool has_more() const { return has_more_; }
  int fd() const { return socket_.fd(); }
  short events() const;
  // When tend() has something to do again.
  std::optional<Steady::time_point> next_time() const;

  // The connection is no longer good for anything; lost() tells the rest.
  void fail(Error error, Steady::time_point now);
  std::optional<Loss> lost();
  // Closes without a loss: what is unanswered is forgotten, and can never be taken for another's
  // answer.
  void abandon();

 private:
  enum class State { Disconnected, Connecting, Greeting, Ready };
  enum class Kind { Command, Topology, Script, Asking, Auth, Select, Name, Role, Preload };
  struct Awaited {
    Kind kind;
    std::uint32_t token;
    const RedisScript* script;
  };
  void queue(const RedisCommand& command, Kind kind, std::uint32_t token = 0,
             const RedisScript* script = nullptr);
  void connect(Steady::time_point now);
  void greet(Steady::time_point now);
  void read(Steady::time_point now, std::vector<Answer>& answers);
  bool parse(std::string_view piece, Steady::time_point now, std::vector<Answer>& answers);
  bool take(Reply reply, Steady::time_point now, std::vector<Answer>& answers);
  bool greeted(Kind kind, const Reply& reply, Steady::time_point now);
  bool refuse(std::string_view doing, std::string_view answer, Steady::time_point now);
  void reset();
  void plan_retry(Steady::time_point now);

  RedisAddress address_;
  const RedisIntroduction& introduction_;
  std::string name_;
  RedisSocket socket_;
  State state_ = State::Disconnected;
  bool wanted_ = false;
  bool has_more_ = false;
  Steady::time_point retry_at_{};
  Steady::time_point limit_{};  // of connecting and greeting
  Steady::time_point ready_since_{};
  bool useful_ = false;            // a command got what it wanted on this connection
  Steady::time_point heard_at_{};  // last byte received, or first command after a quiet time
  Millis backoff_;
  std::minstd_rand random_;
  std::uint64_t ready_times_ = 0;

  std::string out_;
  std::size_t out_sent_ = 0;
  std::unique_ptr<char[]> in_;
  std::optional<ReplyReader> reader_;  // of a connection that stands
  std::size_t reply_bytes_ = 0;        // of the answer that is being read
  std::vector<Awaited> awaited_;
  std::size_t head_ = 0;  // of awaited_: the next one to be answered
  std::size_t unanswered_commands_ = 0;
  std::size_t greeting_left_ = 0;
  std::vector<const RedisScript*> loading_;
  std::optional<Loss> loss_;
};

}  // namespace oddsloom
