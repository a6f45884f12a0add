// The search index that other programs read the documents with (FT.*), by the seed's names: one per
// bet type and source, with BookieDelta_eventID NUMERIC, and BookieDelta_eventKey TAG for ids that
// are no small integer, for each bookmaker. Only where the server has the commands. Thread rule:
// that of the client handed in.
#pragma once

#include <optional>
#include <string>

#include "store/redis_house.h"

namespace oddsloom {

// Makes what is missing, adds fields for bookmakers that came later, and waits until the server has
// built it. Errors: the server's; Timeout when it is still being built after `deadline`.
Result<void> ensure_search_indexes(const RedisHouse& house, RedisClient& client, Millis deadline);

// Documents that may hold an event of a bookmaker, with its branch.
RedisCommand search_for_event(const std::string& index, const std::string& bookmaker,
                              const std::string& event_id);
// Whether that asks for the number alone: beyond 15 digits different ids look alike in an index.
bool is_small_integer(const std::string& event_id);
// The key of the first document of the answer that does, if there is one: that very id, the whole
// match, no line. Errors: the server's.
Result<std::optional<std::string>> first_found(ReplyView reply, std::string_view event_id);
// Whether it is an error that says so; servers word it differently ("Unknown index name", "no such
// index").
bool says_no_index(ReplyView reply);

// What FT.INFO says of one index.
struct IndexState {
  bool exists = false;
  bool building = false;
  std::int64_t documents = 0;
  std::int64_t failures = 0;  // documents left out because a field had the wrong type
  std::string last_error;     // why, of the last one; "" = the server does not say
  std::vector<std::string> fields;
  std::vector<std::string> prefixes;
};
Result<IndexState> index_state(RedisClient& client, const std::string& index);
IndexState read_index_state(ReplyView reply);
// How keys begin that an index must cover.
std::vector<std::string> indexed_prefixes(const RedisHouse& house, const BetType& type,
                                          Source source);

}  // namespace oddsloom
