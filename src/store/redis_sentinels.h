// Asks the sentinels, one after the other, where the primary is. Used by redis_nodes, which polls
// its link with the others. Never waits. One thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/redis_link.h"
#include "store/redis_topology.h"

namespace oddsloom {

class RedisSentinels {
 public:
  using Steady = RedisLink::Steady;

  RedisSentinels(const RedisTarget& target, const RedisTls* tls);

  // Begins to ask, unless that is under way; not more often than every 200 ms, every 500 ms after a
  // round without success.
  void look(Steady::time_point now);
  void tend(Steady::time_point now);
  // An answer of link(): the primary's address, if it knows it.
  std::optional<RedisAddress> take(const RedisLink::Answer& answer, Steady::time_point now);

  RedisLink* link() { return link_.get(); }  // null = nothing under way
  std::optional<Steady::time_point> next_time() const;
  // The last trouble; and whether a whole round was in vain, and is final (nobody knows the name,
  // or a password is refused: Invalid).
  const std::optional<Error>& trouble() const { return trouble_; }
  bool round_failed() const { return round_failed_; }

 private:
  void ask(Steady::time_point now);
  void next(Error why, Steady::time_point now);
  void stop(Millis pause, Steady::time_point now);

  std::vector<RedisAddress> addresses_;
  std::string master_;
  RedisIntroduction introduction_;
  std::unique_ptr<RedisLink> link_;
  std::size_t at_ = 0;     // of addresses_: the one to be asked
  std::size_t tried_ = 0;  // in this round
  bool asked_ = false;
  bool looking_ = false;
  bool round_failed_ = false;
  Steady::time_point earliest_{};
  Steady::time_point limit_{};  // of asking one of them
  std::optional<Error> trouble_;
};

}  // namespace oddsloom
