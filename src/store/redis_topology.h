// Which node of a cluster serves a key, and what a server's error answers ask the client to do. The
// parts of redis_nodes and redis_client that need no connection. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/redis_reply.h"
#include "store/redis_url.h"

namespace oddsloom {

inline constexpr int kHashSlots = 16384;

// CRC16 of the key, or of what stands between its first '{' and the next '}' if that is not empty.
int hash_slot(std::string_view key);

struct SlotTable {
  static constexpr std::uint16_t kNobody = 0xFFFF;

  std::vector<RedisAddress> primaries;
  std::vector<RedisAddress> replicas;               // may know the table when a primary is gone
  std::array<std::uint16_t, kHashSlots> of_slot{};  // index into primaries, or kNobody

  SlotTable() { of_slot.fill(kNobody); }
  const RedisAddress* primary_of(int slot) const;  // null if nobody serves it
  // The first slot that a primary serves: its name that survives a failover.
  std::optional<int> a_slot_of(std::size_t primary) const;
  void assign(int slot, const RedisAddress& address);  // what a MOVED says
};

// A CLUSTER SLOTS answer; an address without a host is that of the node `asked`.
// Errors: Malformed.
Result<SlotTable> parse_slots(ReplyView answer, const RedisAddress& asked);

struct Redirect {
  int slot = 0;
  RedisAddress address;
};
// "MOVED 3999 127.0.0.1:6381" and "ASK 3999 ..", from the node `asked`; nothing if it is not one.
std::optional<Redirect> parse_redirect(std::string_view error, const RedisAddress& asked);

// A sentinel's answer to GET-MASTER-ADDR-BY-NAME; nothing if it does not know the name.
std::optional<RedisAddress> parse_sentinel_answer(ReplyView answer);

enum class ErrorClass {
  Own,          // of the command itself: its reply
  LoadScript,   // NOSCRIPT
  Later,        // the same again to the same server after a pause: LOADING, BUSY, OOM, TRYAGAIN ..
  FindPrimary,  // READONLY, MASTERDOWN: this is not the primary (any more)
  Moved,
  Ask,
  ClusterDown,  // Later, with a new look at the slots
  Refused,      // NOAUTH, WRONGPASS, DENIED: not without another user or password
};
ErrorClass classify_error(std::string_view error);

// For messages: what a passing error means; the server's own words where they say it well enough.
std::string_view explain_error(std::string_view error);

}  // namespace oddsloom
