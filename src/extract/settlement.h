// What an answer, or the lack of one, means for the entries that asked for it: records and
// acknowledgements, a later attempt, or the dead-letter stream, all into the worker's batch. Not
// thread-safe: one worker's own.
#pragma once

#include <random>

#include "extract/answer_memory.h"
#include "extract/batch.h"
#include "extract/event_queue.h"
#include "extract/failure.h"
#include "extract/worker.h"

namespace oddsloom {

class Settlement {
 public:
  // All outlive it.
  Settlement(const WorkerParts& parts, const WorkerConfig& config, Source source, Batch& batch,
             const AnswerMemory& memory);

  // A good answer to a request for these events, sent at `asked_at`; the name by which the
  // memory knows it. The events are those of the Fetch, in its order.
  void answered(std::vector<EventWork> events, Mapping mapping, const ContentHash& answer,
                UtcMillis asked_at, UtcMillis now);
  // The same answer as last time, which said this.
  void answered_again(const std::vector<EventWork>& events, const std::vector<SaidBefore>& said,
                      const ContentHash& answer, UtcMillis asked_at, UtcMillis now);
  // No answer, or none that is of use. Not for Remedy::Split, which is the worker's.
  void failed(std::vector<EventWork> events, const Failure& failure, UtcMillis now);
  // Never got as far as a request: goes back as it was, to be claimed again at once.
  void returned(const EventWork& event, UtcMillis now);
  // Cannot be looked at now, and it is not its fault: as returned(), but not before `until`.
  void put_off(const Entry& entry, UtcMillis until, UtcMillis now);
  // Not worth a request at all.
  void unusable(const Entry& entry, const std::string& reason, UtcMillis now);

 private:
  Sighting sighting(const EventWork& event, const std::string& bet_type, const SaidBefore& said,
                    UtcMillis asked_at) const;
  // Of a bet type with lines: what is stored of others is withdrawn.
  void keep_lines(const EventWork& event, const std::string& bet_type, std::vector<Line> lines,
                  UtcMillis observed_at, UtcMillis since);
  void withdraw(const EventWork& event, const std::string& bet_type, UtcMillis observed_at,
                UtcMillis since);
  void acknowledge(const EventWork& event, const std::string& bet_type, UtcMillis since);
  void retry(const EventWork& event, const HeldEntry& entry, const Failure& failure,
             int most_attempts, UtcMillis now);
  void missing(const EventWork& event, UtcMillis observed_at, UtcMillis now);

  bool has_lines(const std::string& bet_type) const;

  const Bookmaker& bookmaker_;
  const BetTypes& bet_types_;
  const WorkerConfig& config_;
  const Source source_;
  ExtractMetrics& metrics_;
  Batch& batch_;
  const AnswerMemory& memory_;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace oddsloom
