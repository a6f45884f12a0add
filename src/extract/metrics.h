// What a process's workers count; one object for all of them. Any thread (base/metrics.h).
#pragma once

#include <array>

#include "base/metrics.h"
#include "extract/failure.h"

namespace oddsloom {

struct ExtractMetrics {
  Counter claimed;            // entries taken off work streams
  Counter entries_done;       // acknowledged after a commit
  Counter entries_delayed;    // put back for a later attempt
  Counter entries_buried;     // to the dead-letter stream
  Counter requests;           // HTTP requests sent
  Counter events_fetched;     // events those requests asked for
  Counter bytes_received;     // bodies, as on the wire
  Counter answers_unchanged;  // byte for byte the last one: mapping skipped
  Counter answers_mapped;
  Counter records_created;
  Counter records_merged;
  Counter records_same;
  Counter records_stale;
  Counter sightings_refused;  // of unchanged answers: the store keeps something else by now
  Counter markets_not_offered;
  Counter mapping_problems;  // single outcomes that could not be read
  Counter commits;
  Counter commit_failures;
  std::array<Counter, kFailureKinds> failures;  // of fetches, by kind
  Gauge in_flight;                              // transfers
  Gauge held;                                   // entries claimed and not yet settled

  Counter& failed(FailureKind kind) { return failures[static_cast<std::size_t>(kind)]; }
  const Counter& failed(FailureKind kind) const { return failures[static_cast<std::size_t>(kind)]; }
};

}  // namespace oddsloom
