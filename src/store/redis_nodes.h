// The servers a client talks to, and which of them serves what: the one server of the URL, the
// primary that Sentinel names, or a cluster's primaries by hash slot. Keeps their links connected
// and the picture up to date. Between redis_engine, which sends commands, and redis_link. One
// thread at a time.
#pragma once

#include <poll.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "store/redis_link.h"
#include "store/redis_sentinels.h"
#include "store/redis_topology.h"

namespace oddsloom {

class RedisNodes {
 public:
  using Steady = RedisLink::Steady;
  static constexpr int kAnySlot = -1;

  // Errors: Invalid (certificate files).
  static Result<std::unique_ptr<RedisNodes>> create(const RedisTarget& target,
                                                    std::vector<const RedisScript*> scripts);

  // The first connect gives up at the first failure; afterwards servers may come and go.
  void set_patient(bool patient) { patient_ = patient; }
  bool is_cluster() const { return cluster_; }
  void turn_to_cluster();
  // In a cluster a slot of each primary, once the slots are known; else one kAnySlot.
  std::vector<int> slot_of_each_primary() const;

  // The link for a slot, connected or soon to be; null while nobody is known to serve it.
  RedisLink* route(int slot);
  RedisLink& at(const RedisAddress& address);
  // What error answers say about the picture. suspect(): this is no primary (any more); closes the
  // link.
  void moved(const Redirect& redirect);
  void look_again() { look_wanted_ = true; }
  void suspect(RedisLink& link, std::string_view why, Steady::time_point now);

  void tend(Steady::time_point now);
  void flush();
  // Waits until something can be read or written, `most` at most, and reads it.
  void poll(Millis most, std::vector<RedisLink::Answer>& answers);
  std::optional<Steady::time_point> next_time() const;
  // Of Use::Topology.
  void take_topology(const RedisLink::Answer& answer, Steady::time_point now);

  // Commands that were sent on connections which are lost; emptied by the caller.
  std::vector<std::uint32_t>& unanswered() { return unanswered_; }
  // Closes the links that still owe answers to commands.
  void abandon_commands(Steady::time_point now);
  // No use to go on; forgotten by that.
  std::optional<Error> take_final() { return std::exchange(final_, std::nullopt); }
  bool has_final() const { return final_.has_value(); }
  // The last thing that went wrong on a connection, in one line with the address; forgotten on
  // demand.
  const std::string& trouble() const { return trouble_; }
  void forget_trouble() { trouble_.clear(); }
  // Whom it is still trying to reach; "" = everybody wanted is connected.
  std::string unreached() const;
  std::string text() const { return target_.text(); }

 private:
  RedisNodes(const RedisTarget& target, std::unique_ptr<RedisTls> tls,
             std::vector<const RedisScript*> scripts);
  void collect(Steady::time_point now);
  void note_loss(RedisLink& link, RedisLink::Loss loss, Steady::time_point now);
  void note_ready(RedisLink& link);
  void tend_sentinels(Steady::time_point now);
  void tend_slots(Steady::time_point now);
  void follow(const RedisAddress& primary);
  void adopt(SlotTable table);
  void prune();

  const RedisTarget target_;
  const std::unique_ptr<RedisTls> tls_;
  RedisIntroduction introduction_;
  std::optional<RedisSentinels> sentinels_;
  std::vector<std::unique_ptr<RedisLink>> links_;
  bool prune_wanted_ = false;     // later: answers that are being handled name their links
  std::vector<RedisLink*> down_;  // were ready and are not: to be reported when they are again
  std::vector<std::uint32_t> unanswered_;
  std::vector<pollfd> polled_;
  std::vector<RedisLink*> polled_links_;

  RedisLink* primary_ = nullptr;  // outside a cluster; null = Sentinel must be asked
  std::optional<RedisAddress> known_primary_;

  bool cluster_ = false;
  std::optional<SlotTable> table_;
  std::vector<RedisLink*> link_of_;  // table_'s primaries, null = not needed yet
  RedisLink* any_ = nullptr;    // for commands without a key; the same one as long as it is ready
  RedisLink* asked_ = nullptr;  // for the slots
  std::size_t candidate_ = 0;   // whom to ask next
  bool look_wanted_ = false;
  Steady::time_point look_at_{};

  bool patient_ = false;
  std::optional<Error> final_;
  std::string trouble_;
  log::Sampler disconnected_, reconnected_, failover_;
};

}  // namespace oddsloom
