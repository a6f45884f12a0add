// The price history of one market of a match, all bookmakers': what is asked, which records it is
// about, and the JSON of what the change log holds of them. Pure but for the subscriber that waits
// for the log; I/O thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "serve/board.h"
#include "serve/catalog.h"
#include "serve/http.h"
#include "store/store.h"

namespace oddsloom {

struct HistoryQuestion {
  std::string match_id, bet_type, segment;
  std::optional<Line> line;
};
// Errors: Missing, Malformed, with the parameter's name.
Result<HistoryQuestion> read_history_question(const WebRequest& request);

// The match's records of that market; at most kMostListings.
inline constexpr std::size_t kMostListings = 64;
std::vector<RecordId> records_asked(const HistoryQuestion& question, const BoardMatch& match);

// The changes of one record that are still in the log, oldest first.
struct RecordHistory {
  RecordId id;
  std::vector<Change> changes;
  bool whole = false;  // nothing was trimmed from the log: the first is the record's first
};
// Reads on another thread and hands over on the I/O thread; must not wait. At most `most` changes
// of each.
using ReadHistory =
    std::function<void(std::vector<RecordId> records, std::size_t most,
                       std::function<void(Result<std::vector<RecordHistory>>)> done)>;
// For whoever reads: the newest `most` changes of each record.
Result<std::vector<RecordHistory>> read_histories(Reader& reader,
                                                  const std::vector<RecordId>& records,
                                                  std::size_t most);

std::string history_json(const std::vector<RecordHistory>& histories, const Catalog& catalog);

// One event, "answer" or "refusal", as soon as the log has been read; then the connection ends.
std::unique_ptr<Subscriber> answer_history(const ReadHistory& read, std::vector<RecordId> records,
                                           const Catalog& catalog, std::function<void()> wake);

}  // namespace oddsloom
