// What one session remembers of the records it has stored, so that most commits need one round trip
// and no more words than necessary: under which document, with which content, until when, and which
// of the things that a sighting may not know are known. Bounded: the longer half of what was not
// used lately is forgotten. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "model/record.h"

namespace oddsloom {

// A bit for each member that keep_what_is_known() keeps, set where the record has it. Their order
// is that of `unsaid` in lua/commit.lua.
using KnownMembers = std::uint8_t;
inline constexpr KnownMembers kAllMembers = 0xFF;
KnownMembers known_members(const Record& record);

// One of up to 200,000 that a worker remembers, so none of it is larger than need be.
struct KnownRecord {
  static constexpr UtcMillis kNone{INT64_MIN};

  // ":" and what Naming::creation() finds in the document's key, which needs no memory of its own;
  // or the whole key.
  std::string document;
  ContentHash content;          // zero: somebody else wrote it
  UtcMillis expires_at{kNone};  // as last told to the server; none = never
  UtcMillis kick_off{kNone};    // likewise
  bool life_known = false;      // whether it was told these two
  KnownMembers members = kAllMembers;
};

class RedisKnownRecords {
 public:
  explicit RedisKnownRecords(std::size_t most = 200'000) : most_(most) {}

  // By the hash of their lookup key.
  KnownRecord* find(const ContentHash& lookup);
  KnownRecord& remember(const ContentHash& lookup, KnownRecord record);
  void forget(const ContentHash& lookup);

 private:
  struct Hash {
    std::size_t operator()(const ContentHash& hash) const { return hash.low; }
  };
  using Generation = std::unordered_map<ContentHash, KnownRecord, Hash>;

  std::size_t most_;
  Generation young_, old_;  // what is found in the old one moves to the young one
};

}  // namespace oddsloom
