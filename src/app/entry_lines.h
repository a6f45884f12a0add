// Work entries as JSON lines, as `push` and `map --entries` read them. One thread.
#pragma once

#include <functional>
#include <istream>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/work_entry.h"

namespace oddsloom {

struct EntryLines {
  std::size_t entries = 0;
  std::size_t bad = 0;
};

// Hands over the good entries in chunks of at most `chunk` and reports the others with their line
// number: report("entries.jsonl:3: event_id: ..."). Blank lines are skipped. Errors: take's.
Result<EntryLines> read_entry_lines(std::istream& in, const std::string& name, std::size_t chunk,
                                    const std::function<Result<void>(std::vector<WorkEntry>)>& take,
                                    const std::function<void(const std::string&)>& report);

}  // namespace oddsloom
