// What all sessions of one Redis store have in common: where it is, how it is laid out, and the
// names of its keys. Made once by RedisStore::open, immutable from then on; any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/redis_client.h"
#include "store/redis_scripts.h"
#include "store/store.h"

namespace oddsloom {

// Keys of one bet type and source; all in one slot where names carry hash tags.
struct MarketKeys {
  std::string announcements;  // stream, the seed's: {K}_stream
  std::string changes;        // stream: {K}_changes
  std::string newest_change;  // string: the newest id of all changes; with hash tags of these
  std::string documents;      // sorted set: document key by kick-off (ms, +inf = not known)
  std::string expiry;  // sorted set: "document key\nlookup key" by when the record expires (ms)
};

// Keys of one work stream, always in one slot.
struct StreamKeys {
  std::string entries;  // stream, the seed's
  std::string group;    // its consumer group, the seed's
  std::string due;  // sorted set: claimed and delayed entries by when they may be taken again (ms)
  std::string tries;   // hash: failed attempts of an entry
  std::string seen;    // sorted set: our consumers by their last sign of life (ms)
  std::string dead;    // stream: dead letters
  std::string parked;  // the consumer under whose name delayed entries wait

  // As the scripts of work streams take them.
  void add_to(RedisCommand& command) const;
};

// Keys of the links, always in one slot.
struct LinkKeys {
  std::string links;      // hash: event ("BookieDelta live 9124285") -> link, as JSON
  std::string undone;     // hash: event -> when its link was undone (ms)
  std::string revisions;  // sorted set: event by its last change; also of forgotten ones
};

struct RedisHouse {
  RedisTarget target;
  StoreOptions options;
  RedisFlavour flavour = RedisFlavour::Hash;
  bool search = false;  // the server has FT.*

  MarketKeys market_keys(const BetType& type, Source source) const;
  StreamKeys stream_keys(const StreamId& stream) const;
  std::string layout_key() const { return options.naming.prefix + "_layout"; }
  LinkKeys link_keys() const;  // "lst_links", "lst_links_undone", "lst_links_revisions"
  // Set: the work streams that were ever used, as "bookmaker bet_type source period".
  static std::string streams_key() { return "oddsloom_work_streams"; }

  // When a record's time is over; nothing = never.
  std::optional<UtcMillis> expires_at(const Record& record) const;

  Result<std::unique_ptr<RedisClient>> connect() const;
};

// How long one call may take while the server is away: short, because callers come back by
// themselves and must be able to stop.
inline constexpr Millis kRedisAnswer{2'000};

// "1795000000000-0": what Redis calls an entry's id.
bool is_entry_id(std::string_view text);
UtcMillis time_of_entry_id(std::string_view id);

// An Error where the reply is one.
Result<void> no_error(ReplyView reply, std::string_view what);

}  // namespace oddsloom
