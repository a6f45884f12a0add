// The change log on Redis: a stream per bet type and source ({K}_changes), read as one sequence in
// the order of time. Made by lua/commit.lua, read by RedisReader. One thread.
//
// A cursor packs the place of one entry into 64 bits: milliseconds since 2026-01-01 (40 bits, until
// 2060), its number within the millisecond (17 bits), its stream's number (7 bits: bet types in
// their order, live before upcoming). Order holds over all streams, also on several servers,
// because an entry is only given out when no server can bring an earlier one any more: neither does
// its clock, nor lua/commit.lua, which gives no id at or below one it gave before, so that a clock
// that is set back hides and delays nothing. In a cluster, and wherever names carry hash tags, that
// is so of each stream alone: a node's clock that is set back there can hide changes from whoever
// has read on from other nodes.
#pragma once

#include <string_view>
#include <vector>

#include "store/redis_house.h"

namespace oddsloom {

// "1795000000000-3" of stream number 2, and back. An id before 2026 packs as 0.
std::uint64_t pack_position(std::string_view entry_id, unsigned stream);
// The id after which (exclusive) or from which (inclusive) a stream is to be read to get what is
// above the cursor:
// "(1795000000000-3" or "1795000000000-3".
std::string range_start(std::uint64_t cursor, unsigned stream);

class RedisChangeLog {
 public:
  RedisChangeLog(const RedisHouse& house, RedisClient& client);

  Result<std::vector<Change>> after(std::uint64_t cursor, std::size_t most);
  Result<LogSpan> span();
  // Walks the record's stream: as long as that is, so long it takes.
  Result<std::vector<Change>> history(const RecordId& id, std::size_t most);

 private:
  struct Read {
    std::vector<Change> changes;  // that are safe to give out, in order
    std::uint64_t held_back = 0;  // highest position that is not yet safe; 0 = none
  };
  Result<Read> read(std::uint64_t cursor, std::size_t most);
  Result<Change> read_change(ReplyView entry, unsigned stream) const;

  const RedisHouse& house_;
  RedisClient& client_;
  RedisCommand look(unsigned stream, std::string_view from, std::size_t most) const;
  // Up to where nothing can be appended to a stream any more, by what look() was answered.
  std::uint64_t settled(ReplyView answer) const;

  struct Stream {
    std::string changes, newest_change;  // keys
  };
  std::vector<Stream> streams_;  // by number
};

}  // namespace oddsloom
