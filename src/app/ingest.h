// Captured traffic into a store: lines or HAR in, complete records committed, unknown events put on
// the work streams, both sources side by side. Used by the command for files, standard input and
// its HTTP endpoint. One thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "discover/captured_reader.h"
#include "discover/intake.h"
#include "discover/traffic.h"

namespace oddsloom {

struct IngestReport {
  std::uint64_t answers = 0;   // lines, or entries of a HAR file
  std::uint64_t used = 0;      // of them, read by a rule of the folder
  std::uint64_t not_ours = 0;  // of no interest
  std::uint64_t events = 0;    // that lists told of
  std::uint64_t records = 0;   // given to the store
  std::uint64_t unknown = 0;   // events that have to be asked for
  std::uint64_t blocked = 0;   // challenges and refusals
  std::uint64_t bad = 0;       // lines that cannot be read, answers that are of no use
  struct Problem {
    std::uint64_t line = 0;  // from 1; of HAR 0
    std::string message;
  };
  std::vector<Problem> problems;  // the first ones
  void add(std::uint64_t line, std::string message);
  void add(const IngestReport& other);
};
std::string to_json(const IngestReport& report);
std::string to_text(const IngestReport& report);  // one line

class Ingest {
 public:
  // `store` outlives it. Throws BadStart (assemble.h).
  Ingest(const Bookmaker& bookmaker, const BetTypes& bet_types, Store& store, TrafficConfig config);

  // Errors of these: the store cannot be used, or the text is no HAR.
  Result<void> line(std::string_view text, std::uint64_t number, IngestReport& report);
  Result<void> har(std::string_view text, IngestReport& report);
  // Either, whichever it is.
  Result<IngestReport> text(std::string_view text);
  // Commits what is due; call it now and then. finish() waits for everything. Its errors: also
  // Unavailable, while work streams that are full do not take the events that have to be asked for.
  Result<void> turn();
  Result<void> finish();

  const IntakeMetrics& metrics() const { return metrics_; }

 private:
  struct Side {
    std::unique_ptr<WorkStreams> streams;
    std::unique_ptr<MatchBook> book;
    std::unique_ptr<Intake> intake;
  };
  Result<void> take(const Captured& seen, std::uint64_t line, IngestReport& report);

  const Bookmaker& bookmaker_;
  TrafficReader traffic_;
  IntakeMetrics metrics_;
  std::map<Source, Side> sides_;
};

}  // namespace oddsloom
