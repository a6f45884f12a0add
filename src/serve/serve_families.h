// What serving itself tells /metrics: the server, the feed's clients, the board's freshness and the
// store's work streams. docs/metrics.md lists the names. I/O thread.
#pragma once

#include <vector>

#include "serve/board_health.h"
#include "serve/feed_metrics.h"
#include "serve/metric_families.h"
#include "serve/serve_metrics.h"
#include "store/store.h"

namespace oddsloom {

void tell(MetricFamilies& families, const ServeMetrics& metrics);
void tell(MetricFamilies& families, const FeedServiceMetrics& metrics);
void tell(MetricFamilies& families, const std::vector<SourceHealth>& health);
// Summed over days: a label for each would say little more.
void tell(MetricFamilies& families, const std::vector<StreamStatistics>& streams);

}  // namespace oddsloom
