// What a worker wants stored, gathered until it is worth a commit: full, or waiting for `linger`.
// Not thread-safe: one worker's own.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include "extract/answer_memory.h"
#include "store/store.h"

namespace oddsloom {

// Which remembered answers a batch's content comes from.
struct BatchOrigins {
  std::vector<AnswerPart> records;     // as CommitBatch::records
  std::vector<ContentHash> sightings;  // as CommitBatch::sightings
};

class Batch {
 public:
  Batch(std::size_t full_at, Millis linger) : full_at_(full_at), linger_(linger) {}

  // `since`: from when on the linger counts for it.
  void add(Record record, UtcMillis since, const AnswerPart& origin = {});
  void add(Sighting sighting, UtcMillis since, const ContentHash& origin);
  void add(LinesOffered lines, UtcMillis since);
  void acknowledge(EntryRef entry, UtcMillis since);
  void delay(Delay delay, UtcMillis since);
  void bury(Burial burial, UtcMillis since);

  bool empty() const { return content_.empty(); }
  bool full() const {
    return settled() >= full_at_ ||
           content_.records.size() + content_.sightings.size() >= 4 * full_at_;
  }
  bool due(UtcMillis now) const { return full() || (!empty() && now >= *since_ + linger_); }
  // How long until it is due; nothing when it is empty.
  std::optional<Millis> due_in(UtcMillis now) const;
  // Entries whose fate is in it.
  std::size_t settled() const {
    return content_.acknowledge.size() + content_.delays.size() + content_.burials.size();
  }
  BatchOrigins take_origins() { return std::exchange(origins_, {}); }  // before take()
  CommitBatch take();

 private:
  void touch(UtcMillis since);
  std::size_t full_at_;
  Millis linger_;
  CommitBatch content_;
  BatchOrigins origins_;
  std::optional<UtcMillis> since_;
};

}  // namespace oddsloom
