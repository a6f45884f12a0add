// What a worker tells operators: counters, and sampled log lines for what goes wrong. One worker's
// own, over the metrics all workers share.
#pragma once

#include <array>

#include "base/log.h"
#include "extract/event_queue.h"
#include "extract/metrics.h"

namespace oddsloom {

class Report {
 public:
  explicit Report(ExtractMetrics& metrics) : metrics_(metrics) {}

  void fetch_failed(const Failure& failure, const std::vector<EventWork>& events, UtcMillis now);
  void mapping_problems(const Mapping& mapping, const std::string& place, UtcMillis now);
  void claim_failed(const Error& error, UtcMillis now);
  void committed(const CommitReport& report, std::size_t acknowledged, std::size_t settled);

 private:
  ExtractMetrics& metrics_;
  std::array<log::Sampler, kFailureKinds> fetch_trouble_;
  log::Sampler mapping_trouble_;
  log::Sampler claim_trouble_;
};

}  // namespace oddsloom
