// What the feed counts, for an exporter and for tests. Written by the I/O thread; any thread may
// read.
#pragma once

#include "base/metrics.h"

namespace oddsloom {

struct FeedServiceMetrics {
  Gauge clients;
  Gauge furthest_behind;  // frames that the slowest client has yet to take
  Counter changes;        // of the change log, told
  Counter snapshots, resumed_from_memory, resumed_from_log, resets;  // how clients began
  Counter conflated;  // times that a client began to be told newest states only
  Counter let_go;     // clients that were too slow
};

}  // namespace oddsloom
