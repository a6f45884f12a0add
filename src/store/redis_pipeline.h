// The commands of one run and how far each of them is: waiting (for its time and a connection),
// sent, or done. Part of redis_engine, knows no connections. One thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "store/redis_command.h"
#include "store/redis_reply.h"
#include "store/redis_url.h"

namespace oddsloom {

class RedisPipeline {
 public:
  using Steady = std::chrono::steady_clock;
  static constexpr int kUnknownSlot = -2;

  struct Entry {
    RedisCommand command;
    int slot = kUnknownSlot;
    Reply reply{};
    bool done = false;
    unsigned redirects = 0;
    Steady::time_point not_before{};
    std::optional<RedisAddress> ask{};  // this once: the node that takes over the slot
  };

  // `slot` of all of them, if the caller knows it.
  void start(std::vector<RedisCommand> commands);
  void start(const RedisCommand& command, const std::vector<int>& slots);

  Entry& operator[](std::uint32_t index) { return entries_[index]; }
  std::size_t size() const { return entries_.size(); }
  std::size_t open() const { return open_; }  // not done
  // The oldest one that is not done; there must be one.
  const Entry& first_open() const;

  void finish(std::uint32_t index, Reply reply);
  // To be sent again, from `not_before` on, in the order of the commands.
  void wait(std::uint32_t index, Steady::time_point not_before);
  // Offers those whose time has come, in order; `send` says whether it took one.
  template <class Send>
  void send_waiting(Steady::time_point now, Send send) {
    sort();
    std::size_t kept = 0;
    for (const std::uint32_t index : waiting_)
      if (entries_[index].not_before > now || !send(index, entries_[index]))
        waiting_[kept++] = index;
    waiting_.resize(kept);
  }
  // When the next one that must wait may be sent.
  std::optional<Steady::time_point> next_time(Steady::time_point now) const;

  std::vector<Reply> take();  // all, in order; nothing is left

 private:
  void sort();
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> waiting_;
  bool sorted_ = true;
  std::size_t open_ = 0;
};

}  // namespace oddsloom
