// What one session remembers of the records it has stored, so that most commits need one round trip
// and no more words than necessary: under which document, with which content, until when, and which
// of the things that a sighting may not know are known. Bounded: the longer half of what was not
// used lately is forgotten. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "model/record.h"

namespace oddsloom {

// A bit for each member that keep_what_is_known() keeps, set where the record has it.
using KnownMembers = std::uint8_t;
KnownMembers known_members(const Record& record);

struct KnownRecord {
  std::string document;
  std::optional<ContentHash> content;  // nothing: somebody else wrote it
  KnownMembers members = 0xFF;
  bool life_known = false;              // the following, as last told to the server
  std::optional<UtcMillis> expires_at;  // nothing = never
  std::optional<UtcMillis> kick_off;
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
