#include "store/redis_known_records.h"

namespace oddsloom {

KnownMembers known_members(const Record& record) {
  unsigned bits = 0, bit = 1;
  for (const std::string* text : {&record.home, &record.away, &record.competition, &record.sport_id,
                                  &record.betradar_id, &record.target_date, &record.market_id}) {
    if (!text->empty()) bits |= bit;
    bit <<= 1U;
  }
  if (record.start_time) bits |= bit;
  return static_cast<KnownMembers>(bits);
}

const KnownRecord* RedisKnownRecords::find(const std::string& lookup) {
  const ContentHash key = content_hash(lookup);
  if (const auto at = young_.find(key); at != young_.end()) return &at->second;
  const auto at = old_.find(key);
  if (at == old_.end()) return nullptr;
  KnownRecord record = std::move(at->second);
  old_.erase(at);
  return &(young_[key] = std::move(record));
}

void RedisKnownRecords::remember(const std::string& lookup, KnownRecord record) {
  if (young_.size() >= most_ / 2) {
    old_ = std::move(young_);
    young_.clear();
  }
  const ContentHash key = content_hash(lookup);
  old_.erase(key);
  young_[key] = std::move(record);
}

void RedisKnownRecords::forget(const std::string& lookup) {
  const ContentHash key = content_hash(lookup);
  young_.erase(key);
  old_.erase(key);
}

}  // namespace oddsloom
