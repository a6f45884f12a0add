// The entries a worker holds: claimed, and neither settled by a commit nor given back. Their number
// bounds the worker's memory; their age says which of them must be kept from looking abandoned. One
// worker's own.
#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include "store/store.h"

namespace oddsloom {

class Claims {
 public:
  void add(const EntryRef& entry, UtcMillis now) { held_.insert_or_assign(entry, now); }
  void settled(const std::vector<EntryRef>& entries) {
    for (const EntryRef& entry : entries) held_.erase(entry);
  }
  std::size_t size() const { return held_.size(); }
  bool empty() const { return held_.empty(); }

  // Those held for at least `age`; they count from `now` on again.
  std::vector<EntryRef> renew(UtcMillis now, Millis age) {
    std::vector<EntryRef> old;
    for (auto& [entry, since] : held_)
      if (now - since >= age) {
        old.push_back(entry);
        since = now;
      }
    return old;
  }

 private:
  struct Hash {
    std::size_t operator()(const EntryRef& entry) const {
      const std::hash<std::string_view> hash;
      return hash(entry.id) ^ hash(entry.stream.bet_type) << 1U;
    }
  };
  std::unordered_map<EntryRef, UtcMillis, Hash> held_;
};

}  // namespace oddsloom
