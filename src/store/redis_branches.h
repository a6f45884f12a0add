// Whose events a document of a Redis store holds, read as leniently as can be: what other programs
// wrote by the seed's members (eventId_gameId), and what this program would not take for a record.
// Used by redis_doctor. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "store/redis_key_names.h"

namespace oddsloom {

struct RedisBranch {
  std::string bookmaker;
  RecordId id;  // bet type and source as the document's name says; event id "" = it names none
  bool foreign = false;   // another program wrote it, and this one did not add to it
  bool findable = false;  // search_for_event() finds it, where its document is indexed
  std::string trouble;    // why this program cannot read it; "" = it can, or need not
  std::optional<UtcMillis> kick_off;
};

struct RedisBranches {
  bool exists = false;
  std::string trouble;  // why the document as a whole cannot be read
  std::vector<RedisBranch> branches;
};

// The command whose answer read_branches() takes.
RedisCommand branches_command(RedisFlavour flavour, const std::string& key);
RedisBranches read_branches(RedisFlavour flavour, const RedisMarket& market, ReplyView reply);

// Whether `document` holds a branch of `bookmaker`: the command, and what its answer means.
RedisCommand branch_command(RedisFlavour flavour, std::string_view document,
                            std::string_view bookmaker);
bool has_branch(RedisFlavour flavour, ReplyView reply);

// Which document a lookup names: a command whose answer is its key, or nil.
RedisCommand lead_command(RedisFlavour flavour, const std::string& lookup);

// What a person types to remove it: the document, if it holds no other.
std::string removal_of(RedisFlavour flavour, const std::string& document,
                       const std::string& bookmaker, bool only_one);

}  // namespace oddsloom
