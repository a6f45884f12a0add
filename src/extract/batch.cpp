#include "extract/batch.h"

#include <algorithm>

namespace oddsloom {

void Batch::touch(UtcMillis since) {
  if (!since_) {
    content_.records.reserve(full_at_);
    content_.acknowledge.reserve(full_at_);
    origins_.records.reserve(full_at_);
  }
  since_ = std::min(since, since_.value_or(since));
}

void Batch::add(Record record, UtcMillis since, const AnswerPart& origin) {
  touch(since);
  content_.records.push_back(std::move(record));
  origins_.records.push_back(origin);
}

void Batch::add(Sighting sighting, UtcMillis since, const ContentHash& origin) {
  touch(since);
  content_.sightings.push_back(std::move(sighting));
  origins_.sightings.push_back(origin);
}

void Batch::add(LinesOffered lines, UtcMillis since) {
  touch(since);
  content_.lines.push_back(std::move(lines));
}

void Batch::acknowledge(EntryRef entry, UtcMillis since) {
  touch(since);
  content_.acknowledge.push_back(std::move(entry));
}

void Batch::delay(Delay delay, UtcMillis since) {
  touch(since);
  content_.delays.push_back(std::move(delay));
}

void Batch::bury(Burial burial, UtcMillis since) {
  touch(since);
  content_.burials.push_back(std::move(burial));
}

std::optional<Millis> Batch::due_in(UtcMillis now) const {
  if (empty()) return std::nullopt;
  return full() ? Millis(0) : std::max(Millis(0), *since_ + linger_ - now);
}

CommitBatch Batch::take() {
  since_.reset();
  origins_ = {};
  return std::exchange(content_, {});
}

}  // namespace oddsloom
