// What the parts of a process tell /metrics: workers, pollers, listeners and the host budget of a
// bookmaker that is served here. docs/metrics.md lists the names. I/O thread; the counters are any
// thread's.
#pragma once

#include "app/serving.h"
#include "serve/metric_families.h"

namespace oddsloom {

void tell(MetricFamilies& families, const Serving& serving, UtcMillis now);

}  // namespace oddsloom
