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

KnownRecord* RedisKnownRecords::find(const ContentHash& lookup) {
  if (const auto at = young_.find(lookup); at != young_.end()) return &at->second;
  const auto at = old_.find(lookup);
  if (at == old_.end()) return nullptr;
  KnownRecord record = std::move(at->second);
  old_.erase(at);
  return &remember(lookup, std::move(record));
}

KnownRecord& RedisKnownRecords::remember(const ContentHash& lookup, KnownRecord record) {
  if (young_.size() >= most_ / 2 && !young_.contains(lookup)) {
    old_ = std::move(young_);
    young_.clear();
  }
  if (!old_.empty()) old_.erase(lookup);
  return young_[lookup] = std::move(record);
}

void RedisKnownRecords::forget(const ContentHash& lookup) {
  young_.erase(lookup);
  old_.erase(lookup);
}

}  // namespace oddsloom
