#include "extract/report.h"

namespace oddsloom {

using log::kv;

void Report::fetch_failed(const Failure& failure, const std::vector<EventWork>& events,
                          UtcMillis now) {
  metrics_.failed(failure.kind).add();
  if (const auto seen = fetch_trouble_[static_cast<std::size_t>(failure.kind)].pass(now))
    log::warn(
        "fetch_failed",
        {kv("kind", to_string(failure.kind)), kv("seen", *seen), kv("events", events.size()),
         kv("first_event", events.front().wanted.work.event_id), kv("message", failure.message)});
}

void Report::mapping_problems(const Mapping& mapping, const std::string& place, UtcMillis now) {
  if (mapping.problems.empty()) return;
  metrics_.mapping_problems.add(mapping.problems.size());
  if (const auto seen = mapping_trouble_.pass(now))
    log::warn("mapping_problem",
              {kv("place", place), kv("answers", *seen), kv("problems", mapping.problems.size()),
               kv("first", mapping.problems.front())});
}

void Report::claim_failed(const Error& error, UtcMillis now) {
  if (const auto seen = claim_trouble_.pass(now))
    log::warn("claim_failed", {kv("seen", *seen), kv("error", error.text())});
}

void Report::committed(const CommitReport& report, std::size_t acknowledged, std::size_t settled) {
  if (!report.result) {
    metrics_.commit_failures.add();
    log::error("commit_failed",
               {kv("entries", settled), kv("error", report.result.error().text())});
    return;
  }
  metrics_.commits.add();
  metrics_.entries_done.add(acknowledged - report.put_back);
  for (const Committed committed : report.sightings) {
    if (committed == Committed::Same) metrics_.records_same.add();
    if (committed == Committed::Stale) metrics_.records_stale.add();
    if (committed == Committed::Absent) metrics_.sightings_refused.add();
  }
  for (const Committed committed : report.records) switch (committed) {
      case Committed::Created:
        metrics_.records_created.add();
        break;
      case Committed::Merged:
        metrics_.records_merged.add();
        break;
      case Committed::Same:
        metrics_.records_same.add();
        break;
      case Committed::Stale:
        metrics_.records_stale.add();
        break;
      case Committed::Absent:
        break;
    }
}

}  // namespace oddsloom
